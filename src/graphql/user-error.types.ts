import { createUnionType, Field, Int, InterfaceType, ObjectType, type ClassType } from 'type-graphql';
import { DomainError, type ErrorCode } from '../domain/errors.js';
import { ErrorCodeEnum } from './enums.js';
import type { Typed } from './node.types.js';

@InterfaceType({
  description:
    'A failure that the caller can act on. Every mutation result is a union of one payload and these.',
  resolveType: (value: Typed) => value.__typename,
})
export abstract class UserError {
  @Field(() => ErrorCodeEnum)
  code!: ErrorCode;
  @Field(() => String, { description: 'What was wanted and what came.' })
  message!: string;
  @Field(() => [String], { nullable: true, description: "Where in the arguments, e.g. ['input', 'count']." })
  path!: readonly string[] | null;
  @Field(() => Boolean)
  retryable!: boolean;
}

@ObjectType({ implements: UserError })
export class InvalidInput extends UserError {
  @Field(() => String, { nullable: true, description: 'What was wanted, e.g. 1..8.' })
  constraint!: string | null;
}

@ObjectType({ implements: UserError, description: 'Refused by the content rules.' })
export class Refused extends UserError {}

@ObjectType({ implements: UserError })
export class LimitReached extends UserError {}

@ObjectType({ implements: UserError, description: 'The state or the idempotency key says otherwise.' })
export class Conflict extends UserError {
  @Field(() => Int, {
    nullable: true,
    description: 'The version to name instead, where a change named an older one or none.',
  })
  currentVersion!: number | null;
}

type FailureType = typeof InvalidInput | typeof Refused | typeof LimitReached | typeof Conflict;
const FAILURE_TYPES: Readonly<Record<ErrorCode, FailureType | null>> = {
  INVALID_INPUT: InvalidInput,
  NOT_FOUND: InvalidInput,
  FORBIDDEN: InvalidInput,
  CONFLICT: Conflict,
  IDEMPOTENCY_KEY_REUSED: Conflict,
  STALE_VERSION: Conflict,
  QUOTA_EXCEEDED: LimitReached,
  RATE_LIMITED: LimitReached,
  CONTENT_REFUSED: Refused,
  PROVIDER_UNAVAILABLE: null,
  DEADLINE_EXCEEDED: null,
};

export type Failure = Typed &
  Pick<InvalidInput, 'code' | 'message' | 'path' | 'retryable' | 'constraint'> &
  Pick<Conflict, 'currentVersion'>;

export function failureOf(error: DomainError): Failure {
  const { code, message, path, retryable, constraint, currentVersion } = error;
  return {
    __typename: (FAILURE_TYPES[code] ?? InvalidInput).name,
    code,
    message,
    path,
    retryable,
    constraint,
    currentVersion,
  };
}

/**
 * The result of a mutation: its payload or one of the failures listed. `settle` runs the step and turns a
 * DomainError into the member that stands for it; a failure that is no member stays an error with a code.
 */
export function resultUnion<P extends object>(
  name: string,
  payload: ClassType<P>,
  failures: readonly FailureType[],
): { readonly type: P; settle(work: () => Promise<unknown>): Promise<P> } {
  const type = createUnionType({
    name,
    types: () => [payload, ...failures] as const,
    resolveType: (value) => (value as unknown as Typed).__typename,
  });
  const settle = async (work: () => Promise<unknown>): Promise<unknown> => {
    try {
      return { ...((await work()) as object), __typename: payload.name };
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      const member = FAILURE_TYPES[error.code];
      if (member === null || !failures.includes(member)) throw error;
      return failureOf(error);
    }
  };
  return { type: type as P, settle: settle as (work: () => Promise<unknown>) => Promise<P> };
}

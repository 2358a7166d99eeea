import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import type { ReferenceRole } from '../domain/imaging/picture-kind.js';
import { ReferenceRoleEnum } from './enums.js';
import { Node } from './node.types.js';
import { DateTime, IdempotencyKey } from './scalars.js';
import { Conflict, InvalidInput, LimitReached, resultUnion } from './user-error.types.js';

@ObjectType({
  implements: Node,
  description:
    'A picture that the viewer gave to be drawn from. Seen and used by nobody else, deletable at any time.',
})
export class ReferencePicture extends Node {
  @Field(() => ReferenceRoleEnum)
  role!: ReferenceRole;
  @Field(() => String, { description: 'What the viewer agreed to, as it was shown.' })
  consentText!: string;
  @Field(() => DateTime)
  consentedAt!: Date;
  @Field(() => DateTime, { nullable: true, description: 'Null until the bytes have come.' })
  storedAt!: Date | null;
  @Field(() => Int, { nullable: true })
  width!: number | null;
  @Field(() => Int, { nullable: true })
  height!: number | null;
  @Field(() => Boolean, { nullable: true, description: 'Whether the file said that a model had made it.' })
  aiMarked!: boolean | null;
}

@InputType()
export class CreateUploadInput {
  @Field(() => IdempotencyKey)
  idempotencyKey!: string;
  @Field(() => ReferenceRoleEnum)
  role!: ReferenceRole;
  @Field(() => String, {
    description:
      'The sentence by which the person agreed that the picture is stored and sent to a provider, as shown.',
  })
  consentText!: string;
  @Field(() => Boolean, { description: 'Must be true: without consent nothing is stored or sent.' })
  agreed!: boolean;
}

@ObjectType()
export class CreateUploadPayload {
  @Field(() => ReferencePicture)
  reference!: ReferencePicture;
  @Field(() => String, {
    description:
      'Send the file here by PUT: PNG, JPEG, WebP or AVIF, at most 20 MB and 20 megapixels. Good for ten minutes.',
  })
  uploadUrl!: string;
  @Field(() => DateTime)
  expiresAt!: Date;
  @Field(() => Boolean)
  replayed!: boolean;
}
export const CreateUploadResult = resultUnion('CreateUploadResult', CreateUploadPayload, [
  InvalidInput,
  LimitReached,
  Conflict,
]);

@ObjectType()
export class DeleteReferencePayload {
  @Field(() => ID)
  deletedId!: string;
  @Field(() => Boolean)
  replayed!: boolean;
}
export const DeleteReferenceResult = resultUnion('DeleteReferenceResult', DeleteReferencePayload, [
  InvalidInput,
  Conflict,
]);

@InputType({ description: 'A stored reference picture, for what it was given as.' })
export class ReferenceInput {
  @Field(() => ID)
  id!: string;
  @Field(() => ReferenceRoleEnum)
  role!: ReferenceRole;
}

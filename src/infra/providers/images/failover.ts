import {
  circuitBreaker,
  ConsecutiveBreaker,
  ExponentialBackoff,
  handleWhen,
  isBrokenCircuitError,
  retry,
  wrap,
} from 'cockatiel';
import { DomainError } from '../../../domain/errors.js';
import { PICTURE_KINDS, type PictureKind } from '../../../domain/imaging/picture-kind.js';
import type { ImageMaker, Log, MadePicture, PictureBrief, PictureOffer } from '../../../flow/ports.js';

interface Patience {
  /** Tries of one provider for one picture, the first one included. */
  readonly tries: number;
  /** The second try comes about then, each further one later and never at the same moment for all (decorrelated jitter). */
  readonly firstDelayMs: number;
  /** A provider that failed five times in a row is left alone so long; then one picture tries it out. */
  readonly restMs: number;
}

const PATIENCE: Patience = { tries: 3, firstDelayMs: 500, restMs: 30_000 };
const LONGEST_DELAY_MS = 10_000;
const FAILURES_IN_A_ROW = 5;

type Guarded = ReturnType<typeof guarded>;

/**
 * Several makers as one: the first that offers the kind and is well, in the order they are given. What a provider's safety
 * check refuses is not taken to another one, which may look less closely.
 */
export function createFailover(
  makers: readonly [ImageMaker, ...ImageMaker[]],
  log: Log,
  patience: Patience = PATIENCE,
): ImageMaker {
  const all = makers.map((maker) => guarded(maker, patience));
  const [first] = makers;
  return {
    name: makers.map(({ name }) => name).join(', '),
    model: first.model,
    defaults: first.defaults,
    offers: offersOf(makers),
    async make(brief, signal, onProgress, memory) {
      signal.throwIfAborted();
      const able = all.filter(({ maker }) => maker.offers[brief.kind] !== undefined);
      const earlier = await memory?.earlier();
      const failures: DomainError[] = [];
      for (const { maker, make } of startingWith(earlier?.provider, able)) {
        try {
          return await make({ ...brief, ...maker.defaults }, signal, onProgress, memory);
        } catch (error) {
          signal.throwIfAborted();
          failures.push(failureOf(error, maker));
          log('pictures.provider-failed', { provider: maker.name, error });
        }
      }
      throw together(failures, brief);
    },
  };
}

function guarded(maker: ImageMaker, { tries, firstDelayMs, restMs }: Patience) {
  const backoff = new ExponentialBackoff({ initialDelay: firstDelayMs, maxDelay: LONGEST_DELAY_MS });
  const again = retry(handleWhen(isWorthRepeating), { maxAttempts: tries - 1, backoff });
  const breaker = circuitBreaker(handleWhen(isProviderFailure), {
    halfOpenAfter: restMs,
    breaker: new ConsecutiveBreaker(FAILURES_IN_A_ROW),
  });
  const policy = wrap(again, breaker);
  const make: ImageMaker['make'] = (brief, signal, onProgress, memory) =>
    policy.execute((): Promise<MadePicture> => maker.make(brief, signal, onProgress, memory), signal);
  return { maker, make };
}

const isProviderFailure = (error: unknown): error is DomainError =>
  error instanceof DomainError && (error.code === 'PROVIDER_UNAVAILABLE' || error.code === 'RATE_LIMITED');
const isWorthRepeating = (error: unknown): boolean => isProviderFailure(error) && error.retryable;

/** What another maker may do better; anything else (a refusal, a wrong brief, a bug) flies on. */
function failureOf(error: unknown, { name }: ImageMaker): DomainError {
  if (isProviderFailure(error)) return error.provider === null ? namedFailure(error, name) : error;
  if (!isBrokenCircuitError(error)) throw error;
  return new DomainError(
    'PROVIDER_UNAVAILABLE',
    `${name} failed ${FAILURES_IN_A_ROW} times in a row and is left alone for a while`,
    { retryable: true, provider: name },
  );
}

/** What went wrong on the way to a provider's picture does not know whose picture it was. */
function namedFailure(cause: DomainError, provider: string): DomainError {
  const { code, message, retryable } = cause;
  return new DomainError(code, message, { retryable, provider, cause });
}

/** One maker's failure as it is; of several, one sentence with all of theirs. */
function together(failures: readonly DomainError[], { kind }: PictureBrief): DomainError {
  const [first, ...more] = failures;
  if (first === undefined)
    return new DomainError('INVALID_INPUT', `no configured provider makes ${kind}`, { path: ['kind'] });
  if (more.length === 0) return first;
  const retryable = failures.some((failure) => failure.retryable);
  const told = failures.map(({ provider, message }) => `${provider ?? 'a provider'}: ${message}`).join('; ');
  return new DomainError('PROVIDER_UNAVAILABLE', told, {
    retryable,
    ...(first.provider !== null && { provider: first.provider }),
    cause: first,
  });
}

/** A run that an earlier attempt began is followed where it is, before anybody else is asked and paid. */
function startingWith(name: string | undefined, able: readonly Guarded[]): readonly Guarded[] {
  const isEarlier = ({ maker }: Guarded) => maker.name === name;
  return [...able.filter(isEarlier), ...able.filter((one) => !isEarlier(one))];
}

/** The first choice's model at the highest price that it may come to. */
function offersOf(makers: readonly ImageMaker[]): ImageMaker['offers'] {
  const offers = PICTURE_KINDS.flatMap((kind): [PictureKind, PictureOffer][] => {
    const given = makers.flatMap((maker) => maker.offers[kind] ?? []);
    const [first] = given;
    return first === undefined
      ? []
      : [[kind, { model: first.model, price: Math.max(...given.map(({ price }) => price)) }]];
  });
  return Object.fromEntries(offers);
}

import { DomainError } from '../domain/errors.js';
import type { RawPicture } from '../domain/media.js';
import { isWithheld, type SafetyVerdict } from '../domain/safety/safety-verdict.js';
import { judgeWords } from '../domain/safety/word-policy.js';
import type { Ports } from './ports.js';

/** Refuses words that ask for what shall not be shown, before anything is made or paid. */
export function assertAllowedWords(words: string): SafetyVerdict {
  const verdict = judgeWords(words);
  if (isWithheld(verdict)) throw refusedBy(verdict, 'the words');
  return verdict;
}

/**
 * The verdicts of one output, its words' and its picture's, all of them below their thresholds; everything else throws. A checker that fails or is
 * slow is no permission: the attempt ends, is tried again, and in the end the job says why there is no picture.
 */
export async function checkOutput(
  ports: Pick<Ports, 'safety'>,
  { words, picture }: { readonly words: string; readonly picture: RawPicture },
  signal: AbortSignal,
): Promise<readonly SafetyVerdict[]> {
  const verdicts = [assertAllowedWords(words)];
  if (ports.safety === null) return verdicts;
  const verdict = await answerOf(ports.safety, picture, signal);
  if (isWithheld(verdict)) throw refusedBy(verdict, 'the picture');
  return [...verdicts, verdict];
}

async function answerOf(
  checker: NonNullable<Ports['safety']>,
  picture: RawPicture,
  signal: AbortSignal,
): Promise<SafetyVerdict> {
  const limit = AbortSignal.timeout(checker.timeoutMs);
  try {
    return await orAborted(checker.check(picture, AbortSignal.any([signal, limit])), limit);
  } catch (error) {
    signal.throwIfAborted();
    const message = 'the safety check did not answer, and what was not checked is not shown';
    throw new DomainError('PROVIDER_UNAVAILABLE', message, {
      ...{ retryable: true, provider: 'safety', cause: error },
    });
  }
}

/** A checker that ignores its signal is not waited for either. */
function orAborted<T>(answer: Promise<T>, limit: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    limit.addEventListener('abort', () => reject(new Error('no answer in time')), { once: true });
    answer.then(resolve, reject);
  });
}

function refusedBy({ policy, category, score, threshold }: SafetyVerdict, what: string): DomainError {
  const figures = `${score.toFixed(2)}, withheld from ${threshold} on, policy ${policy}`;
  return new DomainError('CONTENT_REFUSED', `${what}: ${category ?? 'unsafe'} (${figures})`);
}

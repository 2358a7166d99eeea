import type { RawPicture } from '../../domain/media.js';
import type { SafetyVerdict } from '../../domain/safety/safety-verdict.js';

/** Looks at a picture before anybody else does. Rejects, or does not answer, when it cannot tell: then nothing is shown. */
export interface SafetyChecker {
  /** Whoever takes longer counts as down. */
  readonly timeoutMs: number;
  check(picture: RawPicture, signal: AbortSignal): Promise<SafetyVerdict>;
}

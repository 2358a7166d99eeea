/** What one check said of one picture or its words, under which policy, and from where on it says no. */
export interface SafetyVerdict {
  /** Name and version: a change of words or weights is another policy. */
  readonly policy: string;
  /** How surely it is something that shall not be shown, in [0, 1]. */
  readonly score: number;
  /** Withheld from this score on. */
  readonly threshold: number;
  /** What it was found to be; null where nothing was found. */
  readonly category: string | null;
}

export function isWithheld({ score, threshold }: SafetyVerdict): boolean {
  return score >= threshold;
}

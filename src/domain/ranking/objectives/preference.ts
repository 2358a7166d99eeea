/** Of what one person was shown together, this was taken and those were not. */
export interface Preference {
  /** Index of the person's sequence in the data. */
  readonly person: number;
  /** What had been wanted before, oldest first: what the ranker read when it answered. */
  readonly history: Int32Array;
  readonly chosen: number;
  /** At least one. */
  readonly rejected: Int32Array;
}

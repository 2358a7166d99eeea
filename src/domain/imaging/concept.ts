/** One idea of the training art, drawn in one or more styles. */
export interface Concept {
  /** What it shows, e.g. 'red apple'. */
  readonly label: string;
  /** Words people would use for it. */
  readonly tags: readonly string[];
  /** Broad and narrow group, e.g. 'food-drink', 'food-fruit'. */
  readonly group: string;
  readonly subgroup: string;
}

/** One drawing of a concept. */
export interface Drawing {
  readonly concept: number;
  readonly style: string;
  /** RGB on a white background, 64 x 64. */
  readonly pixels: Uint8Array;
}

export interface TrainingArt {
  readonly concepts: readonly Concept[];
  readonly drawings: readonly Drawing[];
  readonly width: number;
}

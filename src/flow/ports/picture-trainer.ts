/** What a provider trains, and where the result is put. */
export interface PictureTraining {
  /** `owner/name:version` of the model that trains. */
  readonly trainer: string;
  /** `owner/name` of one's own model at the provider. */
  readonly destination: string;
  /** As the trainer's page asks, e.g. `input_images` (an address of a ZIP) and `trigger_word`. */
  readonly input: Readonly<Record<string, unknown>>;
}

export interface TrainedPictureModel {
  /** `owner/name:version`, to be drawn with; null when the provider does not say. */
  readonly version: string | null;
  readonly seconds: number | null;
}

/** Trains a picture model elsewhere. A training takes hours and outlives the worker that began it. */
export interface PictureTrainer {
  readonly name: string;
  begin(training: PictureTraining, signal: AbortSignal): Promise<{ readonly runId: string }>;
  /** Resolves when it succeeded; throws when it ended otherwise. An abort only stops looking. */
  follow(
    runId: string,
    signal: AbortSignal,
    onProgress: (progress: number, stage: string) => void,
  ): Promise<TrainedPictureModel>;
  /** Stops the billing. */
  cancel(runId: string): Promise<void>;
}

/** How a long computation talks to whoever started it. `report` may return a promise: awaiting it lets the event loop breathe. */
export interface Watch {
  /** Share done, 0..1. */
  readonly report: (share: number) => void | Promise<void>;
  readonly isStopped: () => boolean;
}

/** Thrown when a computation finds that it was asked to stop; never a failure of the data. */
export class StoppedError extends Error {
  override readonly name = 'StoppedError';
  constructor() {
    super('the computation was asked to stop');
  }
}

/** One beat of a loop: ends it if asked to, reports the share done otherwise. */
export async function beat(watch: Watch | undefined, share: number): Promise<void> {
  if (watch?.isStopped() === true) throw new StoppedError();
  await watch?.report(share);
}

import { Presets, SingleBar } from 'cli-progress';

export interface Progress {
  /** `done` of `total`; a total of null shows a count without a bar. */
  show(stage: string, done: number, total: number | null): void;
  end(line?: string): void;
}

/** A progress bar on standard error: drawn in a terminal, one line per stage elsewhere. */
export function progress(): Progress {
  const bar = new SingleBar(
    {
      format: '{stage} {bar} {percentage}% {detail}',
      stream: process.stderr,
      hideCursor: true,
      clearOnComplete: true,
      barsize: 28,
    },
    Presets.rect,
  );
  const drawn = process.stderr.isTTY;
  let current = '';
  return {
    show(stage, done, total) {
      const detail = total === null ? `${done}` : `${Math.round(done)} of ${Math.round(total)}`;
      if (!drawn) {
        if (stage !== current) process.stderr.write(`${stage} …\n`);
      } else if (current === '')
        bar.start(total ?? Math.max(1, done), done, { stage: stage.padEnd(22), detail });
      else {
        bar.setTotal(total ?? Math.max(1, done));
        bar.update(done, { stage: stage.padEnd(22), detail });
      }
      current = stage;
    },
    end(line) {
      if (drawn && current !== '') bar.stop();
      current = '';
      if (line !== undefined) process.stderr.write(`${line}\n`);
    },
  };
}

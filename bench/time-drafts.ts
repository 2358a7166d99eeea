import type { Compute } from '../src/domain/graph/compute.js';
import type { Random } from '../src/domain/random.js';
import type { CodeModel } from '../src/domain/ranking/code-model.js';
import { SERVING_BEAMS } from '../src/domain/ranking/decoding-rule.js';
import { draftSearch } from '../src/domain/ranking/draft-search.js';
import { pathScorer } from '../src/domain/ranking/path-scorer.js';
import type { Trie } from '../src/domain/semantic-ids/trie.js';

/** Shares of the exact list that a draft has right; what is wrong is any item. A draft of 0 is none. */
const SHARES = [0, 25, 50, 90] as const;
/** Items that must be proven: a page, and what a beam gives to fusion. */
const WANTED = [10, SERVING_BEAMS] as const;

export interface Drafting {
  readonly trie: Trie;
  readonly model: Pick<CodeModel, 'decoder' | 'weights'>;
  readonly questions: readonly (readonly Float32Array[])[];
  readonly random: Random;
  readonly stopwatch: () => () => number;
}

export interface TimedDrafts {
  /** `draft{share}top{wanted}Ms`, `...Passes`, `...Accepted`. */
  readonly figures: Readonly<Record<string, number>>;
  /** The exact 64 likeliest of each question, proven without any draft. */
  readonly best: readonly Int32Array[];
}

/** Draft and verify on the questions of the bench: the least of 27 times, and the means of passes and of accepted drafts. */
export async function timeDrafts(
  compute: Compute,
  { trie, model, questions, random, stopwatch }: Drafting,
): Promise<TimedDrafts> {
  const scorer = pathScorer(compute, model, trie);
  const { radix } = model.decoder;
  const ask = (question: readonly Float32Array[], few: number, drafts: Int32Array) =>
    draftSearch(trie, { few, radix, scoresOf: scorer.scoresFor(question), drafts });
  const best: Int32Array[] = [];
  for (const question of questions) {
    const { found } = await ask(question, SERVING_BEAMS, new Int32Array());
    best.push(Int32Array.from(found, ({ item }) => item));
  }
  const figures: Record<string, number> = {};
  for (const few of WANTED) {
    for (const share of SHARES) {
      const timed: Timed[] = [];
      for (const [q, question] of questions.entries()) {
        const drafts =
          share === 0 ? new Int32Array() : spoilt(best[q] as Int32Array, share / 100, trie, random);
        const took = stopwatch();
        const { passes, accepted } = await ask(question, few, drafts);
        timed.push({ ms: took(), passes, accepted: accepted / few });
      }
      Object.assign(figures, told(`draft${share}top${few}`, timed));
    }
  }
  await scorer.dispose();
  return { figures, best };
}

interface Timed {
  readonly ms: number;
  readonly passes: number;
  readonly accepted: number;
}

/** Code is still being compiled in the first three. */
function told(name: string, timed: readonly Timed[]): Record<string, number> {
  return {
    [`${name}Ms`]: Math.min(...timed.slice(3).map(({ ms }) => ms)),
    [`${name}Passes`]: mean(timed.map(({ passes }) => passes)),
    [`${name}Accepted`]: mean(timed.map(({ accepted }) => accepted)),
  };
}

function spoilt(best: Int32Array, share: number, { items }: Trie, random: Random): Int32Array {
  return best.map((item) => (random.next() < share ? item : (items[random.int(items.length)] as number)));
}

function mean(all: readonly number[]): number {
  return all.reduce((sum, x) => sum + x, 0) / all.length;
}

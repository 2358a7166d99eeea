/** The best of very many (score, key) pairs, in a fixed amount of memory. */
export interface BestFew {
  /** Scores at or below this one are not kept any more; -Infinity while there is room. */
  floor(): number;
  push(score: number, key: number, tag: number): void;
  /** Empties it: what was kept, best first, equal scores by ascending key. */
  take(): {
    readonly count: number;
    readonly scores: Float64Array;
    readonly keys: Int32Array;
    readonly tags: Int32Array;
  };
}

/** A binary heap with the worst of the kept on top, in three typed arrays: a pair that is not kept costs one comparison. */
export function bestFew(size: number): BestFew {
  const [scores, keys, tags] = [new Float64Array(size), new Int32Array(size), new Int32Array(size)];
  let count = 0;
  const isWorse = (a: number, b: number) => {
    const difference = (scores[a] as number) - (scores[b] as number);
    return difference < 0 || (difference === 0 && (keys[a] as number) > (keys[b] as number));
  };
  const swap = (a: number, b: number) => {
    const [score, key, tag] = [scores[a] as number, keys[a] as number, tags[a] as number];
    [scores[a], keys[a], tags[a]] = [scores[b] as number, keys[b] as number, tags[b] as number];
    [scores[b], keys[b], tags[b]] = [score, key, tag];
  };
  const sink = (end: number) => {
    let at = 0;
    for (;;) {
      let worst = 2 * at + 1;
      if (worst >= end) return;
      if (worst + 1 < end && isWorse(worst + 1, worst)) worst++;
      if (!isWorse(worst, at)) return;
      swap(at, worst);
      at = worst;
    }
  };
  const rise = (from: number) => {
    for (let at = from; at > 0;) {
      const above = (at - 1) >> 1;
      if (!isWorse(at, above)) return;
      swap(at, above);
      at = above;
    }
  };
  return {
    floor: () => (count < size ? -Infinity : (scores[0] as number)),
    push(score, key, tag) {
      const isFull = count === size;
      if (isFull && (score < (scores[0] as number) || (score === scores[0] && key > (keys[0] as number))))
        return;
      const at = isFull ? 0 : count++;
      [scores[at], keys[at], tags[at]] = [score, key, tag];
      if (isFull) sink(count);
      else rise(at);
    },
    take() {
      for (let end = count - 1; end > 0; end--) {
        swap(0, end);
        sink(end);
      }
      const kept = count;
      count = 0;
      return {
        count: kept,
        scores: scores.slice(0, kept),
        keys: keys.slice(0, kept),
        tags: tags.slice(0, kept),
      };
    },
  };
}

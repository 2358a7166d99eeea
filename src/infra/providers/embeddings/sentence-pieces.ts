/** A piece of text and its log probability; the place in the list is its id. */
export type Vocabulary = readonly (readonly [piece: string, score: number])[];

/** The first six are marks that no text contains; 0 stands for characters that the vocabulary lacks. */
const RESERVED = 6;
const UNKNOWN = 0;
const SPACE = '\u2581';

interface Edge {
  readonly from: number;
  readonly id: number;
  readonly score: number;
}

/** The most probable split of a text into pieces (Kudo 2018, unigram language model) by Viterbi over its characters. */
export function createTokenizer(vocabulary: Vocabulary): (text: string) => number[] {
  const ids = new Map(vocabulary.map(([piece], id) => [piece, id] as const).slice(RESERVED));
  const longest = vocabulary.reduce((length, [piece]) => Math.max(length, piece.length), 0);

  /** Edges by their end; a place where no piece begins gets an unknown character at no cost, as the model was trained. */
  const edgesOf = (symbols: readonly string[]): Edge[][] => {
    const edges = Array.from({ length: symbols.length + 1 }, (): Edge[] => []);
    for (let from = 0; from < symbols.length; from++) {
      let piece = '';
      let isKnown = false;
      for (let end = from + 1; end <= Math.min(symbols.length, from + longest); end++) {
        piece += symbols[end - 1] ?? '';
        const id = ids.get(piece);
        if (id === undefined) continue;
        isKnown = true;
        edges[end]?.push({ from, id, score: vocabulary[id]?.[1] ?? 0 });
      }
      if (!isKnown) edges[from + 1]?.push({ from, id: UNKNOWN, score: 0 });
    }
    return edges;
  };

  return (text) => {
    const normal = text.normalize('NFKC');
    if (normal === '') return [];
    return bestPath(edgesOf(Array.from(SPACE + normal.replaceAll(' ', SPACE))));
  };
}

function bestPath(edges: readonly (readonly Edge[])[]): number[] {
  const best = new Float64Array(edges.length);
  const last: Edge[] = edges.map((_, end) => ({ from: end - 1, id: UNKNOWN, score: 0 }));
  edges.forEach((arriving, end) => {
    for (const edge of arriving) {
      const score = edge.score + at(best, edge.from);
      if (at(best, end) !== 0 && score < at(best, end)) continue;
      best[end] = score;
      last[end] = edge;
    }
  });
  const path: number[] = [];
  for (let edge = last.at(-1); edge && edge.from >= 0; edge = last[edge.from]) path.push(edge.id);
  return path.filter((id, i) => id !== UNKNOWN || path[i - 1] !== UNKNOWN).reverse();
}

function at(values: Float64Array, index: number): number {
  return values[index] ?? 0;
}

import type { RankingData } from './part.js';

/** The same world with items numbered as a model numbers them; items it has beyond those of the data have no content and no text. */
export function renumberData(
  data: RankingData,
  itemIds: readonly string[],
  wanted: readonly string[],
): RankingData {
  const numbers = new Map(wanted.map((id, number) => [id, number]));
  const numberOf = Int32Array.from(itemIds, (id) => {
    const number = numbers.get(id);
    if (number === undefined) throw new Error(`item ${id} has no number`);
    return number;
  });
  const { content, titles } = data;
  return {
    ...data,
    itemCount: wanted.length,
    sequences: data.sequences.map((sequence) => sequence.map((item) => numberOf[item] as number)),
    ...(content && { content: { ...content, vectors: scattered(content, numberOf, wanted.length) } }),
    ...(titles && { titles: titlesAt(titles, numberOf, wanted.length) }),
  };
}

function scattered(
  { vectors, size }: { vectors: Float32Array; size: number },
  numberOf: Int32Array,
  count: number,
): Float32Array {
  const out = new Float32Array(count * size);
  numberOf.forEach((to, from) => out.set(vectors.subarray(from * size, (from + 1) * size), to * size));
  return out;
}

function titlesAt(titles: readonly string[], numberOf: Int32Array, count: number): string[] {
  const out = Array.from({ length: count }, () => '');
  numberOf.forEach((to, from) => (out[to] = titles[from] ?? ''));
  return out;
}

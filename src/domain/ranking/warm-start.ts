import type { Values } from '../graph/compute.js';
import { type Random } from '../random.js';
import { normaliseRows } from '../semantic-ids/normalise-rows.js';
import type { ItemSpace } from '../semantic-ids/item-space.js';
import { principalDirections } from '../semantic-ids/principal-directions.js';

/** Length of a starting vector per dimension: as a normal draw of this deviation would have. */
const SPREAD = 0.02;
/** Noise beside the known part, so that items that look alike can part. */
const NOISE = 0.3;

/** Item embeddings that start where content and behaviour put the items: rare items need not be found from nothing. */
export function warmItems(space: ItemSpace, width: number, random: Random): Values {
  const map = mapTo(space, width, random);
  return { 'items.weight': warmTable(space.vectors, map, random.fork('items')) };
}

/** The same for the codes to be predicted: each starts as its centroid (one matrix per level). */
export function warmCodes(
  { space, centroids: levels }: { space: ItemSpace; centroids: readonly Float32Array[] },
  width: number,
  random: Random,
): Values {
  const map = mapTo(space, width, random);
  const tables = levels.map((centroids, level) => {
    const own = warmTable(centroids, map, random.fork(`level ${level}`));
    return [`decoder.code${level}.weight`, own] as const;
  });
  return Object.fromEntries(tables);
}

interface LinearMap {
  readonly from: number;
  readonly to: number;
  readonly matrix: Float32Array; // (from, to)
}

/** The identity where the vectors fit, their principal directions where dimensions must go. */
function mapTo({ vectors, size }: ItemSpace, width: number, random: Random): LinearMap {
  if (size > width) {
    const { directions } = principalDirections(vectors, size, width, random.fork('map'));
    return { from: size, to: width, matrix: directions };
  }
  const matrix = new Float32Array(size * width);
  for (let c = 0; c < size; c++) matrix[c * width + c] = 1;
  return { from: size, to: width, matrix };
}

/** Mapped rows, all of one length, with noise. */
function warmTable(rows: Float32Array, { from, to, matrix }: LinearMap, random: Random): Float32Array {
  const count = rows.length / from;
  const out = new Float32Array(count * to);
  for (let i = 0; i < count; i++) {
    for (let c = 0; c < from; c++) {
      const x = rows[i * from + c] as number;
      for (let d = 0; d < to; d++) {
        out[i * to + d] = (out[i * to + d] as number) + x * (matrix[c * to + d] as number);
      }
    }
  }
  normaliseRows(out, to);
  const scale = NOISE / Math.sqrt(to);
  for (let i = 0; i < out.length; i++) out[i] = (out[i] as number) + scale * random.normal();
  return normaliseRows(out, to).map((x) => x * SPREAD * Math.sqrt(to));
}

import type { Values } from '../graph/compute.js';
import { type Random } from '../random.js';
import { normaliseRows } from '../semantic-ids/normalise-rows.js';
import type { ItemSpace } from '../semantic-ids/item-space.js';
import type { Codebooks } from '../semantic-ids/residual-kmeans.js';

/** Length of a starting vector per dimension: as a normal draw of this deviation would have. */
const SPREAD = 0.02;
/** Noise beside the known part, so that items that look alike can part. */
const NOISE = 0.3;

/** Item embeddings that start where content and behaviour put the items: rare items need not be found from nothing. */
export function warmItems(space: ItemSpace, width: number, random: Random): Values {
  return { 'items.weight': warmTable(space.vectors, space.size, width, random) };
}

/** The same for codes: a code starts as its centroid, both where it is read and where it is predicted. */
export function warmCodes(books: Codebooks, width: number, random: Random): Values {
  const tables = books.levels.flatMap((centroids, level) => {
    const own = warmTable(centroids, books.size, width, random.fork('projection'));
    return [
      [`input.code${level}.weight`, own],
      [`decoder.code${level}.weight`, own.slice()],
    ] as const;
  });
  return Object.fromEntries(tables);
}

/** Rows (n, size) as rows (n, width) of one length: padded, or through one random projection (Johnson & Lindenstrauss). */
function warmTable(rows: Float32Array, size: number, width: number, random: Random): Float32Array {
  const count = rows.length / size;
  const map = projection(size, width, random.fork('map'));
  const out = new Float32Array(count * width);
  for (let i = 0; i < count; i++) {
    for (let c = 0; c < size; c++) {
      const x = rows[i * size + c] as number;
      if (x === 0) continue;
      for (let d = 0; d < width; d++) {
        out[i * width + d] = (out[i * width + d] as number) + x * (map[c * width + d] as number);
      }
    }
  }
  const noise = random.fork('noise');
  const scale = NOISE / Math.sqrt(width);
  normaliseRows(out, width);
  for (let i = 0; i < out.length; i++) out[i] = (out[i] as number) + scale * noise.normal();
  return normaliseRows(out, width).map((x) => x * SPREAD * Math.sqrt(width));
}

/** Orthonormal-ish: the identity where it fits, a seeded Gaussian map where dimensions must be shared. */
function projection(size: number, width: number, random: Random): Float32Array {
  const map = new Float32Array(size * width);
  if (size <= width) {
    for (let c = 0; c < size; c++) map[c * width + c] = 1;
    return map;
  }
  return map.map(() => random.normal() / Math.sqrt(width));
}

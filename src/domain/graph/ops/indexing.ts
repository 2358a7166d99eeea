import { type Tensor } from '../graph.js';
import { at, nth, type Numbers, type OpRules } from '../op-rule.js';
import { axisOf, type Shape, sizeOf, stridedIndex, stridesOf } from '../shape.js';
import { reshape, zeros } from './shaping.js';

/** Rows of `table` (n, …) by integer `indices` of any shape: (…indices, …row). The embedding lookup. */
export function gatherRows(table: Tensor, indices: Tensor): Tensor {
  const shape = [...indices.shape, ...table.shape.slice(1)];
  return nth(table.graph.apply('gatherRows', [table, indices], {}, [{ shape, dtype: table.dtype }]), 0);
}

/** `data` with `updates` (m, …row) added onto rows `indices` (m); a row named twice gets both. */
export function scatterRowsAdd(data: Tensor, indices: Tensor, updates: Tensor): Tensor {
  return nth(data.graph.apply('scatterRowsAdd', [data, indices, updates], {}, [data]), 0);
}

/** y[i][j] = x[i][indices[i][j]] along `axis`; the other axes have the same sizes. */
export function gatherElements(x: Tensor, indices: Tensor, axis = -1): Tensor {
  const attrs = { axis: axisOf(x.shape, axis) };
  return nth(
    x.graph.apply('gatherElements', [x, indices], attrs, [{ shape: indices.shape, dtype: x.dtype }]),
    0,
  );
}

/** The other direction: `updates` are added to `data` at the places `gatherElements` would read. */
export function scatterElementsAdd(data: Tensor, indices: Tensor, updates: Tensor, axis = -1): Tensor {
  const attrs = { axis: axisOf(data.shape, axis) };
  return nth(data.graph.apply('scatterElementsAdd', [data, indices, updates], attrs, [data]), 0);
}

/** One element per row: x (m, n), column (m) -> (m). Picks the log-probability of a target. */
export function pickColumn(x: Tensor, column: Tensor): Tensor {
  return reshape(gatherElements(x, reshape(column, [-1, 1])), column.shape);
}

/** Where the elements named by `indices` lie in a tensor of shape `shape`. */
function elementPlaces(
  shape: Shape,
  indices: Numbers,
  [indexShape, axis]: readonly [Shape, number],
): Int32Array {
  const strides = stridesOf(shape);
  const along = at(strides, axis);
  const base = stridedIndex(
    indexShape,
    strides.map((stride, i) => (i === axis ? 0 : stride)),
  );
  return base.map((place, i) => place + at(indices, i) * along);
}

function addAt(data: Numbers, places: ArrayLike<number>, updates: Numbers): Numbers {
  const y = Float64Array.from(data);
  updates.forEach((value, i) => (y[at(places, i)] = at(y, at(places, i)) + value));
  return y;
}

function rowPlaces(indices: Numbers, width: number): Int32Array {
  return Int32Array.from(
    { length: indices.length * width },
    (_, i) => at(indices, Math.floor(i / width)) * width + (i % width),
  );
}

const widthOf = (table: Tensor) => sizeOf(table.shape.slice(1));
const take = (x: Numbers, places: Int32Array) => Float64Array.from(places, (place) => at(x, place));

type Indexing = 'gatherRows' | 'scatterRowsAdd' | 'gatherElements' | 'scatterElementsAdd';

export const indexingRules: OpRules<Indexing> = {
  gatherRows: {
    evaluate: ({ inputs }, [table, indices]) =>
      table && indices ? [take(table, rowPlaces(indices, widthOf(nth(inputs, 0))))] : [],
    backward({ inputs: [table, indices] }, [dy]) {
      if (!table || !indices || !dy) return [];
      return [
        scatterRowsAdd(zeros(table), reshape(indices, [-1]), reshape(dy, [-1, ...table.shape.slice(1)])),
      ];
    },
  },
  scatterRowsAdd: {
    evaluate: ({ inputs }, [data, indices, updates]) =>
      data && indices && updates ? [addAt(data, rowPlaces(indices, widthOf(nth(inputs, 0))), updates)] : [],
    backward: ({ inputs: [, indices] }, [dy]) =>
      dy && indices ? [dy, undefined, gatherRows(dy, indices)] : [],
  },
  gatherElements: {
    evaluate: ({ inputs, attrs }, [x, indices]) =>
      x && indices
        ? [take(x, elementPlaces(nth(inputs, 0).shape, indices, [nth(inputs, 1).shape, attrs.axis]))]
        : [],
    backward: ({ inputs: [x, indices], attrs }, [dy]) =>
      x && indices && dy ? [scatterElementsAdd(zeros(x), indices, dy, attrs.axis)] : [],
  },
  scatterElementsAdd: {
    evaluate: ({ inputs, attrs }, [data, indices, updates]) =>
      data && indices && updates
        ? [
            addAt(
              data,
              elementPlaces(nth(inputs, 0).shape, indices, [nth(inputs, 1).shape, attrs.axis]),
              updates,
            ),
          ]
        : [],
    backward: ({ inputs: [, indices], attrs }, [dy]) =>
      dy && indices ? [dy, undefined, gatherElements(dy, indices, attrs.axis)] : [],
  },
};

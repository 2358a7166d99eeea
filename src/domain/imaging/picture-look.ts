import { type Lab, toOklab } from './oklab.js';
import type { RawPicture } from '../media.js';

const SIDE = 32;
const CELLS = 4;
const ORIENTATIONS = 8;
const BLOCKS = 3;

/** Shares of the three parts in a resemblance: where which colour is, how much of each colour, and the shapes. */
const WEIGHTS = { layout: 0.3, colours: 0.35, shapes: 0.35 };

/** 48 of colour layout, 64 of colour amounts, 72 of gradient directions. */
export const LOOK_LENGTH = CELLS * CELLS * 3 + 4 ** 3 + BLOCKS * BLOCKS * ORIENTATIONS;

/**
 * How a picture looks in 184 numbers of unit length, as signed bytes (127 = 1), so that the dot product of two is their
 * resemblance: mean colours of a 4 x 4 grid (as in MPEG-7's colour layout), a soft colour histogram (Hellinger: square roots),
 * and a histogram of oriented gradients (Dalal & Triggs 2005) of 3 x 3 blocks; colours in Oklab (Ottosson 2020).
 */
export function pictureLook({ width, height, channels, data }: RawPicture): Int8Array {
  if (width !== SIDE || height !== SIDE)
    throw new Error(`${SIDE} x ${SIDE} pixels were wanted, got ${width} x ${height}`);
  const lab = Array.from({ length: SIDE * SIDE }, (_, i) => labAt(data, i * channels));
  const parts = [
    scaled(layout(lab), Math.sqrt(WEIGHTS.layout)),
    scaled(histogram(lab), Math.sqrt(WEIGHTS.colours)),
    scaled(gradients(lab), Math.sqrt(WEIGHTS.shapes)),
  ];
  return Int8Array.from(
    parts.flatMap((part) => [...part]),
    (value) => Math.round(127 * value),
  );
}

/** Resemblance of two looks in [-1, 1]. */
export function lookSimilarity(a: Int8Array, b: Int8Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return sum / 127 ** 2;
}

function labAt(data: Uint8Array, at: number): Lab {
  return toOklab([data[at] ?? 0, data[at + 1] ?? 0, data[at + 2] ?? 0]);
}

/** Lightness about its middle, so that two pictures are not alike for being bright; colour counts three times. */
function layout(lab: readonly Lab[]): Float64Array {
  const out = new Float64Array(CELLS * CELLS * 3);
  const size = SIDE / CELLS;
  lab.forEach(([l, a, b], i) => {
    const cell = Math.floor(i / SIDE / size) * CELLS + Math.floor((i % SIDE) / size);
    [l - 0.6, 3 * a, 3 * b].forEach((value, k) => (out[cell * 3 + k] = (out[cell * 3 + k] ?? 0) + value));
  });
  return out;
}

/** Each pixel is shared between the eight nearest of 4 x 4 x 4 colours, so that a shade more moves little. */
function histogram(lab: readonly Lab[]): Float64Array {
  const out = new Float64Array(4 ** 3);
  for (const [l, a, b] of lab) {
    const at = [l * 3, (a + 0.25) * 6, (b + 0.25) * 6].map((value) => Math.min(2.999, Math.max(0, value)));
    for (let corner = 0; corner < 8; corner++) {
      let share = 1;
      let cell = 0;
      at.forEach((value, k) => {
        const up = (corner >> k) & 1;
        const rest = value - Math.floor(value);
        share *= up === 1 ? rest : 1 - rest;
        cell = cell * 4 + Math.floor(value) + up;
      });
      out[cell] = (out[cell] ?? 0) + share;
    }
  }
  return out.map(Math.sqrt);
}

function gradients(lab: readonly Lab[]): Float64Array {
  const out = new Float64Array(BLOCKS * BLOCKS * ORIENTATIONS);
  const light = (x: number, y: number) => lab[y * SIDE + x]?.[0] ?? 0;
  for (let y = 1; y < SIDE - 1; y++) {
    for (let x = 1; x < SIDE - 1; x++) {
      const [dx, dy] = [light(x + 1, y) - light(x - 1, y), light(x, y + 1) - light(x, y - 1)];
      const angle = (Math.atan2(dy, dx) + Math.PI) % Math.PI; // a line has no front and back
      const bin = Math.floor((angle / Math.PI) * ORIENTATIONS) % ORIENTATIONS;
      const block = Math.floor((y * BLOCKS) / SIDE) * BLOCKS + Math.floor((x * BLOCKS) / SIDE);
      out[block * ORIENTATIONS + bin] = (out[block * ORIENTATIONS + bin] ?? 0) + Math.hypot(dx, dy);
    }
  }
  return out.map(Math.sqrt);
}

/** To this length; what is empty stays empty. */
function scaled(vector: Float64Array, length: number): Float64Array {
  const norm = Math.hypot(...vector);
  return norm < 1e-9 ? vector : vector.map((value) => (value * length) / norm);
}

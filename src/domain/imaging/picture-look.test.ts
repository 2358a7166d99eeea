import type { RawPicture } from '../media.js';
import { LOOK_LENGTH, lookSimilarity, pictureLook } from './picture-look.js';

type Colour = readonly [number, number, number];
const RED: Colour = [210, 40, 30];
const BLUE: Colour = [30, 60, 210];

/** A shape of one colour on white. */
function drawn(inside: (x: number, y: number) => boolean, colour: Colour): RawPicture {
  const data = new Uint8Array(32 * 32 * 3).fill(255);
  for (let i = 0; i < 1024; i++) if (inside(i % 32, Math.floor(i / 32))) data.set(colour, i * 3);
  return { width: 32, height: 32, channels: 3, data };
}
const disc = (x: number, y: number) => Math.hypot(x - 15.5, y - 15.5) < 10;
const bars = (x: number) => x % 8 < 4;

const look = (inside: (x: number, y: number) => boolean, colour: Colour) =>
  pictureLook(drawn(inside, colour));

test('a look has unit length and resembles itself fully', () => {
  const own = look(disc, RED);
  expect(own).toHaveLength(LOOK_LENGTH);
  expect(lookSimilarity(own, own)).toBeCloseTo(1, 1);
});

test('the same thing in a shade is nearer than another colour, and another colour nearer than another thing', () => {
  const red = look(disc, RED);
  const shade = lookSimilarity(red, look(disc, [225, 60, 50]));
  const blue = lookSimilarity(red, look(disc, BLUE));
  const other = lookSimilarity(red, look(bars, BLUE));
  expect(shade).toBeGreaterThan(0.95);
  expect(shade).toBeGreaterThan(blue);
  expect(blue).toBeGreaterThan(other);
});

test('a red disc is nearer to a red disc moved a little than to red bars', () => {
  const red = look(disc, RED);
  const moved = look((x, y) => disc(x - 2, y - 1), RED);
  expect(lookSimilarity(red, moved)).toBeGreaterThan(lookSimilarity(red, look(bars, RED)));
});

test('an empty picture has a look, and pixels of another size are refused', () => {
  expect(look(() => false, RED).every(Number.isFinite)).toBe(true);
  const small: RawPicture = { width: 16, height: 16, channels: 3, data: new Uint8Array(768) };
  expect(() => pictureLook(small)).toThrow('32 x 32');
});

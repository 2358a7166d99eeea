export interface PowerLaw {
  readonly a: number;
  readonly b: number;
  readonly c: number;
  /** Share of the loss's variance that the curve explains. */
  readonly r2: number;
}

/** Floors tried: shares of the lowest loss. */
const FLOORS = Array.from({ length: 1000 }, (_, i) => i / 1000);

/**
 * Fits loss = a · N^(−b) + c (Kaplan et al. 2020, with the floor of Hoffmann et al. 2022). For a given c it is a line through
 * log(loss − c) over log N; the c with the least squared error of the loss itself is kept. c is at least 0.
 */
export function fitPowerLaw(points: readonly { readonly size: number; readonly loss: number }[]): PowerLaw {
  if (points.length < 3) throw new Error(`three sizes were wanted to fit a curve, ${points.length} came`);
  const lowest = Math.min(...points.map(({ loss }) => loss));
  const fits = FLOORS.map((share) => lineAbove(points, share * lowest));
  return fits.reduce((best, fit) => (fit.r2 > best.r2 ? fit : best));
}

function lineAbove(points: readonly { readonly size: number; readonly loss: number }[], c: number): PowerLaw {
  const x = points.map(({ size }) => Math.log(size));
  const y = points.map(({ loss }) => Math.log(loss - c));
  const [meanX, meanY] = [mean(x), mean(y)];
  const covariance = x.reduce((sum, one, i) => sum + (one - meanX) * ((y[i] as number) - meanY), 0);
  const slope = covariance / x.reduce((sum, one) => sum + (one - meanX) ** 2, 0);
  const a = Math.exp(meanY - slope * meanX);
  const level = mean(points.map(({ loss }) => loss));
  const left = points.reduce((sum, { size, loss }) => sum + (loss - (a * size ** slope + c)) ** 2, 0);
  const all = points.reduce((sum, { loss }) => sum + (loss - level) ** 2, 0);
  return { a, b: -slope, c, r2: all === 0 ? 1 : 1 - left / all };
}

const mean = (values: readonly number[]) => values.reduce((sum, one) => sum + one, 0) / values.length;

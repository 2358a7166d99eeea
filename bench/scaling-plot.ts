import type { PowerLaw } from './fit-power-law.js';

const [WIDTH, HEIGHT, MARGIN] = [720, 420, 64];
const INK = '#334155';

/** Loss over size as an SVG: a dot per size, the fitted curve, sizes on a logarithmic axis. Light and dark pages both read it. */
export function scalingPlot(
  points: readonly { readonly size: number; readonly loss: number }[],
  law: PowerLaw,
  title: string,
): string {
  const losses = points.map(({ loss }) => loss);
  const [low, high] = [Math.min(...losses), Math.max(...losses)];
  const pad = 0.1 * (high - low || 1);
  const logs = points.map(({ size }) => Math.log10(size));
  const [left, right] = [Math.min(...logs) - 0.15, Math.max(...logs) + 0.15];
  const x = (size: number) => MARGIN + ((Math.log10(size) - left) / (right - left)) * (WIDTH - 2 * MARGIN);
  const y = (loss: number) =>
    HEIGHT - MARGIN - ((loss - low + pad) / (high - low + 2 * pad)) * (HEIGHT - 2 * MARGIN);
  const curve = Array.from({ length: 101 }, (_, i) => 10 ** (left + (i / 100) * (right - left)))
    .map((size) => `${x(size).toFixed(1)},${y(law.a * size ** -law.b + law.c).toFixed(1)}`)
    .join(' ');
  const dots = points.map(
    ({ size, loss }) =>
      `<circle cx="${x(size).toFixed(1)}" cy="${y(loss).toFixed(1)}" r="5" fill="#0f766e"/>` +
      text(x(size), y(loss) - 12, loss.toFixed(3)) +
      text(x(size), HEIGHT - MARGIN + 20, shortened(size)),
  );
  const formula = `loss = ${law.a.toPrecision(3)} · N^−${law.b.toPrecision(3)} + ${law.c.toPrecision(3)}, R² = ${law.r2.toFixed(3)}`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" role="img" aria-label="${title}: ${formula}">`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#ffffff"/>`,
    text(WIDTH / 2, 28, title, 16),
    text(WIDTH / 2, 48, formula),
    `<path d="M${MARGIN} ${MARGIN} V${HEIGHT - MARGIN} H${WIDTH - MARGIN}" fill="none" stroke="${INK}"/>`,
    `<polyline points="${curve}" fill="none" stroke="#f59e0b" stroke-width="2"/>`,
    ...dots,
    text(WIDTH / 2, HEIGHT - 14, 'weights without embeddings'),
    `<text transform="translate(20 ${HEIGHT / 2}) rotate(-90)" text-anchor="middle" font-size="13" fill="${INK}">validation loss (nats)</text>`,
    '</svg>\n',
  ].join('\n');
}

function text(x: number, y: number, words: string, size = 13): string {
  return `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" text-anchor="middle" font-size="${size}" fill="${INK}">${words}</text>`;
}

function shortened(size: number): string {
  return size >= 1e6 ? `${(size / 1e6).toFixed(1)} M` : `${Math.round(size / 1e3)} k`;
}

/** One line of `log.jsonl`, as far as the curve needs it. */
export interface LogRow {
  readonly stage: string;
  readonly step?: number | undefined;
  readonly loss?: number | undefined;
  readonly validation?: number | undefined;
}

const [WIDTH, HEIGHT, MARGIN] = [720, 400, 64];
const INK = '#334155';
/** The first steps lie far above: shown they would press all others to a line. */
const MOST = 0.25;
const LEAST = 0.05;

/** The denoiser's training loss, and its loss on drawings it never learned from, over the steps. */
export function curvePlot(rows: readonly LogRow[]): string {
  const denoiser = rows.filter(({ stage, step }) => stage === 'denoiser' && step !== undefined);
  const last = Math.max(...denoiser.map(({ step = 0 }) => step));
  const x = (step: number) => MARGIN + (step / last) * (WIDTH - 2 * MARGIN);
  const y = (loss: number) =>
    HEIGHT - MARGIN - ((Math.min(loss, MOST) - LEAST) / (MOST - LEAST)) * (HEIGHT - 2 * MARGIN);
  const line = (key: 'loss' | 'validation', colour: string) => {
    const points = denoiser.flatMap(({ step = 0, [key]: value }) =>
      value === undefined ? [] : [`${x(step).toFixed(1)},${y(value).toFixed(1)}`],
    );
    return `<polyline points="${points.join(' ')}" fill="none" stroke="${colour}" stroke-width="2"/>`;
  };
  const ticks = [0.05, 0.1, 0.15, 0.2, 0.25].map((loss) => text(MARGIN - 26, y(loss) + 4, loss.toFixed(2)));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" role="img" aria-label="Loss of the denoiser over ${last} steps">`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#ffffff"/>`,
    text(
      WIDTH / 2,
      28,
      'Denoiser: velocity loss while training (orange) and on held-out drawings (green)',
      15,
    ),
    `<path d="M${MARGIN} ${MARGIN} V${HEIGHT - MARGIN} H${WIDTH - MARGIN}" fill="none" stroke="${INK}"/>`,
    ...ticks,
    line('loss', '#f59e0b'),
    line('validation', '#0f766e'),
    text(MARGIN, HEIGHT - MARGIN + 20, '0'),
    text(WIDTH - MARGIN, HEIGHT - MARGIN + 20, `${last}`),
    text(WIDTH / 2, HEIGHT - 20, 'steps of 512 pictures'),
    '</svg>\n',
  ].join('\n');
}

function text(x: number, y: number, words: string, size = 13): string {
  return `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" text-anchor="middle" font-size="${size}" fill="${INK}">${words}</text>`;
}

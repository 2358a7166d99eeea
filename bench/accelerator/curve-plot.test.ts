import { curvePlot } from './curve-plot.js';

test('both lines have a point a logged value, rising losses are drawn higher, other stages are left out', () => {
  const svg = curvePlot([
    { stage: 'classifier', step: 5, loss: 9 },
    { stage: 'denoiser', step: 50, loss: 0.2 },
    { stage: 'denoiser', step: 100, loss: 0.1 },
    { stage: 'denoiser', step: 100, validation: 0.15 },
  ]);
  const lines = [...svg.matchAll(/points="([^"]*)"/g)].map(([, points = '']) =>
    points.split(' ').map((point) => point.split(',').map(Number)),
  );
  expect(lines.map(({ length }) => length)).toEqual([2, 1]);
  expect(lines[0]?.[0]?.[1]).toBeLessThan(lines[0]?.[1]?.[1] ?? NaN);
  expect(svg).toContain('over 100 steps');
});

import fc from 'fast-check';
import { laterNews, type RunNews } from './provider-run.js';

/** What one run tells: start, output, logs, completed. */
const [start, output, logs, completed] = [
  { id: 'r', status: 'processing', output: null, logs: '' },
  { id: 'r', status: 'processing', output: ['https://files/1.png'], logs: '40%' },
  { id: 'r', status: 'processing', output: ['https://files/1.png'], logs: '40%\n80%' },
  {
    id: 'r',
    status: 'succeeded',
    output: ['https://files/1.png'],
    logs: '40%\n80%',
    metrics: { predict_time: 1 },
  },
] as const satisfies readonly RunNews[];

const permutations = <T>(all: readonly T[]): T[][] =>
  all.length < 2
    ? [[...all]]
    : all.flatMap((first, i) => permutations(all.filter((_, j) => j !== i)).map((rest) => [first, ...rest]));

test('all 24 orders of start, output, logs and completed end in the same state, with any repeats', () => {
  const orders = permutations<RunNews>([start, output, logs, completed]);
  expect(orders).toHaveLength(24);
  fc.assert(
    fc.property(fc.constantFrom(...orders), fc.array(fc.nat(3), { maxLength: 12 }), (order, repeats) => {
      const all = [...order];
      for (const i of repeats) all.splice(i * 2, 0, order[i] ?? start);
      expect(all.reduce(laterNews)).toEqual(completed);
    }),
    { numRuns: 500 },
  );
});

test('an end stays the end, whatever comes after it', () => {
  const canceled = { ...start, status: 'canceled' };
  expect(laterNews(canceled, output)).toBe(canceled);
  expect(laterNews(output, canceled)).toBe(canceled);
});

test('two ends, which no provider should tell, are decided without regard to their order', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('succeeded', 'failed', 'canceled', 'aborted'),
      fc.string(),
      (status, text) => {
        const [a, b] = [
          { ...start, status },
          { ...start, status: 'failed', error: text },
        ];
        expect(laterNews(a, b)).toEqual(laterNews(b, a));
      },
    ),
  );
});

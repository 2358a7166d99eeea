import type { ModelVersionId } from './ids.js';
import type { Metric } from './model-version.js';
import { promotionVerdict } from './promotion-rule.js';

const live = 'live' as ModelVersionId;
const gain = (name: string, low: number, slice?: string): Metric => ({
  ...{ name, value: low + 0.01, low, high: low + 0.02, n: 400 },
  ...(slice !== undefined && { slice }),
});
const overPopularity = (low: number) => gain('M4.fusion.gainN10', low);
const overLive = (low: number, slice = 'live') => gain('M4.gainOverLiveN10', low, slice);

test.each([
  ['nothing was measured', [], null, 'WORSE'],
  ['popularity is not beaten for sure, and nothing is live', [overPopularity(0)], null, 'WORSE'],
  ['popularity is beaten, and nothing is live', [overPopularity(0.001)], null, 'BETTER'],
  ['popularity is beaten, the live model was not compared', [overPopularity(0.001)], live, 'UNKNOWN'],
  ['only an earlier live model was beaten', [overPopularity(0.1), overLive(0.1, 'earlier')], live, 'UNKNOWN'],
  ['both are beaten for sure', [overPopularity(0.001), overLive(0.001)], live, 'BETTER'],
  ['the live model is as good', [overPopularity(0.001), overLive(0)], live, 'WORSE'],
  ['the live model is beaten, popularity is not', [overPopularity(-0.001), overLive(0.1)], live, 'WORSE'],
  ['a part alone beats popularity', [gain('M4.ease.gainN10', 0.1)], null, 'WORSE'],
] as const)('%s', (_, metrics, liveId, state) => {
  expect(promotionVerdict(metrics, liveId).state).toBe(state);
});

test('the verdict tells the figures that it rests on', () => {
  expect(promotionVerdict([overPopularity(0.1), overLive(0.02)], live).why).toBe(
    'it beats the live model: N@10 0.0300 (0.0200 to 0.0400) on 400 people',
  );
});

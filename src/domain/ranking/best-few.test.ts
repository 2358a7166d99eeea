import { seededRandom } from '../random.js';
import { bestFew } from './best-few.js';

test('keeps what a sort would keep, equal scores by ascending key', () => {
  const random = seededRandom('best few');
  for (const size of [1, 7, 64, 500]) {
    const pairs = Array.from({ length: 300 }, (_, key) => ({ score: random.int(40), key }));
    const few = bestFew(size);
    for (const { score, key } of pairs) few.push(score, key, 2 * key);
    const sorted = [...pairs].sort((a, b) => b.score - a.score || a.key - b.key).slice(0, size);
    const { count, scores, keys, tags } = few.take();
    expect(count).toBe(sorted.length);
    expect(Array.from(keys)).toEqual(sorted.map(({ key }) => key));
    expect(Array.from(scores)).toEqual(sorted.map(({ score }) => score));
    expect(Array.from(tags)).toEqual(sorted.map(({ key }) => 2 * key));
    expect(few.floor()).toBe(-Infinity);
  }
});

import { seededRandom } from '../random.js';
import { diversify } from './diversify.js';
import { cosine } from './steer.js';

interface Card {
  readonly steered: number;
  readonly title: string;
  readonly vector: Float32Array | null;
}

/** The definition, word by word: at each place all resemblances anew. */
function slowly(ranked: readonly Card[], k: number, lambda: number): Card[] {
  const left = [...ranked];
  const placed: Card[] = [];
  while (placed.length < k && left.length > 0) {
    const recent = placed.slice(-8);
    const alike = (a: Card, b: Card) => (a.title === b.title ? 1 : cosine(a.vector, b.vector));
    const worth = left
      .slice(0, 24)
      .map((card) => card.steered - lambda * Math.max(0, ...recent.map((one) => alike(card, one))));
    placed.push(...left.splice(worth.indexOf(Math.max(...worth)), 1));
  }
  return placed;
}

function cards(count: number): Card[] {
  const random = seededRandom('cards');
  return Array.from({ length: count }, (_, i) => {
    const angle = 7 * random.next();
    const vector = i % 9 === 0 ? null : Float32Array.of(Math.cos(angle), Math.sin(angle));
    return { steered: 3 - i / 20, title: `card ${random.int(30)}`, vector };
  });
}

test('remembered resemblances give the places that the definition gives', () => {
  expect(diversify(cards(80), 60, 0.6)).toEqual(slowly(cards(80), 60, 0.6));
  expect(diversify(cards(10), 60, 0.6)).toEqual(slowly(cards(10), 60, 0.6));
  expect(diversify([], 5)).toEqual([]);
});

test('three cards of one title do not stand side by side', () => {
  const same = [1, 0.9, 0.8].map((steered) => ({ steered, title: 'fox', vector: null }));
  const ranked = [...same, { steered: 0.5, title: 'owl', vector: null }];
  expect(diversify(ranked, 4).map(({ title }) => title)).toEqual(['fox', 'owl', 'fox', 'fox']);
});

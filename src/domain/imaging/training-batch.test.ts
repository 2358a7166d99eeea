import { seededRandom } from '../random.js';
import { COLOUR_NAMES } from './colour-names.js';
import type { TrainingArt } from './concept.js';
import { bagLayout } from './condition.js';
import { drawBatch, prepareTrainingSet } from './training-batch.js';
import { allUnits, drawUnits } from './training-words.js';
import { buildVocabulary } from './vocabulary.js';

const apple = {
  label: 'red apple',
  tags: ['fruit', 'red fruit'],
  group: 'food-drink',
  subgroup: 'food-fruit',
};
const disc = Uint8Array.from({ length: 16 * 16 * 3 }, (_, i) => {
  const inside = Math.hypot((Math.floor(i / 3) % 16) - 8, Math.floor(i / 48) - 8) < 6;
  return inside ? ([230, 30, 40][i % 3] ?? 0) : 255;
});
const art: TrainingArt = {
  concepts: [apple],
  drawings: [{ concept: 0, style: 'flat', pixels: disc }],
  width: 16,
};

function smallSet() {
  const vocabulary = buildVocabulary(art.concepts, ['flat']);
  const units = [...new Set([...allUnits(art.concepts), ...vocabulary.words])];
  return prepareTrainingSet({
    art,
    layout: bagLayout(vocabulary),
    dimensions: 2,
    unitVectors: new Map(units.map((unit) => [unit, Float32Array.of(1, 0)])),
    conceptVectors: [Float32Array.of(0, 1)],
  });
}

test('a batch depends on its seed alone', () => {
  const [first, again, other] = ['a', 'a', 'b'].map((seed) => drawBatch(smallSet(), 4, seededRandom(seed)));
  expect(again).toEqual(first);
  expect(other).not.toEqual(first);
});

test('about one in eight examples hears no words, so that the model can also be asked nothing', () => {
  const { text } = drawBatch(smallSet(), 800, seededRandom(1));
  const silent = Array.from({ length: 800 }, (_, i) => text[i * 2] === 0).filter(Boolean).length;
  expect(silent / 800).toBeCloseTo(0.12, 1);
});

test('a changed colour is always said, and never the old one', () => {
  const random = seededRandom(3);
  const palette = [{ name: 'red' as const, share: 1 }];
  for (let i = 0; i < 200; i++) {
    const units = drawUnits(apple, { palette, recoloured: 'blue' }, random);
    expect(units).toContain('blue');
    expect(units.join(' ')).not.toContain('red');
  }
});

test('every unit that can be said has its text vector made beforehand', () => {
  const known = new Set([...allUnits([apple]), ...buildVocabulary([apple], []).words]);
  const random = seededRandom(4);
  const palette = [{ name: 'red' as const, share: 1 }];
  for (let i = 0; i < 500; i++) {
    const recoloured = i % 2 === 0 ? null : (COLOUR_NAMES[i % COLOUR_NAMES.length] ?? null);
    for (const unit of drawUnits(apple, { palette, recoloured }, random)) expect(known).toContain(unit);
  }
});

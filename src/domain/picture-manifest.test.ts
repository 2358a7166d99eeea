import { recipeDigest } from './picture-manifest.js';
import type { Recipe } from './work.js';

const recipe: Recipe = {
  ...{ prompt: 'a quiet fox', seed: 42, steps: 12, guidance: 4, width: 256, height: 256 },
  ...{ style: 'flat', facets: ['foxes'], strength: null, provider: 'local', model: 'tiny-1' },
};

test('the digest says nothing of words and tastes, and changes with everything else', () => {
  const digest = recipeDigest(recipe);
  expect(digest).toMatch(/^[\da-f]{64}$/);
  expect(recipeDigest({ ...recipe, prompt: 'a secret', facets: [], nearest: [] } as Recipe)).toBe(digest);
  const changes: Partial<Recipe>[] = [
    { seed: 43 },
    { steps: 13 },
    { guidance: 5 },
    { width: 128 },
    { height: 128 },
    { style: null },
    { strength: 0.7 },
    { provider: 'other' },
    { model: 'tiny-2' },
  ];
  const all = changes.map((change) => recipeDigest({ ...recipe, ...change }));
  expect(new Set([digest, ...all]).size).toBe(changes.length + 1);
});

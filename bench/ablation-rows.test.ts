import { parseRecipeText } from '../src/domain/ranking/recipe.js';
import { ABLATION_ROWS } from './ablation-rows.js';

test('every row is a recipe that can be read, and a name that can stand in a figure', () => {
  expect(ABLATION_ROWS[0]?.[1]).toBe('');
  for (const [name, recipe] of ABLATION_ROWS) {
    expect(name).toMatch(/^[^.,]+$/);
    expect(() => parseRecipeText(recipe)).not.toThrow();
  }
  const recipes = ABLATION_ROWS.map(([, recipe]) => JSON.stringify(parseRecipeText(recipe)));
  expect(new Set(recipes).size).toBe(recipes.length);
});

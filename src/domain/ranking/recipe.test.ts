import { parseRecipe, parseRecipeText } from './recipe.js';

test('choices are read from an object and from the text of a command line alike', () => {
  const recipe = { block: 'hstu', blocks: 4, parts: ['trunk', 'codes'] };
  expect(parseRecipe(recipe)).toEqual(recipe);
  expect(parseRecipeText('block=hstu, blocks=4,parts=trunk+codes')).toEqual(recipe);
  expect(parseRecipeText('')).toEqual({});
});

test('everything that is wrong is told at once, with what was wanted and what came', () => {
  const wrong = () => parseRecipe({ block: 'lstm', blocks: 2.5, depth: 3 });
  expect(wrong).toThrow('block: one of transformer, gated, hstu, hstu-pointwise was wanted, "lstm" came');
  expect(wrong).toThrow('blocks: a whole number from 1 to 16 was wanted, "2.5" came');
  expect(wrong).toThrow(/depth: one of parts, .* was wanted/);
  expect(() => parseRecipeText('blocks')).toThrow(/: one of parts/);
});

import type { Random } from '../random.js';
import { COLOUR_NAMES, type ColourName } from './colour-names.js';
import type { Concept } from './concept.js';
import type { NamedShare } from './palette.js';
import { contentWords } from './words.js';

const COLOURS = new Set<string>(COLOUR_NAMES);

/**
 * What somebody might have typed to get this drawing: most of the label, some tags, now and then its group and its colours. Random
 * subsets teach that each word acts alone, which is what makes unseen combinations possible.
 */
export function drawUnits(
  concept: Concept,
  { palette, recoloured }: { palette: readonly NamedShare[]; recoloured: ColourName | null },
  random: Random,
): string[] {
  const free = (text: string) =>
    contentWords(text).filter((word) => recoloured === null || !COLOURS.has(word));
  const label = free(concept.label);
  const units = random.next() < 0.5 ? [label.join(' ')] : label.filter(() => random.next() > 0.1);
  const tagShare = random.next() < 0.5 ? 0 : 0.5 * random.next();
  for (const tag of concept.tags) if (random.next() < tagShare) units.push(free(tag).join(' '));
  if (random.next() < 0.2) units.push(...free(`${concept.group} ${concept.subgroup}`));
  units.push(...colourUnits(palette, recoloured, random));
  return [...new Set(units.filter((unit) => unit !== ''))];
}

/** A changed colour is always said: otherwise the model would learn that apples are blue. */
function colourUnits(
  palette: readonly NamedShare[],
  recoloured: ColourName | null,
  random: Random,
): ColourName[] {
  if (recoloured !== null) return [recoloured];
  return palette
    .slice(0, 2)
    .filter(({ share }) => share > 0.25 && random.next() < 0.5)
    .map(({ name }) => name);
}

/** Every unit that `drawUnits` can ever say, so that all text vectors are made once before training. */
export function allUnits(concepts: readonly Concept[]): string[] {
  const units = new Set<string>(COLOUR_NAMES);
  for (const { label, tags, group, subgroup } of concepts) {
    for (const text of [label, ...tags]) {
      const words = contentWords(text);
      units.add(words.join(' '));
      units.add(words.filter((word) => !COLOURS.has(word)).join(' '));
    }
    for (const word of contentWords(`${label} ${group} ${subgroup}`)) units.add(word);
  }
  units.delete('');
  return [...units].sort();
}

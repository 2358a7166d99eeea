/**
 * What each choice brings: one row, one recipe, all with the same seconds and seeds. The first row is what the others are compared
 * with. A name is a part of a figure's name, so it has no dot.
 */
export const ABLATION_ROWS: readonly (readonly [name: string, recipe: string])[] = [
  ['by rule', ''],
  ['transformer blocks', 'block=transformer'],
  ['gated blocks', 'block=gated'],
  ['HSTU blocks', 'block=hstu'],
  ['one block', 'blocks=1'],
  ['four blocks', 'blocks=4'],
  ['width 32', 'width=32'],
  ['width 128', 'width=128'],
  ['plain ids as codes', 'tokenizer=plain'],
  ['codes by beams', 'decoding=beam'],
  ['codes by proven drafts', 'decoding=draft'],
  ['distilled codes', 'distil=on'],
  ['without time bias', 'timeBias=off'],
  ['action tokens', 'actions=on'],
  ['three interests', 'interests=3'],
  ['goal as input', 'goals=on'],
  ['two thoughts more', 'reasoningSteps=2'],
  ['with DreamRec', 'diffusion=dreamrec'],
  ['closed form only', 'parts=popularity+trend+itemknn+ease'],
  ['without EASE', 'parts=popularity+trend+itemknn+trunk+codes'],
  ['without the trunk', 'parts=popularity+trend+itemknn+ease+codes'],
  ['without the codes', 'parts=popularity+trend+itemknn+ease+trunk'],
];

/** How much of its start a remix may give up, as the API takes it: 0 would be the start itself, and 0.7 is what it takes where nothing is said. */
export const STRENGTH = { least: 0.1, usual: 0.7, most: 1, step: 0.1 } as const;

/** Up to each share of the start, in a person's words. */
const WORDS = [
  [0.2, 'A little'],
  [0.4, 'Some of it'],
  [0.6, 'About half'],
  [0.8, 'Most of it'],
  [0.9, 'Nearly all'],
] as const;

export function strengthWords(strength: number): string {
  return WORDS.find(([most]) => strength <= most)?.[1] ?? 'All of it';
}

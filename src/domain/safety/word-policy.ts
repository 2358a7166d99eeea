import type { SafetyVerdict } from './safety-verdict.js';

/** Changes with every change below. */
export const WORD_POLICY = 'words-1';
const THRESHOLD = 0.8;

type Category = 'sexual' | 'minors' | 'violence' | 'hate' | 'self-harm';

/**
 * Words by what they are of and how much they say by themselves: 1 says it all, two of 0.4 say it together. Stems end with an asterisk. A list of
 * words cannot know what a picture shows; it stops what is asked for in so many words.
 */
const TERMS: readonly (readonly [Category, number, string])[] = [
  [
    'sexual',
    1,
    'porn* hentai erotic* nsfw blowjob orgasm* masturbat* fetish* bdsm genital* vagina* penis* camgirl* upskirt*',
  ],
  [
    'sexual',
    0.5,
    'nude* nudity naked topless lingerie sexy sexual* seductive* undress* unclothed stripper* provocative*',
  ],
  ['sexual', 0.4, 'breasts nipple* buttocks thong cleavage aroused sensual* sex'],
  ['violence', 1, 'behead* decapitat* dismember* disembowel* mutilat* eviscerat* gore gory snuff'],
  [
    'violence',
    0.5,
    'tortur* massacre* slaughter* execut* stabb* strangl* corpse* murder* bloodbath gruesome',
  ],
  ['violence', 0.4, 'blood bloody bleeding kill* dead shooting wound* victim* knife gun'],
  ['hate', 1, 'swastika* nazi* kkk lynch* genocid*'],
  ['hate', 0.8, 'aryan subhuman* untermensch*'],
  ['self-harm', 1, 'suicid* selfharm*'],
];

/** Of several words, which no single one says. */
const PHRASES: readonly (readonly [Category, number, RegExp])[] = [
  [
    'self-harm',
    1,
    /\b(?:self harm|hang(?:s|ing)? (?:him|her|my|them)sel(?:f|ves)|cut(?:s|ting)? (?:his|her|my|their) wrists?)\b/,
  ],
  ['hate', 1, /\b(?:white (?:power|supremac\w*)|ethnic cleansing|heil hitler|race war)\b/],
  [
    'sexual',
    1,
    /\b(?:having sex|sex (?:scene|act)|spread legs|no clothes|without (?:any )?clothes|see through (?:dress|shirt|blouse))\b/,
  ],
  [
    'violence',
    1,
    /\b(?:severed (?:head|limb|arm|leg|hand)s?|blown to pieces|torn apart|guts (?:out|spilling)|shot in the head)\b/,
  ],
];

const YOUNG =
  /\b(?:child(?:ren)?|kids?|girls?|boys?|teens?|teenage(?:r|rs)?|toddlers?|bab(?:y|ies)|infants?|minors?|schoolgirls?|schoolboys?|underage|preteens?|lolita|loli|shota|(?:[1-9]|1[0-7]) years? old)\b/;
/** From this on what is sexual is refused where young people are named, whatever else is said. */
const ANY_SEXUAL = 0.4;

/** Digits and signs that stand for letters. */
const LOOKALIKES: Readonly<Record<string, string>> = {
  ...{ '0': 'o', '1': 'i', '3': 'e', '4': 'a', '5': 's', '7': 't', '@': 'a', $: 's', '!': 'i' },
};

/** Verdict on the words of a picture: what is worst of all categories, each the sum of what was found, at most 1. */
export function judgeWords(text: string): SafetyVerdict {
  const plain = plainText(text);
  const scores = scoresOf(plain);
  const isMinors = YOUNG.test(plain) && (scores.get('sexual') ?? 0) >= ANY_SEXUAL;
  const worst = isMinors ? (['minors', 1] as const) : [...scores].sort(([, a], [, b]) => b - a)[0];
  const [category, score] = worst ?? [null, 0];
  return { policy: WORD_POLICY, score, threshold: THRESHOLD, category };
}

function scoresOf(plain: string): Map<Category, number> {
  const found = [...MATCHERS, ...PHRASES].filter(([, , pattern]) => pattern.test(plain));
  const scores = new Map<Category, number>();
  for (const [category, weight] of found)
    scores.set(category, Math.min(1, (scores.get(category) ?? 0) + weight));
  return scores;
}

const MATCHERS = TERMS.flatMap(([category, weight, terms]) =>
  terms
    .split(' ')
    .map((term) => [category, weight, new RegExp(`\\b${term.replace('*', '\\w*')}\\b`)] as const),
);

/**
 * Lower case, without accents, zero-width letters and disguises: n.u.d.e, n u d e and nud3 are one word. Ages keep their digits, which alone stand
 * between spaces.
 */
function plainText(text: string): string {
  const letters = text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[\u0300-\u036f\u200b-\u200f\u2060\ufeff\u00ad]/g, '')
    .replace(/(?<=[a-z])[0134578@$!]|[0134578@$!](?=[a-z])/g, (sign) => LOOKALIKES[sign] ?? sign)
    .replace(/[,;:?\n]+/g, '  ')
    .replace(/[^a-z0-9 ]/g, ' ');
  const joined = letters.replace(/\b(?:[a-z] ){2,}[a-z]\b/g, (spelt) => spelt.replaceAll(' ', ''));
  return joined.replace(/ +/g, ' ').trim();
}

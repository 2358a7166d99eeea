import { type CodeRegister, codeRegister } from './code-register.js';
import type { SemanticIds } from './residual-kmeans.js';

/** The words that ids are made of: per level, the word of each digit. Digit 0 is the empty word of an item that has none left. */
export interface WordBooks {
  readonly levels: readonly (readonly string[])[];
  /** Items that have each word of `levels`, and items in all: what a later item chooses its words by. */
  readonly counts: readonly (readonly number[])[];
  readonly items: number;
}

/** Words of an id, general to special; as many as residual codes have levels. */
const WORDS = 3;
/** Items that may share all words before the next one takes a further word instead. */
const MOST_NUMBERED = 16;
/** A word that more than this share of the items have tells nothing. */
const TOO_COMMON = 0.5;
const EMPTY = '';

/**
 * Short readable ids from the words of title and topics (IDGenRec, Tan et al. 2024, without its writer): level l takes the word
 * whose number of items is nearest, in logarithms, to N^(1 − l / L). So each word divides what the one before left by about the
 * same factor, the tree stays wide, and likeness starts on the left: "comedy toy story".
 */
export function learnWordBooks(texts: readonly string[]): WordBooks {
  const words = texts.map(wordsOf);
  const counts = documentCounts(words);
  const choice = { counts, items: texts.length };
  const chosen = words.map((own) => bestWords(own, choice));
  const levels = Array.from({ length: WORDS }, (_, level) => [
    EMPTY,
    ...[...new Set(chosen.map((own) => own[level] ?? EMPTY))].filter((word) => word !== EMPTY).sort(),
  ]);
  return {
    levels,
    counts: levels.map((own) => own.map((word) => counts.get(word) ?? 0)),
    items: texts.length,
  };
}

/** Gives each item its words and a number. Items whose words are taken try another of their words at the last place first. */
export function assignTextIds(
  books: WordBooks,
  texts: readonly string[],
  order: Int32Array,
  taken?: SemanticIds,
): SemanticIds {
  const known = taken?.itemCount ?? 0;
  const levels = WORDS + 1;
  const digits = new Uint16Array((known + order.length) * levels);
  if (taken) digits.set(taken.digits);
  const lexicon = lexiconOf(books);
  const register = codeRegister(taken);
  for (const item of order) {
    const code = digits.subarray((known + item) * levels, (known + item + 1) * levels);
    placeWords(wordsOf(texts[item] ?? ''), { lexicon, register }, code);
  }
  const most = Math.max(taken?.radix[WORDS] ?? MOST_NUMBERED, register.mostShared);
  const radix = [...books.levels.map((words) => words.length), most];
  return { itemCount: known + order.length, levels, radix, digits };
}

/** The words of a code, without empty ones; its number only where it is not the first. */
export function readTextId({ levels }: WordBooks, code: readonly number[]): string {
  const words = levels.map((words, level) => words[code[level] as number] ?? EMPTY);
  const number = code[WORDS] as number;
  return [...words, number === 0 ? EMPTY : String(number + 1)].filter((word) => word !== EMPTY).join(' ');
}

/** What words are chosen by; with `digitOf`, only words that the level has. */
interface Choice {
  readonly counts: ReadonlyMap<string, number>;
  readonly items: number;
  readonly digitOf?: readonly ReadonlyMap<string, number>[];
}
type Lexicon = Required<Choice>;

function lexiconOf({ levels, counts, items }: WordBooks): Lexicon {
  return {
    items,
    counts: new Map(levels.flatMap((words, l) => words.map((word, d) => [word, counts[l]?.[d] ?? 0]))),
    digitOf: levels.map((words) => new Map(words.map((word, digit) => [word, digit]))),
  };
}

function placeWords(
  words: readonly string[],
  { lexicon, register }: { lexicon: Lexicon; register: CodeRegister },
  code: Uint16Array,
): void {
  const best = bestWords(words, lexicon);
  const digit = (level: number, word: string) => lexicon.digitOf[level]?.get(word) ?? 0;
  for (let level = 0; level < WORDS - 1; level++) code[level] = digit(level, best[level] ?? EMPTY);
  const last = WORDS - 1;
  const own = digit(last, best[last] ?? EMPTY);
  const others = words.map((word) => digit(last, word)).filter((other) => other !== 0);
  const candidates = [...new Set([own, ...others])];
  for (const candidate of candidates) {
    code[last] = candidate;
    code[WORDS] = 0;
    if (register.claim(code)) return;
  }
  const all = Array.from(lexicon.digitOf[last]?.values() ?? []);
  register.place(code, [...new Set([...candidates, ...all])], MOST_NUMBERED);
}

/** One word per level, each used once; the last places of an item with fewer words stay empty. */
function bestWords(words: readonly string[], { counts, items, digitOf }: Choice): string[] {
  const known = words.filter((word) => counts.has(word));
  const telling = known.filter((word) => (counts.get(word) ?? 0) <= TOO_COMMON * items);
  const left = new Set(telling.length > 0 ? telling : known);
  const chosen: string[] = [];
  for (let level = 1; level <= WORDS; level++) {
    const target = (1 - level / WORDS) * Math.log(Math.max(2, items));
    const distance = (word: string) => Math.abs(Math.log(counts.get(word) ?? 1) - target);
    const fitting = [...left].filter((word) => digitOf?.[level - 1]?.has(word) ?? true);
    const best = fitting.reduce((a, b) => (a === EMPTY || distance(b) < distance(a) ? b : a), EMPTY);
    chosen.push(best);
    left.delete(best);
  }
  return chosen;
}

/** Different words of two letters or more, and numbers, in the order in which they are read. */
function wordsOf(text: string): string[] {
  return [...new Set(text.toLowerCase().match(/[\p{L}\p{N}][\p{L}\p{N}'’]+/gu) ?? [])];
}

function documentCounts(words: readonly (readonly string[])[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const own of words) for (const word of own) counts.set(word, (counts.get(word) ?? 0) + 1);
  return counts;
}

import type { EventType } from '../event.js';
import type { ItemId } from '../ids.js';
import type { Claim, Evidence } from '../recommendation.js';
import type { Fact } from './facts.js';

export type ReasonStyle = 'SHORT' | 'FULL' | 'COUNTERFACTUAL' | 'TECHNICAL';

export interface Reason {
  readonly text: string;
  readonly claims: readonly Claim[];
}

/** How many facts each style says: a card has room for one sentence, the panel for a few. */
const ROOM: Readonly<Record<ReasonStyle, number>> = { SHORT: 1, FULL: 4, COUNTERFACTUAL: 2, TECHNICAL: 6 };

/** Which kind of fact says most, first: what the person asked for just now, what they did, then what they stated, then what others did. */
const ORDER: readonly Fact['kind'][] = [
  'EXPLORATION',
  'REQUEST',
  'INTERACTION',
  'PREFERENCE',
  'ATTRIBUTE',
  'NEIGHBOUR',
  'TREND',
];

/** Writes one sentence per fact, in order of weight; every sentence is a claim that carries its fact as evidence. */
export function writeReason(facts: readonly Fact[], style: ReasonStyle): Reason {
  const chosen = inOrder(facts)
    .filter((fact) => style !== 'COUNTERFACTUAL' || fact.kind === 'INTERACTION')
    .slice(0, ROOM[style]);
  let text = '';
  const claims = chosen.map((fact): Claim => {
    const sentence = style === 'COUNTERFACTUAL' ? counterfactual(fact) : SENTENCE[fact.kind](fact as never);
    const start = text === '' ? 0 : text.length + 1;
    text = text === '' ? sentence : `${text} ${sentence}`;
    const contribution = fact.kind === 'INTERACTION' ? fact.contribution : null;
    return {
      text: sentence,
      start,
      end: start + sentence.length,
      evidence: [evidenceOf(fact)],
      contribution,
    };
  });
  return { text, claims };
}

function inOrder(facts: readonly Fact[]): Fact[] {
  const weight = (fact: Fact) => (fact.kind === 'INTERACTION' ? fact.contribution : 0);
  return [...facts].sort((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind) || weight(b) - weight(a));
}

const DID: Readonly<Partial<Record<EventType, string>>> = {
  CLICK: 'opened',
  FAVOURITE: 'favourited',
  SHARE: 'shared',
  REMIX: 'remixed',
  DOWNLOAD: 'downloaded',
  CONVERT: 'chose',
  RATE: 'rated',
  DWELL: 'looked long at',
};

type Sentences = { readonly [K in Fact['kind']]: (fact: Extract<Fact, { kind: K }>) => string };

const SENTENCE: Sentences = {
  INTERACTION: ({ did, title }) => `Because you ${DID[did] ?? 'chose'} “${title}”.`,
  NEIGHBOUR: ({ cohortSize, title }) => `${cohortSize} people who chose “${title}” also chose this.`,
  ATTRIBUTE: ({ attribute, value, times, outOf }) =>
    `${attribute === 'topic' ? `About ${value}` : `Its ${attribute} is ${value}`}, like ${times} of your last ${outOf} choices.`,
  PREFERENCE: ({ attribute, value }) =>
    `You said you like ${attribute === 'topic' ? value : `${attribute} ${value}`}.`,
  TREND: ({ count, window }) => `${count} people chose this ${window}.`,
  EXPLORATION: ({ rate }) =>
    `Picked by chance to get to know you: about ${Math.round(rate * 100)} in 100 places are.`,
  REQUEST: ({ words }) => `Near to what you asked for: “${words}”.`,
};

function counterfactual(fact: Fact): string {
  if (fact.kind !== 'INTERACTION')
    throw new Error(`a counterfactual needs an interaction, ${fact.kind} came`);
  return `Without “${fact.title}” your history would speak ${Math.round(fact.contribution * 100)} % less for this.`;
}

function evidenceOf(fact: Fact): Evidence {
  switch (fact.kind) {
    case 'INTERACTION':
      return { kind: 'INTERACTION', eventId: fact.eventId, itemId: fact.itemId as ItemId };
    case 'NEIGHBOUR':
      return {
        kind: 'NEIGHBOUR',
        itemId: fact.itemId as ItemId,
        cohortSize: fact.cohortSize,
        overlap: fact.overlap,
      };
    case 'ATTRIBUTE':
      return {
        kind: 'ATTRIBUTE',
        itemId: fact.itemId as ItemId,
        attribute: fact.attribute,
        value: fact.value,
      };
    case 'PREFERENCE':
      return { kind: 'PREFERENCE', facetId: fact.facetId, attribute: fact.attribute, value: fact.value };
    case 'TREND':
      return { kind: 'TREND', window: fact.window, count: fact.count, change: fact.change };
    case 'EXPLORATION':
      return { kind: 'EXPLORATION', policy: fact.policy, rate: fact.rate };
    case 'REQUEST':
      return { kind: 'REQUEST', words: fact.words, nearness: fact.nearness };
  }
}

import { DomainError } from '../domain/errors.js';
import type { ItemId } from '../domain/ids.js';
import { generateSession, type NextItems } from '../domain/ranking/generate-session.js';
import type { ServingRanker } from '../domain/ranking/serving-ranker.js';
import { cosine } from '../domain/ranking/steer.js';
import type { CandidateSource } from '../domain/recommendation.js';
import { type Asking, openAnswer } from './open-answer.js';
import type { RankingView } from './ranking-view.js';
import type { Recommended, RecommendPorts } from './recommend.js';
import { serveAnswer } from './serve-answer.js';

export interface SessionQuestion extends Omit<Asking, 'includeSeen'> {
  readonly length: number;
}

/** A sitting, not a feed; each item costs one pass of the model. */
const MOST_IN_SESSION = 30;

/** A whole list at once: every item decoded after those chosen before it, none twice, none seen, none hidden. */
export async function generateList(ports: RecommendPorts, question: SessionQuestion): Promise<Recommended> {
  const { length } = question;
  if (!Number.isInteger(length) || length < 1 || length > MOST_IN_SESSION)
    throw new DomainError('INVALID_INPUT', `length: 1 to ${MOST_IN_SESSION} was wanted, ${length} came`, {
      path: ['length'],
      constraint: `1..${MOST_IN_SESSION}`,
    });
  const startedAt = ports.clock.now().getTime();
  const open = await openAnswer(ports, { ...question, includeSeen: false });
  const { ranker } = open.view;
  // codes say nothing of somebody who has done nothing, and the baseline has no codes: what is best alone then starts the list
  const generate = open.numbers.length > 0 ? ranker.generate : null;
  const session = await generateSession(
    generate ?? byRanking(ranker),
    { history: open.numbers, context: open.context },
    {
      length,
      excluded: open.showable.forbiddenNumbers(),
      resemblance: resemblanceIn(open.view),
    },
  );
  const sources: readonly CandidateSource[] = [generate ? 'GENERATIVE' : 'FALLBACK'];
  return serveAnswer(ports, open, {
    ...{ surface: 'CUSTOM', first: length, startedAt },
    degraded: generate
      ? null
      : 'no codes or no history to decode after: the ranking was asked again for each place',
    entries: session.map(({ item, logProb }) => ({
      itemId: ranker.itemIds[item] as ItemId,
      score: logProb,
      sources,
    })),
  });
}

/** Worth of a place in a ranking, in units of log-probability: ten places down is 2.7 times as unlikely. */
const PLACE = 0.1;

/** A ranker without codes gives an order only; asked after the growing history it makes sessions all the same. */
function byRanking(ranker: ServingRanker): NextItems {
  return async ({ history, context }, taken, few) =>
    (await ranker.rank(history, taken, few, context)).map(({ item }, place) => ({
      item,
      logProb: -PLACE * place,
    }));
}

function resemblanceIn({ ranker, items, vectors }: RankingView): (a: number, b: number) => number {
  const idOf = (number: number) => ranker.itemIds[number] as ItemId;
  return (a, b) => {
    const [one, other] = [idOf(a), idOf(b)];
    if (items.get(one)?.title === items.get(other)?.title) return 1;
    return cosine(vectors.get(one) ?? null, vectors.get(other) ?? null);
  };
}

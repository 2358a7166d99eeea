import { groundText } from '../domain/decoding/ground-text.js';
import { DomainError } from '../domain/errors.js';
import type { ItemId } from '../domain/ids.js';
import { assertWords } from './assert-words.js';
import type { Ports } from './ports.js';
import { type Asking, openAnswer, type OpenAnswer } from './open-answer.js';
import type { Recommended, RecommendPorts } from './recommend.js';
import { serveAnswer } from './serve-answer.js';

export interface GroundQuestion extends Omit<Asking, 'includeSeen'> {
  readonly text: string;
  readonly first: number;
}

const SNAPSHOT = 200;

/** Free words -> a place in the encoder's space -> the real items nearest to it, those that this person would want first among equals. */
export async function groundWords(
  ports: RecommendPorts & Pick<Ports, 'text'>,
  question: GroundQuestion,
): Promise<Recommended> {
  assertWords(question.text, 'text');
  const startedAt = ports.clock.now().getTime();
  const open = await openAnswer(ports, { ...question, includeSeen: true });
  const [query = new Float32Array()] = await ports.text.encode([question.text]);
  const ids = groundable(open, query.length);
  const wanted = await wantedOf(open, ids);
  const items = ids.map((id, i) => ({
    vector: open.view.vectors.get(id) as Float32Array,
    wanted: wanted[i] as number,
  }));
  const entries = groundText(query, items)
    .slice(0, SNAPSHOT)
    .map(({ index, closeness }) => ({
      itemId: ids[index] as ItemId,
      score: closeness,
      sources: ['CONTENT_SIMILARITY'] as const,
    }));
  const { first } = question;
  return serveAnswer(ports, open, { surface: 'SEARCH', first, startedAt, degraded: null, entries });
}

/** Items whose words were read already; new ones are read by the next training. */
function groundable({ view, showable }: OpenAnswer, dimensions: number): ItemId[] {
  const ids = showable.ids().filter((id) => view.vectors.get(id)?.length === dimensions);
  if (ids.length > 0) return ids;
  throw new DomainError(
    'CONFLICT',
    'text vectors of the catalogue were wanted, there are none yet: they are made when a ranker is trained',
    { path: ['catalogueId'] },
  );
}

/** The ranker's score for this person; what it has not met is wanted least. */
async function wantedOf({ view, numbers, context }: OpenAnswer, ids: readonly ItemId[]): Promise<number[]> {
  const known = ids.flatMap((id) => view.numberOf.get(id) ?? []);
  const asked = Int32Array.from(known);
  const [scores = new Float32Array()] = await view.ranker.scoreItems([numbers], asked, [context]);
  const least = scores.reduce((low, score) => Math.min(low, score), Infinity);
  const scoreOf = new Map(known.map((number, i) => [number, scores[i] ?? least]));
  return ids.map((id) => scoreOf.get(view.numberOf.get(id) ?? -1) ?? (Number.isFinite(least) ? least : 0));
}

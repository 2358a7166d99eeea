import type { Explanation, HistoryEntry, ServedRequest } from '../../domain/recommendation.js';
import type { AnswerStore } from '../../flow/ports/stores.js';
import type {
  Explanation as ExplanationRow,
  ServedRequest as RequestRow,
} from '../../generated/prisma/client.js';
import { asJson } from './as-json.js';
import { servedReactions } from './served-reactions.js';
import type { StoreContext } from './store-context.js';
import { isUuid, uuids } from './uuids.js';

type StoredEntry = Omit<HistoryEntry, 'at'> & { readonly at: string };

function toRequest(row: RequestRow): ServedRequest {
  const history = (row.history as unknown as StoredEntry[]).map((entry) => ({
    ...entry,
    at: new Date(entry.at),
  }));
  return { ...row, history } as unknown as ServedRequest;
}
const toExplanation = (row: ExplanationRow): Explanation => row as unknown as Explanation;

export function answerStore({ db }: StoreContext): AnswerStore {
  return {
    async saveRequest(request) {
      const { history, entries, ...facts } = request;
      await db.servedRequest.createMany({
        data: [{ ...facts, history: asJson(history), entries: asJson(entries) }],
        skipDuplicates: true,
      });
    },
    reactions: (catalogueId) => servedReactions(db, catalogueId),
    async request(id) {
      if (!isUuid(id)) return null;
      const row = await db.servedRequest.findUnique({ where: { id } });
      return row && toRequest(row);
    },
    async saveExplanations(explanations) {
      await db.explanation.createMany({
        data: explanations.map(({ claims, controls, ...facts }) => ({
          ...facts,
          claims: asJson(claims),
          controls: asJson(controls),
        })),
        skipDuplicates: true,
      });
    },
    explanations: async (wanted) =>
      (await db.explanation.findMany({ where: { id: { in: uuids(wanted) } } })).map(toExplanation),
    async explanationsFor(requestId, itemIds, style) {
      if (!isUuid(requestId)) return [];
      const rows = await db.explanation.findMany({
        where: { requestId, style, itemId: { in: uuids(itemIds) } },
        orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
        distinct: ['itemId'],
      });
      return rows.map(toExplanation);
    },
  };
}

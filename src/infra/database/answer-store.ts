import type { Explanation, HistoryEntry, ServedRequest } from '../../domain/recommendation.js';
import type { AnswerStore } from '../../flow/ports/stores.js';
import type {
  Explanation as ExplanationRow,
  ServedRequest as RequestRow,
} from '../../generated/prisma/client.js';
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
      const { id, personId, catalogueId, surface, modelVersionId, profiled, degraded, createdAt } = request;
      await db.$executeRaw`
        INSERT INTO served_request (id, person_id, catalogue_id, surface, model_version_id, profiled, degraded, request,
                                    history, entries, created_at)
        VALUES (${id}::uuid, ${personId}::uuid, ${catalogueId}::uuid, ${surface}, ${modelVersionId}::uuid, ${profiled},
                ${degraded}, ${request.request ?? null}, ${JSON.stringify(request.history)}::jsonb, ${JSON.stringify(request.entries)}::jsonb,
                ${createdAt})
        ON CONFLICT DO NOTHING`;
    },
    reactions: (catalogueId) => servedReactions(db, catalogueId),
    async request(id) {
      if (!isUuid(id)) return null;
      const row = await db.servedRequest.findUnique({ where: { id } });
      return row && toRequest(row);
    },
    async saveExplanations(explanations) {
      await db.$executeRaw`
        INSERT INTO explanation (id, request_id, person_id, item_id, style, locale, text, claims, grounded_share, controls,
                                 created_at)
        SELECT id, "requestId", "personId", "itemId", style, locale, text, claims, "groundedShare", controls, "createdAt"
          FROM jsonb_to_recordset(${JSON.stringify(explanations)}::jsonb) AS x(
            id uuid, "requestId" uuid, "personId" uuid, "itemId" uuid, style text, locale text, text text, claims jsonb,
            "groundedShare" float8, controls jsonb, "createdAt" timestamptz)
        ON CONFLICT DO NOTHING`;
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

import type { CatalogueId, ItemId } from '../domain/ids.js';
import type { Person } from '../domain/person.js';
import { openedWith } from './open-answer.js';
import type { Ports } from './ports.js';
import type { BesideRanking } from './rank-beside.js';
import { viewerSignals } from './viewer-signals.js';

/** What a batch says of one person. */
export interface RankedPerson {
  /** External id. */
  readonly person: string;
  /** Version of the model that ranked; null for the closed-form baseline. */
  readonly model: string | null;
  /** Best first, by external id; scores are comparable within one person only. */
  readonly items: readonly { readonly item: string; readonly score: number }[];
}

type RankPorts = Pick<Ports, 'stores' | 'clock' | 'rankers'>;

export interface PeopleAsked {
  readonly catalogueId: CatalogueId;
  readonly limit: number;
  readonly beside: Pick<BesideRanking, 'rankMany'>;
}

/**
 * The ranking alone for many people at once, in their order: what each may see and has not seen, as `recommend` starts from, without
 * steering, diversity or exploration, and stored nowhere. Who wants no profiling gets what suits everybody.
 */
export async function rankPeople(
  ports: RankPorts,
  people: readonly Person[],
  { catalogueId, limit, beside }: PeopleAsked,
): Promise<RankedPerson[]> {
  const view = await ports.rankers.view(catalogueId);
  const now = ports.clock.now();
  const questions = await Promise.all(
    people.map(async (viewer) => {
      const signals = await viewerSignals(ports, viewer, false);
      const opened = openedWith(view, signals, { viewer, includeSeen: false, now });
      const { numbers, context, showable } = opened;
      return { history: numbers, exclude: showable.forbiddenNumbers(), context };
    }),
  );
  const ranked = await beside.rankMany(view.ranker, questions, limit);
  const nameOf = (number: number) => view.items.get(view.ranker.itemIds[number] as ItemId)?.externalId ?? '';
  return people.map(({ externalId }, i) => ({
    person: externalId,
    model: view.model?.version ?? null,
    items: (ranked[i] ?? []).map(({ item, score }) => ({ item: nameOf(item), score })),
  }));
}

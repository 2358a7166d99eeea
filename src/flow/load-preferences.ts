import type { CatalogueId, ItemId, PersonId } from '../domain/ids.js';
import type { Preference } from '../domain/ranking/objectives/preference.js';
import { preferencesFromAnswer } from '../domain/ranking/objectives/preferences-from-answer.js';
import { preferencesFromLog } from '../domain/ranking/objectives/preferences-from-log.js';
import { eachPerson } from './load-sequences.js';
import type { TrainingData } from './load-training-data.js';
import type { Ports } from './ports.js';
import type { ServedReactions, TrainingRow } from './ports/stores.js';

/**
 * Store -> what people chose and what they passed over, in the numbers of the training data: from answers we gave and the reactions to
 * them, and from the bare log (imported ratings, skips, dislikes) of people for whom there is no answer with a choice in it.
 */
export async function loadPreferences(
  { stores }: Pick<Ports, 'stores'>,
  catalogueId: CatalogueId,
  { itemIds, personIds }: Pick<TrainingData, 'itemIds' | 'personIds'>,
): Promise<Preference[]> {
  const items = new Map(itemIds.map((id, number) => [id, number]));
  const people = new Map(personIds.map((id, number) => [id, number]));
  const preferences: Preference[] = [];
  for await (const answers of stores.answers.reactions(catalogueId))
    preferences.push(...answers.flatMap((answer) => ofAnswer(answer, { items, people })));
  const answered = new Set(preferences.map(({ person }) => person));
  await eachPerson(stores.events.trainingLog(catalogueId), (rows) => {
    const person = people.get(rows[0]?.personId as PersonId);
    if (person === undefined || answered.has(person)) return;
    preferences.push(...preferencesFromLog(person, loggedEvents(rows, items)));
  });
  return preferences;
}

interface Numbers {
  readonly items: ReadonlyMap<ItemId, number>;
  readonly people: ReadonlyMap<PersonId, number>;
}

function ofAnswer(
  { personId, history, entries, reactions }: ServedReactions,
  { items, people }: Numbers,
): Preference[] {
  const person = people.get(personId);
  if (person === undefined) return [];
  const numbersOf = (ids: readonly ItemId[]) => ids.map((id) => items.get(id) ?? null);
  return preferencesFromAnswer({
    person,
    history: Int32Array.from(numbersOf(history).filter((item) => item !== null)),
    entries: numbersOf(entries),
    reactions: reactions.flatMap(({ itemId, ...event }) => {
      const item = items.get(itemId);
      return item === undefined ? [] : [{ ...event, item }];
    }),
  });
}

function loggedEvents(rows: readonly TrainingRow[], items: Numbers['items']) {
  return rows.flatMap(({ itemId, type, value, at }) => {
    const item = items.get(itemId);
    return item === undefined ? [] : [{ item, type, value, at: at.getTime() / 1000 }];
  });
}

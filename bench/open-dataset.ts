import { actionOf } from '../src/domain/ranking/actions.js';
import type { Interaction } from '../src/domain/ranking/ranking-data.js';
import type { Dataset } from '../src/flow/dataset.js';
import { datasetReaders } from '../src/infra/datasets/dataset-readers.js';

/** The data set of a folder, through the product's own reader of that format. */
export async function openDataset(format: string, folder: string): Promise<Dataset> {
  const reader = datasetReaders.find((one) => one.format === format);
  if (reader === undefined) throw new Error(`no reader for ${format}`);
  return reader.open(folder);
}

/** All events in the order of the source. A row that cannot be read is an error: a figure is of the whole set. */
export async function interactionsOf(
  dataset: Dataset,
  { actions }: { readonly actions: boolean },
): Promise<Interaction[]> {
  const interactions: Interaction[] = [];
  for await (const row of dataset.events()) {
    if (!row.ok) throw new Error(`${row.file}:${row.line}: ${row.reason}`);
    const { personExternalId: person, itemExternalId: item, at } = row.value;
    interactions.push({
      ...{ person, item, at: at.getTime() / 1000, order: interactions.length },
      ...(actions && { action: actionOf(row.value) }),
    });
  }
  return interactions;
}

import { DomainError } from '../domain/errors.js';
import type { ItemId } from '../domain/ids.js';
import type { Person } from '../domain/person.js';
import type { Ports } from './ports.js';

const MAX_TAGS = 20;
const MAX_LENGTH = 40;

export interface TagChange {
  readonly add: readonly string[];
  readonly remove: readonly string[];
}

/** Labels as they are kept: lower case, one space between words. */
export function soundTags({ add, remove }: TagChange): TagChange {
  const sound = (tags: readonly string[], field: string) =>
    [...new Set(tags.map((tag) => tag.trim().toLowerCase().replace(/\s+/g, ' ')))].map((tag) => {
      if (tag !== '' && tag.length <= MAX_LENGTH) return tag;
      const message = `${field}: labels of 1 to ${MAX_LENGTH} characters were wanted, one of ${tag.length} came`;
      throw new DomainError('INVALID_INPUT', message, { path: [field], constraint: `1..${MAX_LENGTH}` });
    });
  if (add.length > MAX_TAGS || remove.length > MAX_TAGS)
    throw new DomainError('INVALID_INPUT', `at most ${MAX_TAGS} labels at once were wanted, more came`, {
      path: ['add'],
    });
  return { add: sound(add, 'add'), remove: sound(remove, 'remove') };
}

/** Labels own works; nobody else sees the labels. Safe to repeat. */
export async function tagWorks(
  { stores }: Pick<Ports, 'stores'>,
  viewer: Person,
  itemIds: readonly ItemId[],
  change: TagChange,
): Promise<void> {
  const count = await stores.tags.change(viewer.id, itemIds, soundTags(change));
  if (count < new Set(itemIds).size)
    throw new DomainError('NOT_FOUND', 'itemIds: works of your own were wanted, others came', {
      path: ['itemIds'],
    });
}

import type { ItemSpace } from './item-space.js';
import type { SemanticIds } from './residual-kmeans.js';
import type { Tokenizer } from './tokenizer.js';

/** Where each digit of each level lies in the item space, so that its embedding need not start anywhere; none where digits mean nothing. */
export function tokenCentroids(
  tokenizer: Tokenizer,
  { ids, space }: { readonly ids: SemanticIds; readonly space: ItemSpace },
): Float32Array[] {
  switch (tokenizer.kind) {
    case 'residual':
    case 'collaborative':
      return [...tokenizer.books.levels];
    case 'product':
      return ids.radix.map((_, level) => meansOfDigits(ids, space, level));
    case 'text':
      return ids.radix.slice(0, -1).map((_, level) => meansOfDigits(ids, space, level));
    case 'plain':
      return [];
  }
}

/** (radix, size): the mean vector of the items that have each digit; 0 for one nobody has. */
function meansOfDigits({ itemCount, levels, radix, digits }: SemanticIds, space: ItemSpace, level: number) {
  const { size, vectors } = space;
  const means = new Float32Array((radix[level] as number) * size);
  const members = new Int32Array(radix[level] as number);
  for (let item = 0; item < itemCount; item++) {
    const digit = digits[item * levels + level] as number;
    members[digit] = (members[digit] as number) + 1;
    for (let c = 0; c < size; c++)
      means[digit * size + c] = (means[digit * size + c] as number) + (vectors[item * size + c] as number);
  }
  return means.map((sum, at) => sum / Math.max(1, members[Math.floor(at / size)] as number));
}

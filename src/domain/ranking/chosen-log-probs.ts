import type { CodeChoices } from './code-choices.js';
import { type ChoiceScores, logTotal } from './exact-scoring.js';

/**
 * What `exactLogProbs` gives to a few items: only the siblings on the way to them are added up, for 20 of Beauty's 12,000 items some
 * 1,300 of 15,000 choices. Made once for the items, asked for each person.
 */
export function chosenLogProbs(
  choices: CodeChoices,
  items: Int32Array,
): (scores: ChoiceScores) => Float32Array {
  const { start, above, count, ofItem } = choices;
  const groups = groupsAbove(choices, items);
  return ({ logits, exps }) => {
    const logProbs = new Float32Array(count + 2); // as there: the root's 0, all choices, and what the tree leaves out
    logProbs[count + 1] = -Infinity;
    for (const group of groups) {
      const [from, to] = [start[group] as number, start[group + 1] as number];
      const shift = (logProbs[above[group] as number] as number) - logTotal(logits, exps, from, to);
      for (let choice = from; choice < to; choice++)
        logProbs[choice + 1] = (logits[choice] as number) + shift;
    }
    return Float32Array.from(items, (item) => logProbs[ofItem[item] as number] as number);
  };
}

/** Groups of siblings on the way from the root to the items, upper ones first. */
function groupsAbove({ start, above, ofItem, count }: CodeChoices, items: Int32Array): Int32Array {
  const groups = new Set<number>();
  for (const item of items) {
    let choice = ofItem[item] as number;
    while (choice > 0 && choice <= count) {
      const group = groupOf(start, choice);
      if (groups.has(group)) break;
      groups.add(group);
      choice = above[group] as number;
    }
  }
  return Int32Array.from(groups).sort();
}

/** The group with start[group] < choice <= start[group + 1]. */
function groupOf(start: Int32Array, choice: number): number {
  let [low, high] = [0, start.length - 2];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((start[middle + 1] as number) < choice) low = middle + 1;
    else high = middle;
  }
  return low;
}

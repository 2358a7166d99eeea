import type { Random } from '../../random.js';
import { shuffled } from '../../random.js';
import { contextBefore, newestOf } from '../history-context.js';
import type { Asked } from './lesson.js';
import type { Strand } from './pack-strands.js';

/** Items of a history that views are made from, the last ones: three views of 200 would cost more than the lesson itself. */
const VIEW_TOKENS = 50;
/** Shares kept by a crop, masked, reordered: moderate ones, not tuned here. */
const [CROP, MASK, REORDER] = [0.6, 0.3, 0.3];

/** A random view of a history: a piece of it, some of it masked, or some of it in another order (CL4SRec, Xie et al. 2022). */
export function augmentedView({ history, context = {} }: Asked, random: Random): Strand {
  const recent = { history: history.subarray(-VIEW_TOKENS), context: newestOf(context, VIEW_TOKENS) };
  const views = [cropped, masked, reordered];
  return (views[random.int(views.length)] as typeof cropped)(recent, random);
}

function cropped({ history, context }: Required<Asked>, random: Random): Strand {
  const length = Math.max(1, Math.floor(CROP * history.length));
  const from = random.int(history.length - length + 1);
  return { tokens: history.slice(from, from + length), context: contextBefore(context, from, from + length) };
}

/** The last token is never masked: the view is read there. */
function masked({ history, context }: Required<Asked>, random: Random): Strand {
  const mask = Uint8Array.from(history, (_, i) => (i < history.length - 1 && random.next() < MASK ? 1 : 0));
  return { tokens: history.slice(), masked: mask, context };
}

/** Times and actions stay where they are: they belong to the places. */
function reordered({ history, context }: Required<Asked>, random: Random): Strand {
  const length = Math.floor(REORDER * history.length);
  const from = random.int(history.length - length + 1);
  const tokens = history.slice();
  tokens.set(shuffled([...history.subarray(from, from + length)], random), from);
  return { tokens, context };
}

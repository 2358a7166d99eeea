import type { Random } from '../random.js';
import type { PackedContext } from './packed-context.js';

/** Share of the tokens that are told what their target was chosen for; the others learn to answer without being told. */
const TOLD = 0.5;

/** A batch's context in which half the goals are "anything": at serving most questions have none, and the past has all. */
export function mixedGoals(context: PackedContext, random: Random): PackedContext {
  if (context.goals.every((goal) => goal === 0)) return context;
  return { ...context, goals: context.goals.map((goal) => (random.next() < TOLD ? goal : 0)) };
}

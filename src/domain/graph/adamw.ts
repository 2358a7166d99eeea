import { type Graph, type Tensor } from './graph.js';
import { gradients } from './gradients.js';
import { nth } from './op-rule.js';
import { add, div, maximum, minimum, mul, sub } from './ops/elementwise.js';
import { cos, exp, sqrt } from './ops/functions.js';
import { reduceSumSquare } from './ops/reducing.js';
import { concat, reshape, slice } from './ops/shaping.js';
import { type Pack, packParameters, type Slot, stateName } from './parameter-packs.js';

export interface AdamWOptions {
  learningRate: number;
  /** Steps of linear growth from 0; then half a cosine down to `finalRate` of the rate at `totalSteps`. */
  warmupSteps?: number;
  totalSteps?: number;
  finalRate?: number;
  beta1?: number;
  beta2?: number;
  epsilon?: number;
  /** Decoupled; on matrices only. */
  weightDecay?: number;
  /** Largest global norm of the gradient; none when left out. */
  clipNorm?: number;
  /** Decay of the moving average of the weights; 0 or left out keeps none. */
  emaDecay?: number;
}

/** Outputs of a step beside the new state. */
export const GRADIENT_NORM = 'gradientNorm';
/** How many steps were taken before this one, as an f32 scalar input. */
export const STEP = 'step';

/**
 * AdamW (Loshchilov & Hutter 2019) as part of the graph: the state goes in, the next state comes out, so a whole training step is
 * one run. Bias corrections are folded into the scalars, which leaves 13 passes over a parameter. Returns the packs of state.
 */
export function adamW(
  graph: Graph,
  loss: Tensor,
  options: AdamWOptions,
  trainable: (name: string) => boolean = () => true,
): Pack[] {
  const packs = packParameters(graph, trainable);
  const sources = packs.map((pack) => cutPack(graph, pack));
  const members = packs.flatMap(({ members }) => members.map(({ name }) => parameterOf(graph, name)));
  const all = gradients(graph, loss, members);
  let taken = 0;
  const perPack = packs.map((pack) => packed(pack, all.slice(taken, (taken += pack.members.length))));
  const norm = sqrt(perPack.map((g) => reduceSumSquare(g)).reduce((a, b) => add(a, b)));
  graph.output(GRADIENT_NORM, norm);
  const scalars = scalarsOf(graph, options, norm);
  packs.forEach((pack, i) =>
    update(graph, pack, { p: nth(sources, i), g: nth(perPack, i), scalars, options }),
  );
  return packs;
}

function parameterOf(graph: Graph, name: string): Tensor {
  const parameter = graph.parameters.get(name);
  if (!parameter) throw new Error(`no parameter ${name}`);
  return parameter.tensor;
}

/** The pack's weights as an input, and its members bound to their parts of it. */
function cutPack(graph: Graph, pack: Pack): Tensor {
  const source = graph.input(stateName(pack, 'p'), pack.shape);
  for (const { name, shape, offset, size } of pack.members) {
    const part = pack.members.length === 1 ? source : reshape(slice(source, 0, offset, offset + size), shape);
    graph.bind(parameterOf(graph, name), part);
  }
  return source;
}

function packed(pack: Pack, parts: readonly Tensor[]): Tensor {
  if (pack.members.length === 1) return nth(parts, 0);
  return concat(
    parts.map((g) => reshape(g, [-1])),
    0,
  );
}

interface Scalars {
  rate: Tensor;
  clip: Tensor;
  correction1: Tensor;
  correction2: Tensor;
  averaging: Tensor;
}

/** Everything that changes with the step but not with the parameter. */
function scalarsOf(graph: Graph, options: AdamWOptions, norm: Tensor): Scalars {
  const t = add(graph.input(STEP, []), 1);
  const { beta1 = 0.9, beta2 = 0.999 } = options;
  const oneMinusPower = (beta: number) => sub(1, exp(mul(t, Math.log(beta))));
  const clip =
    options.clipNorm === undefined ? graph.scalar(1) : minimum(div(options.clipNorm, add(norm, 1e-6)), 1);
  const emaDecay = minimum(div(t, add(t, 9)), options.emaDecay ?? 0); // young averages follow fast
  return {
    rate: learningRateAt(t, options),
    clip,
    correction1: oneMinusPower(beta1),
    correction2: oneMinusPower(beta2),
    averaging: sub(1, emaDecay),
  };
}

/** Linear warm-up times half a cosine; t counts from 1. */
function learningRateAt(
  t: Tensor,
  { learningRate, warmupSteps = 0, totalSteps, finalRate = 0 }: AdamWOptions,
): Tensor {
  const peak =
    warmupSteps > 0 ? mul(minimum(div(t, warmupSteps), 1), learningRate) : t.graph.scalar(learningRate);
  if (totalSteps === undefined) return peak;
  const progress = div(sub(t, t.graph.scalar(warmupSteps)), Math.max(totalSteps - warmupSteps, 1));
  const clamped = minimum(maximum(progress, 0), 1);
  const cosine = mul(add(cos(mul(clamped, Math.PI)), 1), (1 - finalRate) / 2);
  return mul(peak, add(cosine, finalRate));
}

interface Update {
  p: Tensor;
  g: Tensor;
  scalars: Scalars;
  options: AdamWOptions;
}

/** m' = β1 m + (1-β1) g; v' = β2 v + (1-β2) g²; p' = (1 - ηλ) p - η √c2/c1 · m' / (√v' + ε √c2), which is Adam's formula. */
function update(graph: Graph, pack: Pack, { p, g, scalars, options }: Update): void {
  const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, weightDecay = 0 } = options;
  const { rate, clip, correction1, correction2 } = scalars;
  const state = (slot: Slot) => graph.input(stateName(pack, slot), pack.shape);
  const next = (slot: Slot, tensor: Tensor) => graph.output(stateName(pack, slot), tensor);
  const m = add(mul(state('m'), beta1), mul(g, mul(clip, 1 - beta1)));
  const v = add(mul(state('v'), beta2), mul(mul(g, g), mul(mul(clip, clip), 1 - beta2)));
  const root2 = sqrt(correction2);
  const step = div(mul(rate, root2), correction1);
  const move = mul(div(m, add(sqrt(v), mul(root2, epsilon))), step);
  const kept = pack.decay && weightDecay > 0 ? mul(p, sub(1, mul(rate, weightDecay))) : p;
  const moved = sub(kept, move);
  next('m', m);
  next('v', v);
  next('p', moved);
  if (!options.emaDecay) return;
  const ema = state('ema');
  next('ema', add(ema, mul(sub(moved, ema), scalars.averaging)));
}

import { type Node, type Tensor } from '../graph.js';
import { type OpName } from '../op-attrs.js';
import { at, nth, type Numbers, type OpRules } from '../op-rule.js';
import { broadcastIndex, broadcastShapes, type DType, sizeOf } from '../shape.js';
import { sumTo } from './shaping.js';

type Arithmetic = 'add' | 'sub' | 'mul' | 'div' | 'maximum' | 'minimum';
type Comparison = 'greater' | 'less' | 'equal' | 'and';

/** A number where a tensor is wanted becomes a constant of the other's graph. */
function lift(value: Tensor | number, like: Tensor): Tensor {
  if (typeof value !== 'number') return value;
  return like.graph.scalar(value, like.dtype === 'i64' ? 'i64' : 'f32');
}

function binary(op: Arithmetic | Comparison, a: Tensor, b: Tensor | number, dtype: DType = a.dtype): Tensor {
  const other = lift(b, a);
  const shape = broadcastShapes(a.shape, other.shape);
  return nth(a.graph.apply(op, [a, other], {}, [{ shape, dtype }]), 0);
}

export const add = (a: Tensor, b: Tensor | number): Tensor => binary('add', a, b);
export const sub = (a: Tensor | number, b: Tensor): Tensor => binary('sub', lift(a, b), b);
export const mul = (a: Tensor, b: Tensor | number): Tensor => binary('mul', a, b);
export const div = (a: Tensor | number, b: Tensor | number): Tensor => {
  if (typeof a === 'number' && typeof b === 'number') throw new Error('div needs a tensor');
  return typeof a === 'number' ? binary('div', lift(a, b as Tensor), b) : binary('div', a, b);
};
export const maximum = (a: Tensor, b: Tensor | number): Tensor => binary('maximum', a, b);
export const minimum = (a: Tensor, b: Tensor | number): Tensor => binary('minimum', a, b);
export const greater = (a: Tensor, b: Tensor | number): Tensor => binary('greater', a, b, 'bool');
export const less = (a: Tensor, b: Tensor | number): Tensor => binary('less', a, b, 'bool');
export const equal = (a: Tensor, b: Tensor | number): Tensor => binary('equal', a, b, 'bool');
export const and = (a: Tensor, b: Tensor): Tensor => binary('and', a, b, 'bool');
export const not = (a: Tensor): Tensor => nth(a.graph.apply('not', [a], {}, [a]), 0);

/** `condition ? a : b`, element by element, with broadcasting. */
export function where(condition: Tensor, a: Tensor | number, b: Tensor | number): Tensor {
  const [yes, no] = [
    typeof a === 'number' ? condition.graph.scalar(a) : a,
    typeof b === 'number' ? condition.graph.scalar(b) : b,
  ];
  const shape = broadcastShapes(condition.shape, broadcastShapes(yes.shape, no.shape));
  return nth(condition.graph.apply('where', [condition, yes, no], {}, [{ shape, dtype: yes.dtype }]), 0);
}

export function cast(x: Tensor, to: DType): Tensor {
  return x.dtype === to ? x : nth(x.graph.apply('cast', [x], { to }, [{ shape: x.shape, dtype: to }]), 0);
}

/** Same value, no gradient. */
export const stopGradient = (x: Tensor): Tensor => nth(x.graph.apply('stopGradient', [x], {}, [x]), 0);

type Each<N extends OpName> = (x: number, node: Node<N>) => number;
const map =
  <N extends OpName>(f: Each<N>) =>
  (node: Node<N>, [x]: readonly Numbers[]): Numbers[] => [Float64Array.from(x ?? [], (v) => f(v, node))];

/** Applies `f` over broadcast inputs. */
const zip =
  <N extends OpName>(f: (a: number, b: number, c: number) => number) =>
  ({ inputs, outputs }: Node<N>, xs: readonly Numbers[]): Numbers[] => {
    const { shape } = nth(outputs, 0);
    const [ia, ib, ic] = inputs.map((t) => broadcastIndex(t.shape, shape));
    const [a = [], b = [], c = []] = xs;
    const value = (_: unknown, i: number) =>
      f(at(a, at(ia ?? [], i)), at(b, at(ib ?? [], i)), at(c, at(ic ?? [], i)));
    return [Float64Array.from({ length: sizeOf(shape) }, value)];
  };

/** Sends a gradient back through broadcasting. */
const to = (input: Tensor | undefined, gradient: Tensor) => input && sumTo(gradient, input.shape);

const none = (): undefined[] => [];

export const elementwiseRules: OpRules<Arithmetic | Comparison | 'not' | 'where' | 'cast' | 'stopGradient'> =
  {
    add: {
      evaluate: zip((a, b) => a + b),
      backward: ({ inputs: [a, b] }, [dy]) => (dy ? [to(a, dy), to(b, dy)] : []),
    },
    sub: {
      evaluate: zip((a, b) => a - b),
      backward: ({ inputs: [a, b] }, [dy]) => (dy ? [to(a, dy), to(b, mul(dy, -1))] : []),
    },
    mul: {
      evaluate: zip((a, b) => a * b),
      backward: ({ inputs: [a, b] }, [dy]) => (dy && a && b ? [to(a, mul(dy, b)), to(b, mul(dy, a))] : []),
    },
    div: {
      evaluate: zip((a, b) => a / b),
      backward({ inputs: [a, b], outputs: [y] }, [dy]) {
        if (!dy || !b || !y) return [];
        const da = div(dy, b);
        return [to(a, da), to(b, mul(mul(da, y), -1))];
      },
    },
    maximum: {
      evaluate: zip((a, b) => Math.max(a, b)),
      backward: ({ inputs: [a, b] }, [dy]) => (dy && a && b ? choose(greater(a, b), [a, b], dy) : []),
    },
    minimum: {
      evaluate: zip((a, b) => Math.min(a, b)),
      backward: ({ inputs: [a, b] }, [dy]) => (dy && a && b ? choose(less(a, b), [a, b], dy) : []),
    },
    greater: { evaluate: zip((a, b) => Number(a > b)), backward: none },
    less: { evaluate: zip((a, b) => Number(a < b)), backward: none },
    equal: { evaluate: zip((a, b) => Number(a === b)), backward: none },
    and: { evaluate: zip((a, b) => Number(a !== 0 && b !== 0)), backward: none },
    not: { evaluate: map((x) => Number(x === 0)), backward: none },
    where: {
      evaluate: zip((c, a, b) => (c ? a : b)),
      backward: ({ inputs: [condition, a, b] }, [dy]) =>
        dy && condition ? [undefined, to(a, where(condition, dy, 0)), to(b, where(condition, 0, dy))] : [],
    },
    cast: {
      evaluate: map((x, { attrs }) => castTo(attrs.to, x)),
      backward: ({ inputs: [x] }, [dy]) => [x?.dtype === 'f32' ? dy : undefined],
    },
    stopGradient: { evaluate: map((x) => x), backward: none },
  };

function choose(first: Tensor, [a, b]: readonly [Tensor, Tensor], dy: Tensor): (Tensor | undefined)[] {
  return [to(a, where(first, dy, 0)), to(b, where(first, 0, dy))];
}

function castTo(dtype: DType, x: number): number {
  if (dtype === 'bool') return Number(x !== 0);
  return dtype === 'i64' ? Math.trunc(x) : x;
}

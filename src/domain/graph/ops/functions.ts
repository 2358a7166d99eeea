import { type Node, type Tensor } from '../graph.js';
import { type OpName } from '../op-attrs.js';
import { nth, type Numbers, type OpRules } from '../op-rule.js';
import { add, cast, div, greater, mul, sub } from './elementwise.js';

type Plain = 'neg' | 'exp' | 'log' | 'sqrt' | 'sin' | 'cos' | 'erf' | 'relu' | 'sigmoid' | 'tanh';

const apply = (op: Plain, x: Tensor): Tensor => nth(x.graph.apply(op, [x], {}, [x]), 0);

export const neg = (x: Tensor): Tensor => apply('neg', x);
export const exp = (x: Tensor): Tensor => apply('exp', x);
export const log = (x: Tensor): Tensor => apply('log', x);
export const sqrt = (x: Tensor): Tensor => apply('sqrt', x);
export const sin = (x: Tensor): Tensor => apply('sin', x);
export const cos = (x: Tensor): Tensor => apply('cos', x);
export const erf = (x: Tensor): Tensor => apply('erf', x);
export const relu = (x: Tensor): Tensor => apply('relu', x);
export const sigmoid = (x: Tensor): Tensor => apply('sigmoid', x);
export const tanh = (x: Tensor): Tensor => apply('tanh', x);
export const square = (x: Tensor): Tensor => mul(x, x);
export const pow = (x: Tensor, exponent: number): Tensor =>
  nth(x.graph.apply('pow', [x], { exponent }, [x]), 0);

/** x Φ(x), Φ the normal distribution function (Hendrycks & Gimpel 2016); Φ is kept for the way back. */
export const gelu = (x: Tensor): Tensor => nth(x.graph.apply('gelu', [x], {}, [x, x]), 0);

/** x σ(x) (Elfwing et al. 2017), a quarter of gelu's cost on the way back; σ is kept. */
export const silu = (x: Tensor): Tensor => nth(x.graph.apply('silu', [x], {}, [x, x]), 0);

/** ln(1 + e^x) without overflow: max(x, 0) + ln(1 + e^-|x|). */
export function softplus(x: Tensor): Tensor {
  const above = relu(x);
  const away = sub(x, mul(above, 2)); // -|x|
  return add(above, log(add(exp(away), 1)));
}

const map =
  <N extends OpName>(...fs: ((x: number, node: Node<N>) => number)[]) =>
  (node: Node<N>, [x]: readonly Numbers[]): Numbers[] =>
    fs.map((f) => Float64Array.from(x ?? [], (v) => f(v, node)));

/** The gradient where the derivative is a function of input and output. */
const by =
  <N extends OpName>(d: (dy: Tensor, x: Tensor, y: Tensor) => Tensor) =>
  ({ inputs: [x], outputs: [y] }: Node<N>, [dy]: readonly (Tensor | undefined)[]) => [
    dy && x && y && d(dy, x, y),
  ];

const logistic = (x: number) => 1 / (1 + Math.exp(-x));
const normalCdf = (x: number) => 0.5 * (1 + erfOf(x / Math.SQRT2));

/** Series below 3, continued fraction (Lentz) above: both to double precision (Abramowitz & Stegun 7.1.5, 7.1.14). */
function erfOf(x: number): number {
  const a = Math.abs(x);
  if (a > 3) {
    let fraction = 0;
    for (let k = 60; k >= 1; k--) fraction = k / 2 / (a + fraction);
    return Math.sign(x) * (1 - Math.exp(-a * a) / (Math.sqrt(Math.PI) * (a + fraction)));
  }
  let [term, sum] = [x, x];
  for (let n = 1; n < 80; n++) {
    term *= (-x * x) / n;
    sum += term / (2 * n + 1);
  }
  return (2 / Math.sqrt(Math.PI)) * sum;
}

export const functionRules: OpRules<Plain | 'pow' | 'gelu' | 'silu'> = {
  neg: { evaluate: map((x) => -x), backward: by((dy) => neg(dy)) },
  exp: { evaluate: map(Math.exp), backward: by((dy, _, y) => mul(dy, y)) },
  log: { evaluate: map(Math.log), backward: by((dy, x) => div(dy, x)) },
  sqrt: { evaluate: map(Math.sqrt), backward: by((dy, _, y) => div(mul(dy, 0.5), y)) },
  sin: { evaluate: map(Math.sin), backward: by((dy, x) => mul(dy, cos(x))) },
  cos: { evaluate: map(Math.cos), backward: by((dy, x) => neg(mul(dy, sin(x)))) },
  erf: {
    evaluate: map(erfOf),
    backward: by((dy, x) => mul(mul(dy, 2 / Math.sqrt(Math.PI)), exp(neg(square(x))))),
  },
  relu: {
    evaluate: map((x) => Math.max(x, 0)),
    backward: by((dy, _, y) => mul(dy, cast(greater(y, 0), 'f32'))),
  },
  sigmoid: { evaluate: map(logistic), backward: by((dy, _, y) => mul(dy, mul(y, sub(1, y)))) },
  tanh: { evaluate: map(Math.tanh), backward: by((dy, _, y) => mul(dy, sub(1, square(y)))) },
  pow: {
    evaluate: map((x, { attrs }) => x ** attrs.exponent),
    backward: ({ inputs: [x], attrs: { exponent } }, [dy]) => [
      dy && x && mul(mul(dy, exponent), pow(x, exponent - 1)),
    ],
  },
  gelu: {
    evaluate: map((x) => x * normalCdf(x), normalCdf),
    backward({ inputs: [x], outputs: [, cdf] }, [dy]) {
      if (!dy || !x || !cdf) return [];
      const pdf = mul(exp(mul(square(x), -0.5)), 1 / Math.sqrt(2 * Math.PI));
      return [mul(dy, add(cdf, mul(x, pdf)))]; // Φ + x φ
    },
  },
  silu: {
    evaluate: map((x) => x * logistic(x), logistic),
    backward: ({ outputs: [y, s] }, [dy]) => [dy && y && s && mul(dy, add(s, sub(y, mul(y, s))))], // σ + y(1 - σ)
  },
};

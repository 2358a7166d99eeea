import Replicate from 'replicate';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { DomainError } from '../../../domain/errors.js';
import type { ImageMaker, PictureBrief, PictureProgress } from '../../../flow/ports.js';
import { carefulFetch, FAILURE_HEADER } from './careful-fetch.js';
import { downloadPicture } from './download-picture.js';

export interface ReplicateSettings {
  readonly token: string;
  /** `owner/name` or `owner/name:version`. */
  readonly model: string;
  readonly baseUrl: string;
}

const Prediction = z.object({
  id: z.string().min(1),
  status: z.enum(['starting', 'processing', 'succeeded', 'failed', 'canceled', 'aborted']),
  output: z.unknown(),
  error: z.unknown(),
  logs: z.string().nullish(),
  metrics: z.object({ predict_time: z.number().optional() }).nullish(),
});
type Prediction = z.infer<typeof Prediction>;

const REQUEST_TIMEOUT_MS = 30_000;
const CANCEL_TIMEOUT_MS = 5_000;
const FIRST_POLL_MS = 250;
const LONGEST_POLL_MS = 2_000;

/** FLUX.1 schnell, the default model, draws in four steps. */
const DEFAULTS = { steps: 4, guidance: 3.5 } as const;

/** Text to image with any FLUX-like model on Replicate. A prediction is created once, polled, and canceled when nobody wants it. */
export function createReplicateMaker({ token, model, baseUrl }: ReplicateSettings): ImageMaker {
  const client = new Replicate({
    auth: token,
    baseUrl,
    fetch: carefulFetch(REQUEST_TIMEOUT_MS),
    useFileOutput: false,
  });
  return {
    name: 'replicate',
    model,
    defaults: DEFAULTS,
    async make(brief, signal, onProgress) {
      assertPossible(brief, { token, model });
      signal.throwIfAborted();
      const input = inputOf(brief);
      onProgress({ progress: 0, stage: 'asking', preview: null });
      const created = await asked(client.predictions.create({ ...reference(model), input, signal }), signal);
      const finished = await finish(client, created, signal, onProgress);
      onProgress({ progress: 0.95, stage: 'downloading', preview: null });
      const picture = await downloadPicture(addressOf(finished), new URL(baseUrl).origin, signal);
      onProgress({ progress: 1, stage: 'done', preview: null });
      const used = {
        model,
        predictionId: finished.id,
        ...input,
        seconds: finished.metrics?.predict_time ?? null,
      };
      return { picture, used };
    },
  };
}

function assertPossible(
  brief: PictureBrief,
  { token, model }: Pick<ReplicateSettings, 'token' | 'model'>,
): void {
  if (token === '') {
    throw new DomainError(
      'PROVIDER_UNAVAILABLE',
      'pictures by Replicate need REPLICATE_API_TOKEN, which is not set; without it use the local model',
    );
  }
  if (brief.from) {
    throw new DomainError('INVALID_INPUT', `${model} draws from words only; a picture to start from came`, {
      path: ['from'],
    });
  }
}

/** Only words leave the house: the taste vector stays here. */
function inputOf({ words, style, seed, steps, guidance }: PictureBrief) {
  return {
    prompt: style === null ? words : `${words}, ${style} style`,
    seed,
    num_outputs: 1,
    aspect_ratio: '1:1',
    output_format: 'png',
    num_inference_steps: steps,
    guidance,
  };
}

function reference(model: string): { model: string } | { version: string } {
  const [name = model, version] = model.split(':');
  return version === undefined ? { model: name } : { version };
}

async function finish(
  client: Replicate,
  created: Prediction,
  signal: AbortSignal,
  onProgress: (progress: PictureProgress) => void,
): Promise<Prediction> {
  let prediction = created;
  try {
    for (let wait = FIRST_POLL_MS; !isFinal(prediction); wait = Math.min(LONGEST_POLL_MS, wait * 1.5)) {
      await sleep(wait, undefined, { signal });
      prediction = await asked(client.predictions.get(created.id, { signal }), signal);
      onProgress({ progress: progressOf(prediction), stage: stageOf(prediction), preview: null });
    }
  } catch (error) {
    await cancel(client, created.id);
    throw error;
  }
  return prediction;
}

/** Stops the billing. When even this fails the prediction ends by its own limit, and the first failure is the one to tell. */
async function cancel(client: Replicate, id: string): Promise<void> {
  await client.predictions.cancel(id, { signal: AbortSignal.timeout(CANCEL_TIMEOUT_MS) }).catch(() => null);
}

/** A reply of the client, checked; failures become sentences. Abort wins over everything, also over the client's own waiting. */
async function asked(reply: Promise<unknown>, signal: AbortSignal): Promise<Prediction> {
  const stop = new AbortController();
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { signal: stop.signal });
  });
  try {
    const parsed = Prediction.safeParse(await Promise.race([reply, aborted]));
    if (parsed.success) return parsed.data;
    throw new DomainError(
      'PROVIDER_UNAVAILABLE',
      'a prediction was wanted from Replicate, got something else',
    );
  } catch (error) {
    signal.throwIfAborted();
    throw explained(error);
  } finally {
    stop.abort();
  }
}

function explained(error: unknown): unknown {
  const response = typeof error === 'object' && error !== null && 'response' in error ? error.response : null;
  if (!(response instanceof Response)) return error;
  const failure = response.headers.get(FAILURE_HEADER);
  const { message, retryable } = FAILURES[failure ?? ''] ?? byStatus(response.status);
  return new DomainError(failure === 'too many requests' ? 'RATE_LIMITED' : 'PROVIDER_UNAVAILABLE', message, {
    retryable,
  });
}

/** Asking again is free only where the first request surely did nothing. */
const FAILURES: Readonly<Record<string, { message: string; retryable: boolean } | undefined>> = {
  'not sent': { message: 'Replicate could not be reached', retryable: true },
  'no answer': {
    message: 'Replicate gave no answer; the request may have arrived and was not sent again',
    retryable: false,
  },
  'timed out': {
    message:
      'Replicate did not answer within 30 seconds; the request may have arrived and was not sent again',
    retryable: false,
  },
  'too many requests': { message: 'Replicate asks us to slow down', retryable: true },
};

function byStatus(status: number): { message: string; retryable: boolean } {
  if (status === 401 || status === 403)
    return { message: 'Replicate refuses REPLICATE_API_TOKEN', retryable: false };
  if (status === 402) return { message: 'the Replicate account has no credit left', retryable: false };
  if (status === 404)
    return { message: 'Replicate does not know the model in REPLICATE_MODEL', retryable: false };
  return {
    message: `a prediction was wanted from Replicate, got status ${status}`,
    retryable: status >= 500,
  };
}

function isFinal({ status }: Prediction): boolean {
  return status !== 'starting' && status !== 'processing';
}

function stageOf({ status }: Prediction): string {
  return status === 'starting' ? 'waiting for a machine' : 'drawing';
}

/** The last percentage in the log of the model, mapped into 0.1..0.9. */
function progressOf({ status, logs }: Prediction): number {
  if (status === 'starting') return 0.05;
  const percent = Number([...(logs ?? '').matchAll(/(\d{1,3})%/g)].at(-1)?.[1] ?? 0);
  return 0.1 + 0.8 * Math.min(1, percent / 100);
}

function addressOf(prediction: Prediction): string {
  if (prediction.status !== 'succeeded') throw unsuccessful(prediction);
  const output: unknown = Array.isArray(prediction.output) ? prediction.output[0] : prediction.output;
  if (typeof output === 'string') return output;
  throw new DomainError(
    'PROVIDER_UNAVAILABLE',
    'the address of a picture was wanted from Replicate, got none',
  );
}

function unsuccessful({ status, error }: Prediction): DomainError {
  const reason = typeof error === 'string' ? error : '';
  if (/nsfw|safety|sensitive|flagged/i.test(reason)) {
    return new DomainError(
      'CONTENT_REFUSED',
      'the safety check of the model refused this picture; change the words',
    );
  }
  return new DomainError(
    'PROVIDER_UNAVAILABLE',
    `Replicate ended the prediction as ${status}: ${reason.slice(0, 200)}`,
  );
}

import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { DomainError } from '../../../domain/errors.js';
import type { ImageMaker, PictureBrief, PictureProgress } from '../../../flow/ports.js';
import { askServer, unexpected } from './ask-server.js';
import { assertFitting } from './assert-fitting.js';
import { watchComfy } from './comfyui-watch.js';
import { comfyWorkflow, type ComfyModels } from './comfyui-workflow.js';
import { downloadPicture } from './download-picture.js';
import { pngOf } from './picture-bytes.js';

export interface ComfySettings extends ComfyModels {
  readonly baseUrl: string;
}

const NAME = 'comfyui';
const SERVER = { name: NAME, timeoutMs: 30_000 };
const POLL_MS = 500;
const CANCEL_TIMEOUT_MS = 5_000;
const DEFAULTS = { steps: 25, guidance: 6 } as const;

const Picture = z.object({ filename: z.string(), subfolder: z.string(), type: z.string() });
type Picture = z.infer<typeof Picture>;
const Entry = z.object({
  outputs: z.record(z.string(), z.looseObject({ images: z.array(Picture).optional() })),
  status: z.object({ status_str: z.string(), messages: z.array(z.unknown()).optional() }).optional(),
});
type Entry = z.infer<typeof Entry>;

/** Pictures by one's own ComfyUI: the workflow is queued, watched over its socket, and its history says when it is done. */
export function createComfyMaker(settings: ComfySettings): ImageMaker {
  const offer = (model: string) => ({ model, price: 0 });
  const { checkpoint, upscaler } = settings;
  const baseUrl = settings.baseUrl.replace(/\/+$/, '');
  return {
    name: NAME,
    model: checkpoint,
    defaults: DEFAULTS,
    offers: {
      'text-to-image': offer(checkpoint),
      'image-to-image': offer(checkpoint),
      upscale: offer(upscaler),
    },
    async make(brief, signal, onProgress, memory) {
      assertFitting(brief);
      signal.throwIfAborted();
      onProgress({ progress: 0, stage: 'asking', preview: null });
      const clientId = randomUUID();
      const run = { baseUrl, brief, signal, onProgress, clientId };
      const earlier = await memory?.earlier();
      const known = earlier?.provider === NAME && (await isThere(run, earlier.runId)) ? earlier.runId : null;
      const runId = known ?? (await queue(run, settings));
      await memory?.started(NAME, runId);
      const entry = await finish(run, runId);
      onProgress({ progress: 0.95, stage: 'downloading', preview: null });
      const address = `${baseUrl}/view?${new URLSearchParams(outputOf(entry)).toString()}`;
      const picture = await downloadPicture(address, new URL(baseUrl).origin, signal);
      onProgress({ progress: 1, stage: 'done', preview: null });
      const model = brief.kind === 'upscale' ? upscaler : checkpoint;
      const { words, seed, steps, guidance } = brief;
      const used = { model, runId, prompt: words, seed, steps, guidance };
      return { picture, used, by: { provider: NAME, ...offer(model) } };
    },
  };
}

interface Run {
  readonly baseUrl: string;
  readonly brief: PictureBrief;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: PictureProgress) => void;
  readonly clientId: string;
}

async function queue({ baseUrl, brief, signal, clientId }: Run, models: ComfyModels): Promise<string> {
  const uploaded =
    brief.from === null ? null : await upload({ baseUrl, signal }, await pngOf(brief.from.picture));
  const prompt = comfyWorkflow(brief, models, uploaded);
  const answer = await askServer(SERVER, `${baseUrl}/prompt`, {
    ...json({ prompt, client_id: clientId }),
    signal,
  });
  const parsed = z.object({ prompt_id: z.string().min(1) }).safeParse(answer.json);
  if (answer.status !== 200 || !parsed.success) throw unexpected(NAME, 'a place in the queue', answer);
  return parsed.data.prompt_id;
}

async function upload({ baseUrl, signal }: Pick<Run, 'baseUrl' | 'signal'>, png: Buffer): Promise<string> {
  const body = new FormData();
  body.append('image', new Blob([new Uint8Array(png)], { type: 'image/png' }), `vitrine-${randomUUID()}.png`);
  const answer = await askServer(SERVER, `${baseUrl}/upload/image`, { method: 'POST', body, signal });
  const parsed = z.object({ name: z.string(), subfolder: z.string().optional() }).safeParse(answer.json);
  if (answer.status !== 200 || !parsed.success) throw unexpected(NAME, 'an upload', answer);
  const { name, subfolder = '' } = parsed.data;
  return subfolder === '' ? name : `${subfolder}/${name}`;
}

/** The history is the truth; the socket only shows how far it is. */
async function finish(run: Run, runId: string): Promise<Entry> {
  const { signal, onProgress } = run;
  const stopWatching = watchComfy(run, runId, (progress, stage) =>
    onProgress({ progress: 0.05 + 0.85 * progress, stage, preview: null }),
  );
  try {
    for (;;) {
      const entry = await historyOf(run, runId);
      if (entry !== null) return entry;
      await sleep(POLL_MS, undefined, { signal });
    }
  } catch (error) {
    await cancel(run.baseUrl, runId);
    throw error;
  } finally {
    stopWatching();
  }
}

async function historyOf({ baseUrl, signal }: Run, runId: string): Promise<Entry | null> {
  const answer = await askServer(SERVER, `${baseUrl}/history/${runId}`, { signal });
  const parsed = z.record(z.string(), z.unknown()).safeParse(answer.json);
  if (answer.status !== 200 || !parsed.success) throw unexpected(NAME, 'the history of a picture', answer);
  const found = parsed.data[runId];
  if (found === undefined) return null;
  const entry = Entry.safeParse(found);
  if (entry.success) return entry.data;
  throw unexpected(NAME, 'the outputs of a picture', answer);
}

function outputOf({ outputs, status }: Entry): Picture {
  if (status?.status_str === 'error') {
    const reason = /"exception_message":"([^"]{1,200})/.exec(JSON.stringify(status.messages ?? []))?.[1];
    throw failed(`ComfyUI could not make the picture: ${reason ?? 'it does not say why'}`);
  }
  const pictures = Object.values(outputs).flatMap(({ images }) => images ?? []);
  const picture = pictures.find(({ type }) => type === 'output') ?? pictures[0];
  if (picture === undefined) throw failed('a picture was wanted from ComfyUI, its workflow gave none');
  return picture;
}

const failed = (message: string): DomainError =>
  new DomainError('PROVIDER_UNAVAILABLE', message, { provider: NAME });

/** Whether an earlier attempt's picture is done, being made, or waiting. */
async function isThere(run: Run, runId: string): Promise<boolean> {
  return (await historyOf(run, runId)) !== null || (await placeOf(run.baseUrl, runId, run.signal)) !== null;
}

async function placeOf(
  baseUrl: string,
  runId: string,
  signal: AbortSignal,
): Promise<'running' | 'waiting' | null> {
  const { json: answer } = await askServer(SERVER, `${baseUrl}/queue`, { signal });
  const Queue = z.object({ queue_running: z.array(z.unknown()), queue_pending: z.array(z.unknown()) });
  const parsed = Queue.safeParse(answer);
  const has = (items: readonly unknown[]) => items.some((item) => Array.isArray(item) && item[1] === runId);
  if (!parsed.success) return null;
  if (has(parsed.data.queue_running)) return 'running';
  return has(parsed.data.queue_pending) ? 'waiting' : null;
}

/** Out of the queue; interrupted only while it is ours that runs, since an interrupt stops whatever does. */
async function cancel(baseUrl: string, runId: string): Promise<void> {
  const signal = AbortSignal.timeout(CANCEL_TIMEOUT_MS);
  try {
    await askServer(SERVER, `${baseUrl}/queue`, { ...json({ delete: [runId] }), signal });
    if ((await placeOf(baseUrl, runId, signal)) !== 'running') return;
    await askServer(SERVER, `${baseUrl}/interrupt`, { ...json({ prompt_id: runId }), signal });
  } catch {
    // it ends by itself; the failure that brought us here is the one to tell
  }
}

function json(body: object): { method: string; headers: Record<string, string>; body: string } {
  return { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

import { z } from 'zod';
import { DomainError } from '../../../domain/errors.js';
import type { ImageMaker, PictureBrief } from '../../../flow/ports.js';
import { askServer, unexpected } from './ask-server.js';
import { assertFitting } from './assert-fitting.js';
import { decodeOutput, downloadPicture } from './download-picture.js';
import { pngOf } from './picture-bytes.js';

export interface OpenAiSettings {
  readonly baseUrl: string;
  /** Null: the server asks for none. */
  readonly key: string | null;
  readonly model: string;
  /** Of one picture, in millionths of a US dollar. */
  readonly price: number;
}

const NAME = 'openai';
/** The answer comes when the picture is done: some models take two minutes. */
const SERVER = { name: NAME, timeoutMs: 180_000 };
/** The interface has neither; they stand in the recipe for makers that do. */
const DEFAULTS = { steps: 1, guidance: 1 } as const;

const Answer = z.object({
  data: z.array(z.object({ b64_json: z.string().nullish(), url: z.string().nullish() })).min(1),
});

/** Pictures by a server that speaks OpenAI's `images/generations` and `images/edits`: OpenAI itself, LocalAI and others. */
export function createOpenAiMaker({ baseUrl, key, model, price }: OpenAiSettings): ImageMaker {
  const refused = new Set<string>();
  const headers = key === null ? {} : { authorization: `Bearer ${key}` };
  const root = baseUrl.replace(/\/+$/, '');
  return {
    name: NAME,
    model,
    defaults: DEFAULTS,
    offers: { 'text-to-image': { model, price }, 'subject-driven': { model, price } },
    async make(brief, signal, onProgress) {
      assertFitting(brief);
      signal.throwIfAborted();
      onProgress({ progress: 0, stage: 'drawing', preview: null });
      const { data } = await asked({ root, headers, model, refused }, brief, signal);
      onProgress({ progress: 0.95, stage: 'downloading', preview: null });
      const [{ b64_json: encoded, url } = {}] = data;
      const picture = encoded
        ? await decodeOutput(Buffer.from(encoded, 'base64'))
        : await downloadPicture(url ?? '', new URL(root).origin, signal);
      signal.throwIfAborted();
      onProgress({ progress: 1, stage: 'done', preview: null });
      const { words: prompt, seed } = brief;
      return { picture, used: { model, prompt, seed }, by: { provider: NAME, model, price } };
    },
  };
}

interface Connection {
  readonly root: string;
  readonly headers: Record<string, string>;
  readonly model: string;
  /** Fields that this server does not know: learned from its refusals, which cost nothing. */
  readonly refused: Set<string>;
}

const OPTIONAL = ['seed', 'response_format'];

async function asked(
  connection: Connection,
  brief: PictureBrief,
  signal: AbortSignal,
): Promise<z.infer<typeof Answer>> {
  const { root, headers, refused } = connection;
  const isEdit = brief.references.length > 0;
  const url = `${root}/images/${isEdit ? 'edits' : 'generations'}`;
  for (;;) {
    const fields = fieldsOf(connection, brief);
    const body = isEdit ? await formOf(fields, brief) : JSON.stringify(fields);
    const type = isEdit ? {} : { 'content-type': 'application/json' };
    const answer = await askServer(SERVER, url, {
      method: 'POST',
      headers: { ...headers, ...type },
      body,
      signal,
    });
    const parsed = Answer.safeParse(answer.json);
    if (answer.status === 200 && parsed.success) return parsed.data;
    const unknown = answer.status === 400 ? unknownField(answer.json) : null;
    if (unknown === null || refused.has(unknown)) throw explained(answer);
    refused.add(unknown);
  }
}

function fieldsOf(
  { model, refused }: Connection,
  { words, style, seed }: PictureBrief,
): Record<string, unknown> {
  const prompt = style === null ? words : `${words}, ${style} style`;
  const fields = { model, prompt, n: 1, size: '1024x1024', response_format: 'b64_json', seed };
  return Object.fromEntries(Object.entries(fields).filter(([name]) => !refused.has(name)));
}

async function formOf(fields: Record<string, unknown>, { references }: PictureBrief): Promise<FormData> {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, String(value));
  for (const [i, { picture }] of references.entries()) {
    const png = new Uint8Array(await pngOf(picture));
    form.append('image[]', new Blob([png], { type: 'image/png' }), `reference-${i}.png`);
  }
  return form;
}

const Failure = z.object({
  error: z.object({ message: z.string(), code: z.string().nullish(), param: z.string().nullish() }),
});

function unknownField(json: unknown): string | null {
  const { data } = Failure.safeParse(json);
  if (
    data === undefined ||
    !/unknown|unrecogni[sz]ed|unsupported|not (permitted|allowed)/i.test(data.error.message)
  )
    return null;
  const { param, message } = data.error;
  return OPTIONAL.find((name) => name === param || message.includes(name)) ?? null;
}

function explained(answer: { status: number; json: unknown }): DomainError {
  const { data } = Failure.safeParse(answer.json);
  const code = data?.error.code ?? '';
  if (/content_policy|moderation|safety/i.test(code))
    return new DomainError(
      'CONTENT_REFUSED',
      'the safety check of the model refused this picture; change the words',
      {
        provider: NAME,
      },
    );
  if (answer.status === 401 || answer.status === 403)
    return new DomainError('PROVIDER_UNAVAILABLE', 'the server of pictures refuses OPENAI_IMAGES_KEY', {
      provider: NAME,
    });
  return unexpected(NAME, 'a picture', answer);
}

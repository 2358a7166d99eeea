import { resolve } from 'node:path';
import { z } from 'zod';

const whole = (low: number, high: number) => {
  const error = `a whole number from ${low} to ${high} was wanted`;
  return z.coerce.number({ error }).int({ error }).min(low, { error }).max(high, { error });
};
const oneOf = <const T extends readonly [string, ...string[]]>(...names: T) =>
  z.enum(names, { error: `one of ${names.join(', ')} was wanted` });

const jsonObject = z.string().transform((text, context) => {
  try {
    return z.record(z.string(), z.unknown()).parse(JSON.parse(text));
  } catch {
    context.addIssue({ code: 'custom', message: 'a JSON object was wanted' });
    return z.NEVER;
  }
});

const Env = z.object({
  NODE_ENV: oneOf('development', 'production', 'test').default('development'),
  PORT: whole(0, 65_535).default(4000),
  HOST: z.string().min(1).default('127.0.0.1'),
  VITRINE_HOME: z.string().min(1).default('.vitrine'),
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, 'a URL that starts with postgres:// or postgresql:// was wanted')
    .optional(),
  VITRINE_SECRET: z.string().min(32, 'at least 32 characters were wanted').optional(),
  VITRINE_SIGNING_KEYS: z
    .string()
    .regex(
      /^sk_[\w-]{43}(,[sp]k_[\w-]{43})*$/,
      'sk_ and 43 letters, and with commas the keys before it, was wanted (as in the file signing-keys of a data folder)',
    )
    .optional(),
  VITRINE_THREADS: whole(1, 64).optional(),
  VITRINE_TRAIN_SECONDS: whole(5, 86_400).default(80),
  VITRINE_DEMO: oneOf('full', 'small', 'none').default('full'),
  VITRINE_IMAGE_PROVIDER: z
    .string()
    .regex(
      /^(local|replicate|comfyui|openai)(,(local|replicate|comfyui|openai))*$/,
      'local, replicate, comfyui, openai or several of them with commas, the first choice first, was wanted',
    )
    .default('local'),
  VITRINE_PICTURE_BUDGET: z.coerce
    .number({ error: 'US dollars a person and day were wanted' })
    .min(0)
    .max(2_000)
    .default(1),
  VITRINE_SAFETY_URL: z
    .url({ protocol: /^https?$/, error: 'an http or https address was wanted' })
    .optional(),
  VITRINE_SAFETY_THRESHOLD: z.coerce
    .number({ error: 'a number above 0, at most 1, was wanted' })
    .gt(0, { error: 'a number above 0, at most 1, was wanted' })
    .max(1, { error: 'a number above 0, at most 1, was wanted' })
    .default(0.7),
  VITRINE_PUBLIC_URL: z.url({ protocol: /^https$/, error: 'an https address was wanted' }).optional(),
  REPLICATE_API_TOKEN: z.string().min(1).optional(),
  REPLICATE_MODEL: z
    .string()
    .regex(/^[\w.-]+\/[\w.-]+(:[0-9a-f]{64})?$/, 'owner/name or owner/name:version was wanted')
    .optional(),
  REPLICATE_MODELS: jsonObject.default({}),
  REPLICATE_BASE_URL: z.url().default('https://api.replicate.com/v1'),
  REPLICATE_WEBHOOK_SECRETS: z
    .string()
    .regex(
      /^whsec_[\w+/=-]+(,whsec_[\w+/=-]+)?$/,
      'whsec_..., and during a rotation the old and the new one with a comma, was wanted',
    )
    .optional(),
  COMFYUI_URL: z.url().default('http://127.0.0.1:8188'),
  COMFYUI_CHECKPOINT: z.string().min(1).default('sd_xl_base_1.0.safetensors'),
  COMFYUI_UPSCALER: z.string().min(1).default('RealESRGAN_x4plus.pth'),
  OPENAI_IMAGES_URL: z.url().default('https://api.openai.com/v1'),
  OPENAI_IMAGES_KEY: z.string().min(1).optional(),
  OPENAI_IMAGES_MODEL: z.string().min(1).default('gpt-image-1'),
  OPENAI_IMAGES_PRICE: z.coerce.number().min(0).max(100).default(0.05),
  VITRINE_WEBHOOK_LOCAL: oneOf('refuse', 'allow').default('refuse'),
  VITRINE_LOG: oneOf('file', 'stderr', 'none').default('file'),
});

export type ImageProviderConfig =
  | { readonly provider: 'local' }
  | {
      readonly provider: 'replicate';
      readonly token: string;
      readonly baseUrl: string;
      /** Changes to the table of models, by kind. */
      readonly models: Readonly<Record<string, unknown>>;
      /** Where webhooks are to be sent; null: none are asked for. */
      readonly webhook: string | null;
    }
  | {
      readonly provider: 'comfyui';
      readonly baseUrl: string;
      readonly checkpoint: string;
      readonly upscaler: string;
    }
  | {
      readonly provider: 'openai';
      readonly baseUrl: string;
      readonly key: string | null;
      readonly model: string;
      /** US dollars a picture. */
      readonly price: number;
    };

export interface Config {
  readonly mode: 'development' | 'production' | 'test';
  readonly port: number;
  readonly host: string;
  /** Absolute path of the data folder. */
  readonly home: string;
  readonly databaseUrl: string | null;
  readonly secret: string | null;
  /** Keys of signed manifests, newest first; null: the ones in the data folder. */
  readonly signingKeys: readonly string[] | null;
  /** Threads of one model run; null: as many as there are cores. */
  readonly threads: number | null;
  readonly trainSeconds: number;
  readonly demo: 'full' | 'small' | 'none';
  /** Who makes pictures, the first choice first. */
  readonly images: readonly ImageProviderConfig[];
  /** Who looks at pictures before anybody else does; null: words alone are checked. */
  readonly safety: { readonly url: string; readonly threshold: number } | null;
  /** US dollars a person may spend on pictures in a day. */
  readonly pictureBudget: number;
  /** Secrets of webhooks that come in, newest use first; empty where none are expected. */
  readonly replicateWebhookSecrets: readonly string[];
  /** Whether webhooks may be sent to this very machine: for tests, and for a receiver beside us. */
  readonly webhookLoopback: boolean;
  /** Where log lines go: the file vitrine.log in the data folder, standard error, or nowhere. */
  readonly log: 'file' | 'stderr' | 'none';
}

/** The only reader of the environment. Call it once, at start; it names every wrong setting at once. */
export function loadConfig(env: NodeJS.ProcessEnv = process.env): Config {
  const parsed = Env.safeParse(env);
  const problems = parsed.success
    ? relations(parsed.data)
    : parsed.error.issues.map((issue) => told(issue, env));
  if (!parsed.success || problems.length > 0) throw new Error(`Wrong settings:\n${problems.join('\n')}`);
  const e = parsed.data;
  return Object.freeze({
    mode: e.NODE_ENV,
    port: e.PORT,
    host: e.HOST,
    home: resolve(e.VITRINE_HOME),
    databaseUrl: e.DATABASE_URL ?? null,
    secret: e.VITRINE_SECRET ?? null,
    signingKeys: listed(e.VITRINE_SIGNING_KEYS),
    threads: e.VITRINE_THREADS ?? null,
    trainSeconds: e.VITRINE_TRAIN_SECONDS,
    demo: e.VITRINE_DEMO,
    images: e.VITRINE_IMAGE_PROVIDER.split(',').map((name) => imageProvider(name, e)),
    safety: safetyOf(e),
    pictureBudget: e.VITRINE_PICTURE_BUDGET,
    replicateWebhookSecrets: listed(e.REPLICATE_WEBHOOK_SECRETS) ?? [],
    webhookLoopback: e.VITRINE_WEBHOOK_LOCAL === 'allow',
    log: e.VITRINE_LOG,
  });
}

function safetyOf(e: z.infer<typeof Env>): Config['safety'] {
  const { VITRINE_SAFETY_URL: url, VITRINE_SAFETY_THRESHOLD: threshold } = e;
  return url === undefined ? null : { url, threshold };
}

const listed = (text: string | undefined): string[] | null => text?.split(',') ?? null;

/** Values that must not end up in a terminal or a log; a database URL may hold a password. */
const SECRET = new Set([
  'VITRINE_SECRET',
  'VITRINE_SIGNING_KEYS',
  'REPLICATE_API_TOKEN',
  'REPLICATE_WEBHOOK_SECRETS',
  'OPENAI_IMAGES_KEY',
  'DATABASE_URL',
]);

/** What was wanted and what came, by the setting's name. */
function told({ path, message }: z.core.$ZodIssue, env: NodeJS.ProcessEnv): string {
  const name = path.join('.');
  return `✖ ${name}: ${message}, ${SECRET.has(name) ? 'another value' : `"${env[name] ?? ''}"`} came`;
}

function imageProvider(name: string, e: z.infer<typeof Env>): ImageProviderConfig {
  if (name === 'replicate') {
    const words = e.REPLICATE_MODEL === undefined ? {} : { model: e.REPLICATE_MODEL };
    const models = e.REPLICATE_MODELS;
    const told = e.VITRINE_PUBLIC_URL !== undefined && e.REPLICATE_WEBHOOK_SECRETS !== undefined;
    return {
      provider: 'replicate',
      token: e.REPLICATE_API_TOKEN ?? '',
      baseUrl: e.REPLICATE_BASE_URL,
      models: {
        ...models,
        'text-to-image': { ...words, ...(models['text-to-image'] as object | undefined) },
      },
      webhook: told ? new URL('/webhooks/replicate', e.VITRINE_PUBLIC_URL).href : null,
    };
  }
  if (name === 'comfyui') {
    const { COMFYUI_URL: baseUrl, COMFYUI_CHECKPOINT: checkpoint, COMFYUI_UPSCALER: upscaler } = e;
    return { provider: 'comfyui', baseUrl, checkpoint, upscaler };
  }
  if (name === 'openai') {
    const { OPENAI_IMAGES_URL: baseUrl, OPENAI_IMAGES_MODEL: model, OPENAI_IMAGES_PRICE: price } = e;
    return { provider: 'openai', baseUrl, key: e.OPENAI_IMAGES_KEY ?? null, model, price };
  }
  return { provider: 'local' };
}

/** Settings that are right alone but wrong together. */
function relations(e: z.infer<typeof Env>): string[] {
  const problems: string[] = [];
  if (e.NODE_ENV === 'production' && e.VITRINE_SECRET === undefined)
    problems.push(
      '✖ VITRINE_SECRET is wanted in production (at least 32 characters); it signs sessions and media links',
    );
  const providers = e.VITRINE_IMAGE_PROVIDER.split(',');
  if (providers.includes('replicate') && e.REPLICATE_API_TOKEN === undefined)
    problems.push(
      '✖ REPLICATE_API_TOKEN is wanted when VITRINE_IMAGE_PROVIDER names replicate; make one at replicate.com/account/api-tokens',
    );
  if (providers.includes('openai') && e.OPENAI_IMAGES_KEY === undefined && isOpenAi(e.OPENAI_IMAGES_URL))
    problems.push(
      '✖ OPENAI_IMAGES_KEY is wanted when VITRINE_IMAGE_PROVIDER names openai; make one at platform.openai.com/api-keys, or set OPENAI_IMAGES_URL to your own server',
    );
  return problems;
}

const isOpenAi = (url: string): boolean => new URL(url).hostname === 'api.openai.com';

/** The environment of a child process: ours, pointed at the same data folder, database and secret. */
export function childEnvironment(
  { home }: Config,
  shared: { readonly connectionString: string; readonly secret: string },
): NodeJS.ProcessEnv {
  const { connectionString: DATABASE_URL, secret: VITRINE_SECRET } = shared;
  return { ...process.env, VITRINE_HOME: home, DATABASE_URL, VITRINE_SECRET };
}

import { resolve } from 'node:path';
import { z } from 'zod';

const Env = z.object({
  NODE_ENV: z.enum(['development', 'production', 'test']).default('development'),
  PORT: z.coerce.number().int().min(0).max(65_535).default(4000),
  HOST: z.string().min(1).default('127.0.0.1'),
  VITRINE_HOME: z.string().min(1).default('.vitrine'),
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, 'must start with postgres:// or postgresql://')
    .optional(),
  VITRINE_SECRET: z.string().min(32, 'must have at least 32 characters').optional(),
  VITRINE_THREADS: z.coerce.number().int().min(1).max(64).optional(),
  VITRINE_TRAIN_SECONDS: z.coerce.number().int().min(5).max(86_400).default(80),
  VITRINE_DEMO: z.enum(['full', 'small', 'none']).default('full'),
  VITRINE_IMAGE_PROVIDER: z.enum(['local', 'replicate']).default('local'),
  REPLICATE_API_TOKEN: z.string().min(1).optional(),
  REPLICATE_MODEL: z
    .string()
    .regex(/^[\w.-]+\/[\w.-]+(:[0-9a-f]{64})?$/, 'must look like owner/name or owner/name:version')
    .default('black-forest-labs/flux-schnell'),
  REPLICATE_BASE_URL: z.url().default('https://api.replicate.com/v1'),
  VITRINE_LOG: z.enum(['file', 'stderr', 'none']).default('file'),
});

export interface Config {
  readonly mode: 'development' | 'production' | 'test';
  readonly port: number;
  readonly host: string;
  /** Absolute path of the data folder. */
  readonly home: string;
  readonly databaseUrl: string | null;
  readonly secret: string | null;
  /** Threads of one model run; null: as many as there are cores. */
  readonly threads: number | null;
  readonly trainSeconds: number;
  readonly demo: 'full' | 'small' | 'none';
  readonly images:
    | { readonly provider: 'local' }
    | {
        readonly provider: 'replicate';
        readonly token: string;
        readonly model: string;
        readonly baseUrl: string;
      };
  /** Where log lines go: the file vitrine.log in the data folder, standard error, or nowhere. */
  readonly log: 'file' | 'stderr' | 'none';
}

/** The only reader of the environment. Call it once, at start; it names every wrong setting at once. */
export function loadConfig(env: NodeJS.ProcessEnv = process.env): Config {
  const parsed = Env.safeParse(env);
  const problems = parsed.success ? relations(parsed.data) : [z.prettifyError(parsed.error)];
  if (!parsed.success || problems.length > 0) throw new Error(`Wrong settings:\n${problems.join('\n')}`);
  const e = parsed.data;
  return Object.freeze({
    mode: e.NODE_ENV,
    port: e.PORT,
    host: e.HOST,
    home: resolve(e.VITRINE_HOME),
    databaseUrl: e.DATABASE_URL ?? null,
    secret: e.VITRINE_SECRET ?? null,
    threads: e.VITRINE_THREADS ?? null,
    trainSeconds: e.VITRINE_TRAIN_SECONDS,
    demo: e.VITRINE_DEMO,
    images: images(e),
    log: e.VITRINE_LOG,
  });
}

function images(e: z.infer<typeof Env>): Config['images'] {
  if (e.VITRINE_IMAGE_PROVIDER === 'local') return { provider: 'local' };
  return {
    provider: 'replicate',
    token: e.REPLICATE_API_TOKEN ?? '',
    model: e.REPLICATE_MODEL,
    baseUrl: e.REPLICATE_BASE_URL,
  };
}

/** Settings that are right alone but wrong together. */
function relations(e: z.infer<typeof Env>): string[] {
  const problems: string[] = [];
  if (e.NODE_ENV === 'production' && e.VITRINE_SECRET === undefined)
    problems.push(
      '✖ VITRINE_SECRET is wanted in production (at least 32 characters); it signs sessions and media links',
    );
  if (e.VITRINE_IMAGE_PROVIDER === 'replicate' && e.REPLICATE_API_TOKEN === undefined)
    problems.push(
      '✖ REPLICATE_API_TOKEN is wanted when VITRINE_IMAGE_PROVIDER is replicate; make one in your Replicate account',
    );
  return problems;
}

/** The environment of a child process: ours, pointed at the same data folder, database and secret. */
export function childEnvironment(
  { home }: Config,
  shared: { readonly connectionString: string; readonly secret: string },
): NodeJS.ProcessEnv {
  const { connectionString: DATABASE_URL, secret: VITRINE_SECRET } = shared;
  return { ...process.env, VITRINE_HOME: home, DATABASE_URL, VITRINE_SECRET };
}

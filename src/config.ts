import { resolve } from 'node:path';
import { z } from 'zod';

const whole = (low: number, high: number) => {
  const error = `a whole number from ${low} to ${high} was wanted`;
  return z.coerce.number({ error }).int({ error }).min(low, { error }).max(high, { error });
};
const oneOf = <const T extends readonly [string, ...string[]]>(...names: T) =>
  z.enum(names, { error: `one of ${names.join(', ')} was wanted` });

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
  VITRINE_THREADS: whole(1, 64).optional(),
  VITRINE_TRAIN_SECONDS: whole(5, 86_400).default(80),
  VITRINE_DEMO: oneOf('full', 'small', 'none').default('full'),
  VITRINE_IMAGE_PROVIDER: oneOf('local', 'replicate').default('local'),
  REPLICATE_API_TOKEN: z.string().min(1).optional(),
  REPLICATE_MODEL: z
    .string()
    .regex(/^[\w.-]+\/[\w.-]+(:[0-9a-f]{64})?$/, 'owner/name or owner/name:version was wanted')
    .default('black-forest-labs/flux-schnell'),
  REPLICATE_BASE_URL: z.url().default('https://api.replicate.com/v1'),
  VITRINE_LOG: oneOf('file', 'stderr', 'none').default('file'),
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
    threads: e.VITRINE_THREADS ?? null,
    trainSeconds: e.VITRINE_TRAIN_SECONDS,
    demo: e.VITRINE_DEMO,
    images: images(e),
    log: e.VITRINE_LOG,
  });
}

/** Values that must not end up in a terminal or a log; a database URL may hold a password. */
const SECRET = new Set(['VITRINE_SECRET', 'REPLICATE_API_TOKEN', 'DATABASE_URL']);

/** What was wanted and what came, by the setting's name. */
function told({ path, message }: z.core.$ZodIssue, env: NodeJS.ProcessEnv): string {
  const name = path.join('.');
  return `✖ ${name}: ${message}, ${SECRET.has(name) ? 'another value' : `"${env[name] ?? ''}"`} came`;
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

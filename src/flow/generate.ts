import { DomainError } from '../domain/errors.js';
import type { CatalogueId, ItemId, JobId } from '../domain/ids.js';
import type { Job } from '../domain/job.js';
import type { Person } from '../domain/person.js';
import { canonicalArguments } from './canonical-arguments.js';
import { createJob } from './create-job.js';
import type { Ports } from './ports.js';
import type { Stores } from './ports/stores.js';
import { maySee } from './visible-items.js';

export interface GenerateInput {
  readonly viewer: Person;
  readonly idempotencyKey: string;
  readonly kind: 'IMAGE' | 'VARIATION';
  readonly brief: string | null;
  readonly basedOn: readonly ItemId[];
  readonly remixOf: ItemId | null;
  readonly count: number;
  readonly personalise: boolean;
  readonly style: string | null;
  readonly seed: number | null;
  readonly deadlineSeconds: number | null;
  readonly visibility: 'PRIVATE' | 'UNLISTED' | 'PUBLIC';
  readonly catalogueId: CatalogueId | null;
}

export const MAX_PICTURES = 8;
const MAX_BRIEF = 400;
/** One person may have this many jobs waiting or running; others are not made to wait behind them. */
const MAX_OPEN_JOBS = 8;

/** Asks for pictures: the job, its first event and its message come into being together, once per idempotency key. */
export async function generate(
  ports: Pick<Ports, 'transaction' | 'clock' | 'ids'>,
  input: GenerateInput,
): Promise<{ readonly job: Job; readonly replayed: boolean }> {
  assertSound(input);
  const { viewer, idempotencyKey: key, ...rest } = input;
  return ports.transaction(async (tx) => {
    const at = ports.clock.now();
    const operation = 'generate';
    const hash = canonicalArguments(rest);
    const claim = await tx.idempotency.claim({
      personId: viewer.id,
      operation,
      key,
      argumentsHash: hash,
      at,
    });
    if (claim.state === 'replay')
      return { job: await existing(tx, claim.reference as JobId), replayed: true };
    await assertWithinQuota(tx, viewer);
    await assertSourcesVisible(tx, input);
    const catalogueId = await catalogueOf(tx, input.catalogueId);
    const { brief, style, count, personalise, remixOf, basedOn, visibility } = input;
    const seed = input.seed ?? seedFrom(key);
    const payload = {
      personId: viewer.id,
      catalogueId,
      brief,
      style,
      count,
      personalise,
      remixOf,
      basedOn,
      visibility,
      seed,
    };
    const deadline =
      input.deadlineSeconds === null ? null : new Date(at.getTime() + input.deadlineSeconds * 1000);
    const job = await createJob(tx, ports, {
      name: 'generate-pictures',
      personId: viewer.id,
      payload,
      deadline,
    });
    await tx.idempotency.complete(viewer.id, operation, key, job.id);
    return { job, replayed: false };
  });
}

interface Check {
  readonly field: string;
  readonly fails: (input: GenerateInput) => boolean;
  readonly message: (input: GenerateInput) => string;
}

const CHECKS: readonly Check[] = [
  {
    field: 'count',
    fails: ({ count }) => !Number.isInteger(count) || count < 1 || count > MAX_PICTURES,
    message: ({ count }) => `count: 1 to ${MAX_PICTURES} pictures were wanted, ${count} came`,
  },
  {
    field: 'brief',
    fails: ({ brief }) => (brief ?? '').length > MAX_BRIEF,
    message: ({ brief }) => `brief: at most ${MAX_BRIEF} characters were wanted, ${brief?.length ?? 0} came`,
  },
  {
    field: 'brief',
    fails: ({ brief, personalise, remixOf, basedOn }) =>
      (brief ?? '').trim() === '' && !personalise && remixOf === null && basedOn.length === 0,
    message: () =>
      'brief: words were wanted, since personalise is off and there is nothing to start from; none came',
  },
  {
    field: 'remixOf',
    fails: ({ kind, remixOf }) => kind === 'VARIATION' && remixOf === null,
    message: () => 'remixOf: a VARIATION needs the work it varies, none came',
  },
  {
    field: 'deadlineSeconds',
    fails: ({ deadlineSeconds: s }) => s !== null && !(s >= 5 && s <= 86_400),
    message: ({ deadlineSeconds: s }) => `deadlineSeconds: 5 to 86400 was wanted, ${s ?? ''} came`,
  },
  {
    field: 'seed',
    fails: ({ seed }) => seed !== null && !(Number.isInteger(seed) && seed >= 0),
    message: ({ seed }) => `seed: a whole number from 0 was wanted, ${seed ?? ''} came`,
  },
];

function assertSound(input: GenerateInput): void {
  const broken = CHECKS.find(({ fails }) => fails(input));
  if (broken)
    throw new DomainError('INVALID_INPUT', broken.message(input), { path: ['input', broken.field] });
}

async function existing(tx: Stores, id: JobId): Promise<Job> {
  const job = await tx.jobs.byId(id);
  if (job === null) throw new Error(`idempotency points at job ${id}, which does not exist`);
  return job;
}

async function assertWithinQuota(tx: Stores, viewer: Person): Promise<void> {
  const jobs = await tx.jobs.ofPerson(viewer.id, { first: 50 });
  const open = jobs.filter(({ status }) => status === 'QUEUED' || status === 'RUNNING').length;
  if (open < MAX_OPEN_JOBS) return;
  throw new DomainError(
    'QUOTA_EXCEEDED',
    `at most ${MAX_OPEN_JOBS} open jobs a person, you have ${open}; wait or cancel one`,
    {
      retryable: true,
      constraint: `<= ${MAX_OPEN_JOBS}`,
    },
  );
}

async function assertSourcesVisible(tx: Stores, { viewer, remixOf, basedOn }: GenerateInput): Promise<void> {
  const wanted = [...new Set([...(remixOf === null ? [] : [remixOf]), ...basedOn])];
  const found = await tx.items.byIds(wanted);
  const visible = found.filter((item) => maySee(item, viewer.id));
  if (visible.length === wanted.length) return;
  throw new DomainError('NOT_FOUND', 'remixOf and basedOn: existing content was wanted, some id has none', {
    path: ['input', 'remixOf'],
  });
}

async function catalogueOf(tx: Stores, wanted: CatalogueId | null): Promise<CatalogueId> {
  const catalogues = wanted === null ? await tx.catalogues.all() : await tx.catalogues.byIds([wanted]);
  const [first] = catalogues;
  if (first === undefined)
    throw new DomainError('NOT_FOUND', 'no catalogue yet: import one first', {
      path: ['input', 'catalogueId'],
    });
  return first.id;
}

/** Without a seed of the person's own, the key decides: a replay with a lost answer still asks for the same picture. */
function seedFrom(key: string): number {
  let hash = 0;
  for (const char of key) hash = (Math.imul(hash, 31) + char.charCodeAt(0)) >>> 0;
  return hash % 2_147_483_647;
}

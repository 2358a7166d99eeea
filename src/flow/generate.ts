import { DomainError } from '../domain/errors.js';
import type { CatalogueId, JobId } from '../domain/ids.js';
import type { Job } from '../domain/job.js';
import type { BundlePlan } from '../domain/imaging/bundle.js';
import { assertFewOpenJobs } from './assert-few-open-jobs.js';
import { canonicalArguments } from './canonical-arguments.js';
import { assertAllowedWords } from './check-output.js';
import { createJob } from './create-job.js';
import { assertSound } from './generate-checks.js';
import type { GenerateInput } from './generate-input.js';
import { offerFor, pictureKindOf } from './picture-kind-of.js';
import { planBundle } from './plan-bundle.js';
import type { Ports } from './ports.js';
import type { Stores } from './ports/stores.js';
import { requireReferences } from './require-references.js';
import { reserveCost } from './reserve-cost.js';
import { maySee } from './visible-items.js';

type GeneratePorts = Pick<
  Ports,
  'stores' | 'transaction' | 'clock' | 'ids' | 'imageMaker' | 'pictureBudget' | 'text' | 'rankers'
>;

/** Asks for pictures: the job, its first event and its message come into being together, once per idempotency key. */
export async function generate(
  ports: GeneratePorts,
  input: GenerateInput,
): Promise<{ readonly job: Job; readonly replayed: boolean }> {
  assertSound(input);
  assertAllowedWords(`${input.brief ?? ''}, ${input.style ?? ''}`);
  const { price } = offerFor(ports.imageMaker, pictureKindOf(input));
  const { viewer, idempotencyKey: key, ...rest } = input;
  const bundle = await bundleOf(ports, input);
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
    const job = await create(ports, tx, { ...input, bundle });
    await reserveCost(tx, ports, { job, personId: viewer.id, amount: price * input.count });
    await tx.idempotency.complete(viewer.id, operation, key, job.id);
    return { job, replayed: false };
  });
}

/** Before the transaction: reading the catalogue takes longer than a transaction should. Null for every other kind. */
async function bundleOf(ports: GeneratePorts, input: GenerateInput): Promise<BundlePlan | null> {
  if (input.kind !== 'BUNDLE') return null;
  const { brief, style, count } = input;
  const catalogueId = await catalogueOf(ports.stores, input.catalogueId);
  return planBundle(ports, { brief, style, count, seed: seedOf(input), catalogueId });
}

type Planned = GenerateInput & { readonly bundle: BundlePlan | null };

async function create(ports: GeneratePorts, tx: Stores, input: Planned): Promise<Job> {
  const { viewer, kind, strength, reference, deadlineSeconds, bundle } = input;
  await assertFewOpenJobs(tx, viewer.id);
  await assertSourcesVisible(tx, input);
  await requireReferences(tx, viewer.id, reference);
  const catalogueId = await catalogueOf(tx, input.catalogueId);
  const { brief, style, count, personalise, remixOf, basedOn, visibility } = input;
  const seed = seedOf(input);
  const wish = { kind, brief, style, count, personalise, remixOf, basedOn, visibility, seed };
  const planned = bundle === null ? wish : { ...wish, bundle };
  const payload = { ...planned, strength, reference, personId: viewer.id, catalogueId };
  const deadline =
    deadlineSeconds === null ? null : new Date(ports.clock.now().getTime() + deadlineSeconds * 1000);
  return createJob(tx, ports, { name: 'generate-pictures', personId: viewer.id, payload, deadline });
}

async function existing(tx: Stores, id: JobId): Promise<Job> {
  const job = await tx.jobs.byId(id);
  if (job === null) throw new Error(`idempotency points at job ${id}, which does not exist`);
  return job;
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

function seedOf({ seed, idempotencyKey }: GenerateInput): number {
  return seed ?? seedFrom(idempotencyKey);
}

/** Without a seed of the person's own, the key decides: a replay with a lost answer still asks for the same picture. */
function seedFrom(key: string): number {
  let hash = 0;
  for (const char of key) hash = (Math.imul(hash, 31) + char.charCodeAt(0)) >>> 0;
  return hash % 2_147_483_647;
}

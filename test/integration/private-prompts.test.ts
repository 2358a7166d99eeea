import { randomUUID } from 'node:crypto';
import sharp from 'sharp';
import { renderPictures } from '../../src/flow/render-pictures.js';
import { idSeal } from '../../src/graphql/ids.js';
import { readAiMark } from '../../src/infra/pictures/ai-mark.js';
import { idKey } from '../../src/server.js';
import { runJob } from '../../workers/run-job.js';
import { SECRET, withApi } from '../support/api.js';
import { must } from '../support/must.js';
import { smallWorld, type SmallWorld } from '../support/small-world.js';

const api = withApi();
const ids = idSeal(idKey(SECRET));
let world: SmallWorld;
beforeAll(async () => {
  world = await smallWorld(api.ports);
});

const CANARY = 'zanzibarium';
const as = ({ externalId }: { externalId: string }) => ({ 'x-vitrine-person': externalId });

/** A private picture of Ada's whose words nobody else may see. */
async function secretPicture(
  seed: number,
): Promise<{ jobId: string; itemId: string; url: string; hash: string }> {
  const input = { idempotencyKey: randomUUID(), brief: `a ${CANARY} at dusk`, seed };
  const { job } = (await api.send('Generate', { input }, as(world.ada))).data.generate;
  const jobId = ids.open('Job', job.id);
  const attempt = { jobId, signal: new AbortController().signal };
  await runJob(api.ports, { timeoutMs: 20_000, run: renderPictures }, attempt);
  const item = must(must((await api.send('Job', { id: job.id }, as(world.ada))).data.job).outputs[0]?.item);
  const [work] = await api.ports.stores.works.byJobs([jobId]);
  return { jobId: job.id, itemId: item.id, url: must(item.media).url, hash: must(work).contentHash };
}

test('the words of a private picture are in no answer to anybody else, no address and no picture file', async () => {
  const { jobId, itemId, url, hash } = await secretPicture(1);
  const bob = as(world.bob);
  const answers = await Promise.all([
    api.send('Item', { id: itemId }, bob),
    api.send('Job', { id: jobId }, bob),
    api.send('Gallery', { first: 50 }, bob),
    api.send('Gallery', { filter: { promptContains: CANARY } }, bob),
    api.send('VerifyProvenance', { contentHash: hash }, bob),
    api.send('Jobs', {}, bob),
    api.send('Viewer', {}, bob),
  ]);
  expect(JSON.stringify(answers.map(({ data, errors }) => [data, errors]))).not.toContain(CANARY);
  expect(JSON.stringify(await api.send('Item', { id: itemId }, as(world.ada)))).toContain(CANARY); // the canary sings
  expect(url).not.toContain(CANARY);
  const bytes = Buffer.from(await (await fetch(api.url + url)).arrayBuffer());
  const { xmp, exif } = await sharp(bytes).metadata();
  for (const part of [bytes, xmp, exif]) expect(part?.toString('latin1') ?? '').not.toContain(CANARY);
  expect(await readAiMark(bytes)).toBe(true); // the mark is there, the words are not
  expect(JSON.stringify(api.logged)).not.toContain(CANARY);
});

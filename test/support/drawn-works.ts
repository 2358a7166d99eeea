import { randomUUID } from 'node:crypto';
import { deleteWorksJob, tagWorksJob } from '../../src/flow/bulk-works.js';
import { exportWorks } from '../../src/flow/export-works.js';
import { renderPictures } from '../../src/flow/render-pictures.js';
import type { ImageMaker } from '../../src/flow/ports.js';
import { idSeal } from '../../src/graphql/ids.js';
import { idKey } from '../../src/server.js';
import { runJob } from '../../workers/run-job.js';
import { SECRET, type TestApi } from './api.js';
import { must } from './must.js';

const ids = idSeal(idKey(SECRET));

export const as = ({ externalId }: { externalId: string }) => ({ 'x-vitrine-person': externalId });
export const key = () => ({ idempotencyKey: randomUUID() });

const DRAWN = { model: 'drawn', price: 0 };
/** Discs and bars in the colour and size that the brief names, so that works look different. */
const drawing: ImageMaker = {
  name: 'test',
  model: 'drawn',
  defaults: { steps: 2, guidance: 1 },
  offers: { 'text-to-image': DRAWN, 'image-to-image': DRAWN },
  make({ words, seed }) {
    const data = new Uint8Array(64 * 64 * 3).fill(255);
    const colour = words.includes('red') ? [210, 40, 30] : [30, 60, 210];
    const inside = (x: number, y: number) =>
      words.includes('bars') ? (x + (seed % 3)) % 16 < 8 : Math.hypot(x - 32, y - 32) < 20 + (seed % 3);
    for (let i = 0; i < 64 * 64; i++) if (inside(i % 64, Math.floor(i / 64))) data.set(colour, i * 3);
    data.set([seed % 256, (seed >> 8) % 256, (seed >> 16) % 256], 0); // no two have the same bytes
    const picture = { width: 64, height: 64, channels: 3 as const, data };
    return Promise.resolve({ picture, used: {}, by: { provider: 'test', ...DRAWN } });
  },
};

/** Works that are asked for and made through the API; who asks is named by an external id. */
export function drawnWorks(api: TestApi) {
  const attempt = (jobId: string) => ({
    jobId: ids.open('Job', jobId),
    signal: new AbortController().signal,
  });
  return {
    async made(input: object, who: { externalId: string }): Promise<string> {
      const asked = { input: { ...key(), personalise: false, ...input } };
      const { job } = (await api.send('Generate', asked, as(who))).data.generate;
      const run: typeof renderPictures = (ports, row, context) =>
        renderPictures({ ...ports, imageMaker: drawing }, row, context);
      await runJob(api.ports, { timeoutMs: 20_000, run }, attempt(job.id));
      const answer = await api.send('Job', { id: job.id }, as(who));
      return must(must(answer.data.job).outputs[0]?.item).id;
    },
    async done(name: 'TAG' | 'DELETE' | 'EXPORT', input: object, who: { externalId: string }) {
      const asked = { input: { ...key(), action: name, ...input } };
      const { job } = (await api.send('StartWorksJob', asked, as(who))).data.startWorksJob;
      const run = { TAG: tagWorksJob, DELETE: deleteWorksJob, EXPORT: exportWorks }[name];
      await runJob(api.ports, { timeoutMs: 20_000, run }, attempt(job.id));
      return must((await api.send('WorksJob', { id: job.id }, as(who))).data.worksJob);
    },
  };
}

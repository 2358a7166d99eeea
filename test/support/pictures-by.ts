import { renderPictures } from '../../src/flow/render-pictures.js';
import type { ImageMaker, Ports } from '../../src/flow/ports.js';
import { idSeal } from '../../src/graphql/ids.js';
import { idKey } from '../../src/server.js';
import { runJob } from '../../workers/run-job.js';
import { SECRET } from './api.js';

const ids = idSeal(idKey(SECRET));

/** A maker that is built when it is used: after the server whose address it needs. */
export function lazyMaker(build: () => ImageMaker): ImageMaker {
  return new Proxy({} as ImageMaker, { get: (_, key) => Reflect.get(build(), key) as unknown });
}

/** Does a job of pictures as a worker would, one attempt. */
export function workOn(ports: Ports, jobId: string): Promise<void> {
  return runJob(
    ports,
    { timeoutMs: 60_000, run: renderPictures },
    { jobId: ids.open('Job', jobId), signal: new AbortController().signal },
  );
}

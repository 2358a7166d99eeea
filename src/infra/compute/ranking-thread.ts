import { parentPort, Worker, workerData } from 'node:worker_threads';
import { loadRanker } from '../../domain/ranking/ranker.js';
import type { RankedItem, RankQuestion } from '../../domain/ranking/serving-ranker.js';
import type { RankingThread } from '../../flow/ports.js';
import { onnxCompute } from './onnx-compute.js';

interface Order {
  readonly id: number;
  readonly questions: readonly RankQuestion[];
  readonly k: number;
}
type Answers = readonly (readonly RankedItem[])[];
type Reply = { readonly id: number } & ({ readonly answers: Answers } | { readonly failure: string });

/**
 * Opens a ranker's artefact in a thread of its own, on one processor: ONNX Runtime's Node binding and all that is added up around it keep
 * the thread that asks, so a second thread ranks as many people again. Takes the artefact's memory over.
 */
export async function startRankingThread(artefact: Uint8Array<ArrayBuffer>): Promise<RankingThread> {
  const thread = new Worker(new URL(import.meta.url), {
    workerData: { artefact },
    transferList: [artefact.buffer],
  });
  const waiting = new Map<number, { take: (answers: Answers) => void; fail: (error: Error) => void }>();
  const failAll = (error: Error) => {
    waiting.forEach(({ fail }) => fail(error));
    waiting.clear();
  };
  await new Promise<void>((resolve, reject) => {
    thread.once('message', () => resolve()).once('error', reject);
  });
  thread.on('error', failAll).on('exit', () => failAll(new Error('the ranking thread has ended')));
  thread.on('message', (reply: Reply) => {
    const asked = waiting.get(reply.id);
    waiting.delete(reply.id);
    if ('answers' in reply) asked?.take(reply.answers);
    else asked?.fail(new Error(`the ranking thread failed: ${reply.failure}`));
  });
  let asked = 0;
  return {
    rankMany: (questions, k) =>
      new Promise((take, fail) => {
        const id = asked++;
        waiting.set(id, { take, fail });
        thread.postMessage({ id, questions, k } satisfies Order);
      }),
    close: async () => {
      await thread.terminate();
    },
  };
}

async function answerOrders(artefact: Uint8Array, port: NonNullable<typeof parentPort>): Promise<void> {
  const ranker = await loadRanker(artefact, onnxCompute({ threads: 1 }));
  port.on('message', ({ id, questions, k }: Order) => {
    const reply = (one: Reply) => port.postMessage(one);
    ranker.rankMany(questions, k).then(
      (answers) => reply({ id, answers }),
      (error: unknown) => reply({ id, failure: String(error) }),
    );
  });
  port.postMessage('ready');
}

const { artefact } = (workerData ?? {}) as { readonly artefact?: Uint8Array };
if (artefact !== undefined && parentPort !== null) await answerOrders(artefact, parentPort);

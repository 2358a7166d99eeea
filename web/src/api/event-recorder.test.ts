import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { EventInput } from '../generated/graphql.js';
import { EventRecorder } from './event-recorder.js';

interface Sent {
  readonly events: readonly EventInput[];
  readonly person: string | undefined;
}

const realFetch = globalThis.fetch;
let sent: Sent[];
let failures: number;
beforeEach(() => {
  sent = [];
  failures = 0;
  globalThis.fetch = (_url, init) => {
    const { variables } = JSON.parse(init?.body as string) as {
      variables: { input: { events: EventInput[] } };
    };
    const headers = init?.headers as Record<string, string>;
    sent.push({ events: variables.input.events, person: headers['X-Vitrine-Person'] });
    return failures-- > 0
      ? Promise.reject(new Error('Failed to fetch'))
      : Promise.resolve(new Response('{}'));
  };
});
afterEach(() => {
  globalThis.fetch = realFetch;
});

const idsOf = (batch: Sent | undefined) => batch?.events.map(({ clientEventId }) => clientEventId);

test('what was not delivered goes again under the same ids, before what came later', async () => {
  const recorder = new EventRecorder('ada');
  failures = 1;
  const first = recorder.add({ type: 'CLICK', contentId: 'x' });
  await expect(recorder.flush()).rejects.toThrow('Failed to fetch');
  const second = recorder.add({ type: 'HIDE', contentId: 'y' });
  await recorder.flush();
  expect(idsOf(sent[1])).toEqual([first, second]);
  expect(sent[1]?.person).toBe('ada');
});

test('no more than a hundred events travel at once', async () => {
  const recorder = new EventRecorder(null);
  for (let at = 0; at < 250; at++) recorder.add({ type: 'IMPRESSION', contentId: String(at) });
  await recorder.flush();
  expect(sent.map(({ events }) => events.length)).toEqual([100, 100, 50]);
});

test('two flushes at once send nothing twice', async () => {
  const recorder = new EventRecorder(null);
  recorder.add({ type: 'CLICK', contentId: 'x' });
  await Promise.all([recorder.flush(), recorder.flush()]);
  expect(sent).toHaveLength(1);
});

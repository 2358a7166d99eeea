import { expect, test } from '@jest/globals';
import type { JobEventsSubscription, JobFieldsFragment } from '../generated/graphql.js';
import { jobView, stageText, withEvent, type JobView } from './job-view.js';

type Event = JobEventsSubscription['jobEvents'];

const job = {
  id: 'j',
  status: 'QUEUED',
  progress: 0,
  stage: '',
  queuePosition: 2,
  etaSeconds: 9,
  outputs: [],
  failure: null,
};
const queued = jobView(job as unknown as JobFieldsFragment);
const event = (fields: object) => ({ jobId: 'j', cursor: 'c', at: '', ...fields }) as unknown as Event;
const after = (...events: object[]): JobView =>
  events.reduce<JobView>((view, each) => withEvent(view, event(each)), queued);

const preview = { url: '/p' };
const picture = { __typename: 'GeneratedItem', id: 'i', title: 'A fox' };
const started = { __typename: 'JobStarted', attempt: 1 };
const drawing = { __typename: 'JobProgressed', progress: 0.5, stage: 'drawing', preview };
const ready = { __typename: 'JobOutputReady', output: { index: 0, item: picture } };

test('a waiting job says its place and the time', () => {
  expect(stageText(queued)).toBe('2 before you in the queue, about 9 s');
});

test('a preview stays until the next one comes', () => {
  const view = after(started, drawing, { ...drawing, progress: 0.6, preview: null });
  expect(view).toMatchObject({ status: 'RUNNING', progress: 0.6, queuePosition: null, preview });
  expect(stageText(view)).toBe('Drawing');
});

test('progress never goes back, as after a second attempt', () => {
  expect(after(drawing, { ...drawing, progress: 0.1 }).progress).toBe(0.5);
});

test('an output that is told twice is shown once', () => {
  expect(after(started, ready, ready).made).toHaveLength(1);
});

test('the end is what the server says, with the failure in its words', () => {
  const failed = { ...job, status: 'FAILED', failure: { message: 'the model is gone' } };
  const view = after(started, { __typename: 'JobFinished', job: failed });
  expect(view).toMatchObject({ status: 'FAILED', failure: 'the model is gone' });
});

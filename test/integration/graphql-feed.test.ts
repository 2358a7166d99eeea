import { randomUUID } from 'node:crypto';
import type { Reason } from '../support/answers.js';
import { withApi } from '../support/api.js';
import { must } from '../support/must.js';
import { smallWorld, type SmallWorld } from '../support/small-world.js';

const api = withApi();
let world: SmallWorld;
beforeAll(async () => {
  world = await smallWorld(api.ports);
});

const as = ({ externalId }: { externalId: string }) => ({ 'x-vitrine-person': externalId });
const feed = async (variables: object, who: { externalId: string } = world.ada) => {
  const { data, errors } = await api.send('Feed', variables, as(who));
  expect(errors).toBeUndefined();
  return data.recommendations;
};

test('a feed of 20 cards with reasons and pictures takes at most 12 SQL statements', async () => {
  await feed({ first: 20 }); // the ranker is made on the first call
  const before = api.database.statements.length;
  const { edges } = await feed({ first: 20 });
  const sent = api.database.statements.slice(before);
  expect(edges).toHaveLength(20);
  expect(edges.every(({ node }) => node.media?.url.startsWith('/media/'))).toBe(true);
  const reasons = edges.flatMap(({ explanation }) => explanation ?? []);
  expect(reasons.length).toBeGreaterThanOrEqual(5);
  expect(reasons.every(({ groundedShare }) => groundedShare === 1)).toBe(true);
  expect(sent.length > 12 ? sent : []).toEqual([]);
});

test('an event takes three SQL statements: who, what, and the event with its wake-up', async () => {
  const { edges } = await feed({ first: 1 }, world.bob);
  const event = { clientEventId: randomUUID(), type: 'VIEW', contentId: must(edges[0]).node.id };
  const before = api.database.statements.length;
  await api.send('RecordEvents', { input: { events: [event] } }, as(world.bob));
  expect(api.database.statements.slice(before)).toHaveLength(3);
});

test('scrolling goes on in the same answer without a repeat, for its owner only', async () => {
  const first = await feed({ first: 15 });
  const more = await api.send('MoreFeed', { first: 15, after: first.pageInfo.endCursor }, as(world.ada));
  const second = more.data.recommendations;
  expect(second.requestId).toBe(first.requestId);
  const ids = [...first.edges, ...second.edges].map(({ node }) => node.id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(second.edges[0]?.position).toBe(15);
  const thief = await api.send('MoreFeed', { first: 15, after: first.pageInfo.endCursor }, as(world.bob));
  expect(thief.errors?.[0]?.extensions.code).toBe('NOT_FOUND');
});

test('every claim of a reason points at evidence that can be read', async () => {
  const { edges, requestId } = await feed({ first: 10 });
  const contentId = must(edges[0]).node.id;
  const { data } = await api.send('Explain', { requestId, contentId }, as(world.ada));
  const explained = must(data.explain);
  expect(explained.claims.length).toBeGreaterThan(0);
  for (const claim of explained.claims) {
    expect(claim.evidence.length).toBeGreaterThan(0);
    expect(explained.text.slice(claim.start, claim.end)).toBe(claim.text);
  }
  const other = await api.send('Explain', { requestId, contentId }, as(world.bob));
  expect(other.data.explain).toBeNull();
});

test('events are stored once, bad ones come back as data, and the next answer knows', async () => {
  const { edges, requestId } = await feed({ first: 5 }, world.bob);
  const card = must(edges[0]);
  const click = {
    clientEventId: randomUUID(),
    type: 'CLICK',
    contentId: card.node.id,
    requestId,
    position: 0,
  };
  const future = { ...click, clientEventId: randomUUID(), at: new Date(Date.now() + 3_600_000) };
  const send = () => api.send('RecordEvents', { input: { events: [click, future] } }, as(world.bob));
  expect((await send()).data.recordEvents).toMatchObject({
    accepted: 1,
    duplicates: 0,
    rejected: [{ code: 'INVALID_INPUT', path: ['input', 'events', '1', 'at'] }],
  });
  expect((await send()).data.recordEvents).toMatchObject({ accepted: 0, duplicates: 1 });
  const next = await feed({ first: 50 }, world.bob);
  expect(next.edges.map(({ node }) => node.id)).not.toContain(card.node.id);
  const undo = (who: { externalId: string }) =>
    api.send('UndoEvent', { clientEventId: click.clientEventId }, as(who));
  expect((await undo(world.ada)).data.undoEvent).toMatchObject({ undone: false });
  expect((await undo(world.bob)).data.undoEvent).toMatchObject({ undone: true });
});

test('a made-up id is a failure that names the argument, not an error', async () => {
  const event = { clientEventId: randomUUID(), type: 'CLICK', contentId: randomUUID() };
  const { data, errors } = await api.send('RecordEvents', { input: { events: [event] } }, as(world.ada));
  expect(errors).toBeUndefined();
  expect(data.recordEvents).toMatchObject({
    __typename: 'InvalidInput',
    path: ['input', 'events', '0', 'contentId'],
  });
});

const lessOf = ({ controls }: Reason) => controls.find(({ action }) => action === 'LESS_LIKE_THIS');

test('"less like this" changes the next answer, and only its owner can press it', async () => {
  const { edges } = await feed({ first: 20 });
  const reason = must(edges.flatMap(({ explanation }) => explanation ?? []).find((one) => lessOf(one)));
  const { action, targetId } = must(lessOf(reason));
  const press = (who: { externalId: string }) =>
    api.send('ApplyControl', { explanationId: reason.id, action, targetId }, as(who));
  expect((await press(world.bob)).data.applyControl).toMatchObject({ code: 'NOT_FOUND' });
  expect((await press(world.ada)).data.applyControl.__typename).toBe('ProfilePayload');
  const next = await feed({ first: 20 });
  expect(next.edges.map(({ node }) => node.id)).not.toEqual(edges.map(({ node }) => node.id));
});

test('a person reads, states and removes tastes, and switches profiling off', async () => {
  const change = async (input: object[]) =>
    (await api.send('AdjustProfile', { input }, as(world.ada))).data.adjustProfile;
  const { profile } = await change([{ label: 'Plants', weight: 0.9 }]);
  const stated = must(profile.facets.find(({ label }) => label === 'plants'));
  expect(stated).toMatchObject({ weight: 0.9, origin: 'STATED' });
  expect(await change([{ label: 'x', weight: 7 }])).toMatchObject({
    __typename: 'InvalidInput',
    path: ['input', '0', 'weight'],
  });
  await change([{ facetId: stated.id, remove: true }]);
  const off = await api.send('SetConsent', { personalisation: false }, as(world.ada));
  expect(off.data.setConsent.profile.profilingEnabled).toBe(false);
  expect(await feed({ first: 5 })).toMatchObject({ profiled: false });
  await api.send('SetConsent', { personalisation: true }, as(world.ada));
  const { data } = await api.send('Profile', {}, as(world.ada));
  expect(data.viewer.profile.facets.map(({ id }) => id)).not.toContain(stated.id);
});

test('an item page has provenance, similar items and its catalogue; what does not exist is null', async () => {
  const { edges } = await feed({ first: 1 });
  const { data, errors } = await api.send('Item', { id: must(edges[0]).node.id }, as(world.ada));
  expect(errors).toBeUndefined();
  expect(data.node).toMatchObject({
    __typename: 'CatalogItem',
    catalogue: { name: 'Small' },
    provenance: { origin: 'HUMAN' },
  });
  expect((await api.send('Item', { id: 'nonsense' }, as(world.ada))).data.node).toBeNull();
});

test('the other reads answer', async () => {
  for (const name of [
    'Viewer',
    'DemoPeople',
    'Catalogues',
    'Models',
    'MainParameters',
    'Jobs',
    'RankerState',
  ] as const)
    expect([name, (await api.send(name, {}, as(world.ada))).errors]).toEqual([name, undefined]);
  const choices = await api.send('Choices', { attribute: 'group' }, as(world.ada));
  expect(choices.data.catalogues).toMatchObject([{ values: ['animals', 'food', 'plants', 'travel'] }]);
  const { data } = await api.send('DemoPeople');
  expect(data.demoPeople).toHaveLength(24);
});

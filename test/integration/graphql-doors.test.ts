import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { SignJWT } from 'jose';
import WebSocket from 'ws';
import { buildApiSchema } from '../../src/graphql/build-schema.js';
import { SCOPES, type Scope } from '../../src/graphql/scope.js';
import { SECRET, withApi } from '../support/api.js';

/** Production: only tokens open doors. */
const api = withApi({
  development: false,
  limits: { pointsPerMinute: 20_000, socketInitMs: 300, socketPingMs: 500 },
});

const tokenWith = (...scopes: Scope[]) =>
  new SignJWT({ sub: `caller-${scopes.join('-')}`, scope: scopes.join(' ') })
    .setProtectedHeader({ alg: 'HS256' })
    .setExpirationTime('5m')
    .sign(new TextEncoder().encode(SECRET));
const bearer = async (...scopes: Scope[]) => ({ authorization: `Bearer ${await tokenWith(...scopes)}` });
const codesOf = (errors: { extensions: { code: string } }[] | undefined) =>
  errors?.map((error) => error.extensions.code);

const KEY = 'idempotencyKey: "0123456789abcdef"';
/** One row per door: the scope it asks for and a document that knocks. A field without a row fails the test below. */
const DOORS: Record<string, readonly [Scope, string]> = {
  bulkJob: ['OPERATOR', '{ bulkJob(id: "x") { id } }'],
  catalogues: ['PUBLIC', '{ catalogues { id } }'],
  demoPeople: ['PUBLIC', '{ demoPeople { id } }'],
  explain: ['VIEWER', '{ explain(requestId: "x", contentId: "x") { id } }'],
  gallery: ['VIEWER', '{ gallery { totalCount } }'],
  findByFacets: ['VIEWER', '{ findByFacets(text: "x") { results { requestId } } }'],
  ground: ['VIEWER', '{ ground(text: "x") { requestId } }'],
  imagine: ['VIEWER', '{ imagine { __typename } }'],
  session: ['VIEWER', '{ session { requestId } }'],
  job: ['VIEWER', '{ job(id: "x") { id } }'],
  manifestKeys: ['PUBLIC', '{ manifestKeys { keyId } }'],
  mainParameters: ['PUBLIC', '{ mainParameters(surface: HOME) }'],
  codeHealth: ['ANALYST', '{ codeHealth(modelId: "x") { items } }'],
  movedCodes: ['ANALYST', '{ movedCodes(modelId: "x") { totalCount } }'],
  models: ['ANALYST', '{ models { id } }'],
  node: ['PUBLIC', '{ node(id: "x") { id } }'],
  nodes: ['PUBLIC', '{ nodes(ids: ["x"]) { id } }'],
  rateLimit: ['PUBLIC', '{ rateLimit { remaining } }'],
  recommendations: ['VIEWER', '{ recommendations(surface: HOME) { requestId } }'],
  verifyProvenance: ['PUBLIC', '{ verifyProvenance(contentHash: "x") { origin } }'],
  viewer: ['VIEWER', '{ viewer { id } }'],
  promoteModel: ['OPERATOR', 'mutation { promoteModel(id: "x", reason: "x") { __typename } }'],
  shadowModel: ['OPERATOR', 'mutation { shadowModel(id: "x", reason: "x") { __typename } }'],
  retireModel: ['OPERATOR', 'mutation { retireModel(id: "x", reason: "x") { __typename } }'],
  rollBackModel: ['OPERATOR', 'mutation { rollBackModel(catalogueId: "x", reason: "x") { __typename } }'],
  adjustProfile: ['VIEWER', 'mutation { adjustProfile(input: []) { __typename } }'],
  applyControl: [
    'VIEWER',
    'mutation { applyControl(explanationId: "x", action: HIDE_TOPIC, targetId: "x") { __typename } }',
  ],
  cancelJob: ['VIEWER', 'mutation { cancelJob(id: "x") { __typename } }'],
  generate: ['VIEWER', `mutation { generate(input: { ${KEY} }) { __typename } }`],
  recordEvents: ['VIEWER', 'mutation { recordEvents(input: { events: [] }) { __typename } }'],
  retryJob: ['VIEWER', `mutation { retryJob(id: "x", ${KEY}) { __typename } }`],
  rateItem: ['VIEWER', 'mutation { rateItem(itemId: "x", value: 3) { __typename } }'],
  tagItem: ['VIEWER', 'mutation { tagItem(itemId: "x", add: ["x"]) { __typename } }'],
  setConsent: ['VIEWER', 'mutation { setConsent { __typename } }'],
  setFavourite: ['VIEWER', 'mutation { setFavourite(itemId: "x", on: true) { __typename } }'],
  setVisibility: ['VIEWER', 'mutation { setVisibility(itemId: "x", visibility: PUBLIC) { __typename } }'],
  startBulk: ['OPERATOR', `mutation { startBulk(input: { ${KEY}, kind: IMPORT }) { __typename } }`],
  saveCollection: [
    'VIEWER',
    'mutation { saveCollection(input: { name: "x", coverId: "x" }) { __typename } }',
  ],
  removeCollection: ['VIEWER', 'mutation { removeCollection(id: "x") { __typename } }'],
  shareCollection: ['VIEWER', 'mutation { shareCollection(id: "x") { __typename } }'],
  revokeShareLink: ['VIEWER', 'mutation { revokeShareLink(token: "x") { __typename } }'],
  sharedCollection: ['PUBLIC', '{ sharedCollection(token: "x") { name } }'],
  startWorksJob: ['VIEWER', `mutation { startWorksJob(input: { ${KEY}, action: TAG }) { __typename } }`],
  restoreWorks: ['VIEWER', 'mutation { restoreWorks(itemIds: ["x"]) { __typename } }'],
  worksJob: ['VIEWER', '{ worksJob(id: "x") { id } }'],
  estimateGeneration: ['VIEWER', '{ estimateGeneration { __typename } }'],
  pictureOffers: ['VIEWER', '{ pictureOffers { __typename } }'],
  createUpload: [
    'VIEWER',
    `mutation { createUpload(input: { ${KEY}, agreed: false, consentText: "x", role: GARMENT }) { __typename } }`,
  ],
  deleteReferencePicture: ['VIEWER', `mutation { deleteReferencePicture(id: "x", ${KEY}) { __typename } }`],
  createWebhook: [
    'VIEWER',
    `mutation { createWebhook(input: { ${KEY}, url: "x", events: [] }) { __typename } }`,
  ],
  deleteWebhook: ['VIEWER', 'mutation { deleteWebhook(id: "x") { __typename } }'],
  replayDelivery: ['VIEWER', 'mutation { replayDelivery(id: "x") { __typename } }'],
  rotateWebhookSecret: ['VIEWER', 'mutation { rotateWebhookSecret(id: "x") { __typename } }'],
  switchWebhook: ['VIEWER', 'mutation { switchWebhook(id: "x", on: true) { __typename } }'],
  testWebhook: ['VIEWER', 'mutation { testWebhook(id: "x") { __typename } }'],
  training: ['VIEWER', '{ training { id } }'],
  undoEvent: ['VIEWER', 'mutation { undoEvent(clientEventId: "x") { __typename } }'],
  galleryChanges: ['VIEWER', 'subscription { galleryChanges { cursor } }'],
  jobEvents: ['VIEWER', 'subscription { jobEvents(jobId: "x") { cursor } }'],
};

test('every door of the schema has a row', async () => {
  const schema = await buildApiSchema();
  const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];
  expect(roots.flatMap((type) => Object.keys(type?.getFields() ?? {})).sort()).toEqual(
    Object.keys(DOORS).sort(),
  );
});

test('every door opens to its scope and to no other', async () => {
  const overHttp = Object.entries(DOORS).filter(([, [, text]]) => !text.startsWith('subscription'));
  const knock = async ([name, [wanted, text]]: (typeof overHttp)[number]) => {
    const others = SCOPES.filter((scope) => scope !== wanted && scope !== 'PUBLIC');
    const [anonymous, allowed, lacking] = await Promise.all([
      api.query(text),
      bearer('VIEWER', wanted).then((token) => api.query(text, token)),
      bearer(...others).then((token) => api.query(text, token)),
    ]);
    const refused = [anonymous, allowed, lacking].map(({ errors }) =>
      ['UNAUTHENTICATED', 'FORBIDDEN'].includes(codesOf(errors)?.[0] ?? ''),
    );
    return [name, ...refused];
  };
  const opened = await Promise.all(overHttp.map(knock));
  const expected = overHttp.map(([name, [wanted]]) => [
    name,
    wanted !== 'PUBLIC',
    false,
    wanted !== 'PUBLIC',
  ]);
  expect(opened).toEqual(expected);
});

test('a wrong token is 401, a simulated person is 403', async () => {
  const wrong = await api.query('{ viewer { id } }', { authorization: 'Bearer a.b.c' });
  expect([wrong.status, codesOf(wrong.errors)]).toEqual([401, ['UNAUTHENTICATED']]);
  const simulated = await api.query('{ viewer { id } }', { 'x-vitrine-person': 'sim-1' });
  expect([simulated.status, codesOf(simulated.errors)]).toEqual([403, ['FORBIDDEN']]);
});

const many = (n: number, part: (i: number) => string) =>
  Array.from({ length: n }, (_, i) => part(i)).join(' ');
test.each([
  [
    'depth',
    `{ node(id: "x") { ${'... on CatalogItem { similar { nodes { '.repeat(6)} id ${'} } }'.repeat(6)} } }`,
    400,
  ],
  ['aliases', `{ ${many(16, (i) => `a${i}: __typename`)} }`, 400],
  ['directives', `{ catalogues { ${many(51, () => 'id @include(if: true)')} } }`, 400],
  ['tokens', `{ ${many(5000, () => '__typename')} }`, 400],
  [
    'doubling fragments',
    `{ ...F0 } ${many(60, (i) => `fragment F${i} on Query { ...F${i + 1} ...F${i + 1} }`)} fragment F60 on Query { catalogues { id } }`,
    400,
  ],
  [
    'cost',
    '{ recommendations(surface: HOME, first: 100) { edges { node { similar(first: 100) { nodes { id } } } } } }',
    400,
  ],
  ['an unknown field', '{ nothing }', 400],
  ['a syntax error', '{', 400],
  ['a wrong variable', 'query Q($n: Int!) { gallery(first: $n) { totalCount } }', 400],
  ['a body of 200 kB', `{ catalogues { id } } # ${'x'.repeat(200_000)}`, 413],
])('too much %s is refused with a 4xx', async (_, text, status) => {
  const reply = await api.query(text, await bearer('VIEWER'));
  expect([reply.status, reply.errors?.length]).toEqual([status, 1]);
  expect(codesOf(reply.errors)).not.toContain('INTERNAL');
});

test.each([0, -1, 101])('first: %s is refused with what was wanted', async (first) => {
  const { errors } = await api.query(`{ gallery(first: ${first}) { totalCount } }`, await bearer('VIEWER'));
  expect(errors).toMatchObject([
    { message: `first: 1 to 100 was wanted, ${first} came`, extensions: { code: 'INVALID_INPUT' } },
  ]);
});

test('simple cross-site requests, batches and mutations by GET are refused', async () => {
  const url = `${api.url}/graphql`;
  const body = JSON.stringify({ query: '{ catalogues { id } }' });
  const json = { 'content-type': 'application/json' };
  const mutation = encodeURIComponent('mutation { setConsent { __typename } }');
  const replies = await Promise.all([
    fetch(url, { method: 'POST', body, headers: { 'content-type': 'text/plain' } }),
    fetch(`${url}?query={catalogues{id}}`, { headers: { accept: '*/*' } }),
    fetch(url, { method: 'POST', body: `[${body},${body}]`, headers: json }),
    fetch(`${url}?query=${mutation}`, { headers: { 'apollo-require-preflight': 'yes' } }),
    fetch(url, { method: 'POST', body, headers: { ...json, origin: 'https://elsewhere.example' } }),
  ]);
  expect(replies.map(({ status }) => status)).toEqual([400, 400, 400, 405, 403]);
});

test('a bug shows nothing and is logged with the id of the request', async () => {
  const { models } = api.ports.stores;
  const before = { ...models };
  Object.assign(models, { list: () => Promise.reject(new Error('secret at /etc/passwd')) });
  const reply = await api.query('{ models { id } }', await bearer('ANALYST', 'VIEWER'));
  Object.assign(models, before);
  expect(reply.errors).toMatchObject([{ message: 'Internal error', extensions: { code: 'INTERNAL' } }]);
  expect(JSON.stringify(reply)).not.toContain('secret');
  const requestId = reply.headers.get('x-request-id');
  expect(reply.headers.get('cache-control')).toBe('no-store');
  expect(api.logged.filter(({ event }) => event === 'graphql-bug').at(-1)?.fields).toMatchObject({
    requestId,
  });
});

test('points run out with 429 and the time to wait, for that caller only', async () => {
  const costly =
    '{ recommendations(surface: HOME, first: 100) { edges { explanation { claims { text } } node { media { url } } } } }';
  const token = await bearer('VIEWER', 'EDITOR');
  let reply = await api.query(costly, token);
  for (let i = 0; i < 40 && reply.status !== 429; i++) reply = await api.query(costly, token);
  expect([reply.status, codesOf(reply.errors)]).toEqual([429, ['RATE_LIMITED']]);
  expect(Number(reply.headers.get('retry-after'))).toBeGreaterThan(0);
  expect((await api.query('{ viewer { id } }', await bearer('VIEWER', 'ANALYST'))).status).toBe(200);
});

test('pages, health and pictures', async () => {
  const get = (path: string, accept = 'text/html') => fetch(api.url + path, { headers: { accept } });
  expect(await (await get('/graphql')).text()).toContain('explorer');
  expect(await (await get('/item/x')).text()).toContain('page');
  expect((await get('/healthz')).status).toBe(200);
  expect((await get('/readyz')).status).toBe(503); // nothing was imported here
  expect((await get(`/media/${'0'.repeat(64)}/256.webp?e=9999999999&s=forged`)).status).toBe(404);
  const { headers } = await get('/');
  expect(headers.get('x-content-type-options')).toBe('nosniff');
  expect(headers.get('content-security-policy')).toContain("script-src 'self'");
  expect(headers.get('x-powered-by')).toBeNull();
});

/** Opens a socket, says what is given, and waits for its end. */
async function closeOf(messages: readonly object[], headers: Record<string, string> = {}): Promise<number> {
  const socket = new WebSocket(`${api.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws', {
    headers,
  });
  await once(socket, 'open');
  for (const message of messages) socket.send(JSON.stringify(message));
  const [code] = (await once(socket, 'close')) as [number];
  return code;
}
const init = (payload: object = {}) => ({ type: 'connection_init', payload });

test('sockets end with the code of the cause', async () => {
  expect(await closeOf([{ type: 'nonsense' }])).toBe(4400);
  expect(await closeOf([init({ authorization: 7 })])).toBe(4400);
  expect(await closeOf([init({ authorization: 'Bearer a.b.c' })])).toBe(4401);
  expect(await closeOf([{ type: 'subscribe', id: '1', payload: { query: '{ catalogues { id } }' } }])).toBe(
    4401,
  );
  expect(await closeOf([init({ person: 'sim-1' })])).toBe(4403);
  expect(await closeOf([])).toBe(4408);
  expect(await closeOf([init(), init()])).toBe(4429);
});

test('a socket that answers no ping is cut by the next one, and one that answers stays', async () => {
  const url = `${api.url.replace('http', 'ws')}/graphql`;
  const { authorization } = await bearer('VIEWER');
  const open = async (autoPong: boolean): Promise<WebSocket> => {
    const socket = new WebSocket(url, 'graphql-transport-ws', { autoPong });
    await once(socket, 'open');
    socket.send(JSON.stringify(init({ authorization })));
    await once(socket, 'message');
    return socket;
  };
  const [deaf, alive] = [await open(false), await open(true)];
  let pings = 0;
  alive.on('ping', () => (pings += 1));
  const [code] = (await once(deaf, 'close')) as [number];
  expect(code).toBe(1006); // cut, without a word
  while (pings < 4) await once(alive, 'ping');
  expect(alive.readyState).toBe(WebSocket.OPEN);
  alive.close();
  await once(alive, 'close');
});

test('a page of another site opens no socket', async () => {
  const headers = {
    connection: 'Upgrade',
    upgrade: 'websocket',
    'sec-websocket-version': '13',
    'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
    origin: 'https://elsewhere.example',
  };
  const asked = httpRequest(`${api.url}/graphql`, { headers }).end();
  const [response] = (await once(asked, 'response')) as [{ statusCode: number; resume(): void }];
  response.resume();
  expect(response.statusCode).toBe(403);
});

test('the socket knows the same rights and limits', async () => {
  const client = api.subscriber({});
  const errorOf = async (query: string) => {
    try {
      for await (const { errors } of client.iterate({ query })) return errors?.[0]?.extensions?.['code'];
    } catch (thrown) {
      return (thrown as { extensions: { code: string } }[])[0]?.extensions.code;
    }
    return undefined;
  };
  expect(await errorOf(DOORS['jobEvents']?.[1] ?? '')).toBe('UNAUTHENTICATED');
  expect(await errorOf(DOORS['galleryChanges']?.[1] ?? '')).toBe('UNAUTHENTICATED');
  expect(await errorOf('{ viewer { id } }')).toBe('UNAUTHENTICATED');
  expect(await errorOf(`{ ${many(16, (i) => `a${i}: __typename`)} }`)).toBe('OPERATION_TOO_LARGE');
  expect(await errorOf('{ nothing }')).toBe('GRAPHQL_VALIDATION_FAILED');
});

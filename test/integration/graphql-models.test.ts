import { SignJWT } from 'jose';
import type { ModelVersion } from '../../src/domain/model-version.js';
import { idSeal } from '../../src/graphql/ids.js';
import type { Scope } from '../../src/graphql/scope.js';
import { idKey } from '../../src/server.js';
import { SECRET, withApi } from '../support/api.js';
import { smallWorld, type SmallWorld } from '../support/small-world.js';

const api = withApi({ development: false });
const ids = idSeal(idKey(SECRET));
let world: SmallWorld;
beforeAll(async () => {
  world = await smallWorld(api.ports);
});

async function bearer(...scopes: Scope[]) {
  const token = new SignJWT({ sub: 'olga', scope: scopes.join(' ') }).setProtectedHeader({ alg: 'HS256' });
  return {
    authorization: `Bearer ${await token.setExpirationTime('5m').sign(new TextEncoder().encode(SECRET))}`,
  };
}
const operator = () => bearer('VIEWER', 'ANALYST', 'OPERATOR');

async function model(version: string, gains: ModelVersion['metrics']) {
  const { id } = await api.ports.stores.models.save({
    ...{
      catalogueId: world.catalogue.id,
      family: 'vitrine-ranker',
      version,
      role: 'RANKER',
      state: 'CANDIDATE',
    },
    ...{ trainedAt: new Date(), dataSnapshot: 'ab'.repeat(32), seed: 7, card: 'A card', artefact: null },
    ...{ recipe: { block: 'hstu' }, metrics: gains },
    learned: { people: 9, events: 99, items: 60, until: '2026-01-02T03:04:05.000Z', startedFrom: null },
  });
  return ids.seal('ModelVersion', id);
}
const gain = (low: number) => [{ name: 'A1.fusion.gainN10', value: low + 0.1, low, high: low + 0.2, n: 50 }];

test('what figures deny is refused with what they say, and force is stored with who used it and why', async () => {
  const [good, bad] = [await model('good', gain(0.1)), await model('bad', gain(-0.1))];
  const reason = 'the demo needs it';
  const first = await api.send('PromoteModel', { id: good, reason: 'first' }, await operator());
  expect(first.data.promoteModel).toMatchObject({
    model: { version: 'good', state: 'LIVE' },
    previous: null,
  });
  const refused = await api.send('PromoteModel', { id: bad, reason }, await operator());
  expect(refused.data.promoteModel).toMatchObject({
    __typename: 'Conflict',
    code: 'CONFLICT',
    path: ['force'],
  });
  expect(refused.data.promoteModel.message).toContain(
    'does not beat popularity for sure: N@10 0.0000 (-0.1000 to 0.1000)',
  );
  const forced = await api.send('PromoteModel', { id: bad, reason, force: true }, await operator());
  expect(forced.data.promoteModel).toMatchObject({
    model: { version: 'bad', state: 'LIVE' },
    previous: { version: 'good', state: 'RETIRED' },
  });
  const { data } = await api.send('ModelHistory', { state: 'LIVE' }, await operator());
  expect(data.models).toMatchObject([
    {
      ...{ version: 'bad', seed: 7, recipe: { block: 'hstu' }, dataSnapshot: 'ab'.repeat(32), shadow: null },
      learnedFrom: { people: 9, events: 99, items: 60, until: '2026-01-02T03:04:05.000Z', startedFrom: null },
      history: [
        { from: 'CANDIDATE', to: 'LIVE', actor: 'OPERATOR', by: 'olga', reason: `forced: ${reason}` },
      ],
    },
  ]);
  const catalogueId = ids.seal('Catalogue', world.catalogue.id);
  const back = await api.send('RollBackModel', { catalogueId, reason: 'bad lists' }, await operator());
  expect(back.data.rollBackModel).toMatchObject({ model: { version: 'good' }, previous: { version: 'bad' } });
  const again = await api.send('RollBackModel', { catalogueId, reason: 'more' }, await operator());
  expect(again.data.rollBackModel).toMatchObject({
    code: 'CONFLICT',
    message: 'no model was live before good',
  });
});

test('a reason is needed, and a shadow is put there and away', async () => {
  const id = await model('unseen', gain(0.1));
  const empty = await api.send('ShadowModel', { id, reason: ' ' }, await operator());
  expect(empty.data.shadowModel).toMatchObject({ __typename: 'InvalidInput', path: ['reason'] });
  const shadow = await api.send('ShadowModel', { id, reason: 'look' }, await operator());
  expect(shadow.data.shadowModel).toMatchObject({ model: { state: 'SHADOW' } });
  const retired = await api.send('RetireModel', { id, reason: 'seen enough' }, await operator());
  expect(retired.data.retireModel).toMatchObject({ model: { state: 'RETIRED' } });
  const back = await api.send('ShadowModel', { id, reason: 'once more' }, await operator());
  expect(back.data.shadowModel).toMatchObject({ code: 'CONFLICT' });
});

test('who moved what and why is for analysts, also behind an answer’s model', async () => {
  const query = '{ recommendations(surface: HOME) { model { version seed history { reason } } } }';
  const { errors } = await api.query(query, await bearer('VIEWER'));
  expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
});

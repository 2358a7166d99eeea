import { fileURLToPath } from 'node:url';
import { PROTOCOLS, splitData } from '../src/domain/ranking/protocols.js';
import { codeCatalogue } from '../src/domain/ranking/train-codes.js';
import { seededRandom } from '../src/domain/random.js';
import { codeHealth } from '../src/domain/semantic-ids/code-health.js';
import { itemSpace } from '../src/domain/semantic-ids/item-space.js';
import { loadRankingSet, RANKING_SETS } from './ranking-sets.js';

const DATA = fileURLToPath(new URL('../../shared/data', import.meta.url));

test('codes of MovieLens would collapse as plain residuals, so they are balanced unless plain ones are asked for', async () => {
  const set = RANKING_SETS['ml-100k'];
  const loaded = set && (await loadRankingSet(set, DATA, 1));
  if (!loaded) {
    console.info('skipped: data not here');
    return;
  }
  const { train } = splitData(loaded.data, PROTOCOLS.M4);
  const space = itemSpace(train, seededRandom(1).fork('space'));
  const plainly = () => codeCatalogue(train, seededRandom(1), { space, tokenizer: 'residual' });
  expect(plainly).toThrow(/collapsed: level 2 has entropy 0\.3/);
  const { ids, tokenizer } = codeCatalogue(train, seededRandom(1), { space });
  expect(tokenizer.kind).toBe('collaborative');
  const { levels } = codeHealth(ids, 3);
  for (const { entropy } of levels) expect(entropy).toBeGreaterThan(0.9);
}, 120_000);

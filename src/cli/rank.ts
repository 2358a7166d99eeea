import { existsSync } from 'node:fs';
import { appendFile, readFile, truncate } from 'node:fs/promises';
import { DomainError } from '../domain/errors.js';
import type { Person } from '../domain/person.js';
import { rankBeside } from '../flow/rank-beside.js';
import { type RankedPerson, rankPeople } from '../flow/rank-people.js';
import { catalogueFor } from '../flow/train-ranker.js';
import type { Deps } from '../wire.js';
import { personNamed } from './person-named.js';
import { progress } from './progress.js';

export interface RankOptions {
  /** `all`, a file with one external id a line, or external ids with commas between. */
  readonly people: string;
  readonly catalogue?: string;
  readonly limit: number;
  readonly out: string;
}

/** People of one block: as many as the ranker takes at once. */
const BLOCK = 128;
/** The candidates of a feed are as many. */
const MOST = 400;

/** `npm run rank`: one JSON line a person into a file. Run again after a stop, it goes on with those who are missing. */
export async function rankCommand(
  { ports }: Pick<Deps, 'ports'>,
  { people, catalogue, limit, out }: RankOptions,
  signal: AbortSignal,
): Promise<void> {
  if (limit < 1 || limit > MOST)
    throw new DomainError('INVALID_INPUT', `limit: 1 to ${MOST} was wanted, ${limit} came`, {
      path: ['limit'],
    });
  const catalogueId = await catalogueFor(ports, catalogue);
  const { model } = await ports.rankers.view(catalogueId);
  const done = await ranked(out, model?.version ?? null);
  const beside = rankBeside(ports);
  const bar = progress();
  let count = 0;
  try {
    for await (const block of blocksOf(ports, people)) {
      signal.throwIfAborted();
      const missing = block.filter(({ externalId }) => !done.has(externalId));
      const answers = await rankPeople(ports, missing, { catalogueId, limit, beside });
      await appendFile(out, answers.map((answer) => `${JSON.stringify(answer)}\n`).join(''));
      count += block.length;
      bar.show('Ranking people', count, null);
    }
  } finally {
    await beside.close();
  }
  bar.end();
  process.stdout.write(`${count} people ranked, ${done.size} of them before: ${out}\n`);
}

/** Who stands in the file already. A line that a stop cut short is taken off; answers of another model are refused. */
async function ranked(out: string, model: string | null): Promise<Set<string>> {
  if (!existsSync(out)) return new Set();
  const bytes = await readFile(out);
  const end = bytes.lastIndexOf('\n') + 1;
  await truncate(out, end);
  const lines = bytes.toString('utf8', 0, end).split('\n').filter(Boolean);
  const before = lines.map((line) => JSON.parse(line) as RankedPerson);
  const other = before.find((one) => one.model !== model);
  if (other === undefined) return new Set(before.map(({ person }) => person));
  const wanted = `out: a file of answers of ${model ?? 'the baseline'} was wanted`;
  throw new DomainError('CONFLICT', `${wanted}, ${out} holds some of ${other.model ?? 'the baseline'}`, {
    path: ['out'],
  });
}

/** The people that are meant, block by block. */
async function* blocksOf(ports: Deps['ports'], people: string): AsyncGenerator<readonly Person[]> {
  if (people === 'all') {
    let block = await ports.stores.people.after(null, BLOCK);
    while (block.length > 0) {
      yield block;
      block = await ports.stores.people.after(block.at(-1)?.externalId ?? null, BLOCK);
    }
    return;
  }
  const listed = existsSync(people) ? (await readFile(people, 'utf8')).split('\n') : people.split(',');
  const names = [...new Set(listed.map((name) => name.trim()).filter(Boolean))];
  for (let from = 0; from < names.length; from += BLOCK)
    yield await Promise.all(names.slice(from, from + BLOCK).map((name) => personNamed({ ports }, name)));
}

import type { Client } from 'pg';
import type { PersonId } from '../src/domain/ids.js';

/** Values that works are made of; the further back in its list, the rarer a value (frequency 1 / place). */
export const WORDS = {
  styles: ['flat', 'watercolour', 'pencil', 'oil', 'pixel', 'paper', 'ink', 'clay', 'poster', 'photo'],
  colours: ['red', 'orange', 'yellow', 'green', 'blue', 'purple', 'pink', 'brown', 'black', 'grey', 'white'],
  models: ['tiny', 'base', 'large', 'sdxl', 'flux', 'rare'],
  topics: Array.from({ length: 200 }, (_, i) => `topic${i}`),
} as const;

export interface GeneratedGallery {
  readonly people: readonly PersonId[];
}

const PEOPLE = 1000;

/**
 * Works made by SQL alone by 1,000 people over two years, in the order of their times as they are stored in life; nine of ten
 * public, a third with ratings. Hashes of the row's number decide everything, so that the same count gives the same gallery.
 * Indexes are made after the rows, as a restore does.
 */
export async function generateGallery(
  client: Client,
  { rows, now }: { readonly rows: number; readonly now: Date },
): Promise<GeneratedGallery> {
  const known = await client.query<{ works: number }>('SELECT count(*)::int AS works FROM work');
  if (known.rows[0]?.works !== rows) await fill(client, rows, now);
  const people = await client.query<{ id: PersonId }>('SELECT id FROM person ORDER BY external_id');
  return { people: people.rows.map(({ id }) => id) };
}

async function fill(client: Client, rows: number, now: Date): Promise<void> {
  await client.query(
    `SET session_replication_role = replica; SET maintenance_work_mem = '512MB'; SET synchronous_commit = off`,
  );
  await client.query(`INSERT INTO catalogue (id, key, name, domain, language)
    VALUES (${uuid('1', "'catalogue'")}, 'bench', 'Bench', 'pictures', 'en')`);
  await client.query(`INSERT INTO person (id, external_id, display_name, kind, personalisation, training_use, consent_recorded_at, created_at)
    SELECT ${uuid('n', "'person'")}, 'bench-' || n, 'Bench', 'SIMULATED', true, true, now(), now() FROM generate_series(0, ${PEOPLE - 1}) n`);
  await client.query(`INSERT INTO job (id, name, status, max_attempts, payload, created_at)
    VALUES (${uuid('1', "'job'")}, 'generate-pictures', 'SUCCEEDED', 1, '{}', now())`);
  const indexes = await withoutIndexes(client);
  await client.query(ITEMS, [rows]);
  await client.query(WORKS, [rows, now]);
  for (const { indexdef } of indexes) await client.query(indexdef);
  for (const statement of ['VACUUM ANALYZE item', 'VACUUM ANALYZE work', 'CHECKPOINT'])
    await client.query(statement);
}

/** Drops the indexes that no constraint needs and returns how to make them again. */
async function withoutIndexes(client: Client): Promise<{ indexdef: string }[]> {
  const { rows } = await client.query<{ indexname: string; indexdef: string }>(
    `SELECT indexname, indexdef FROM pg_indexes WHERE tablename IN ('work', 'item')
        AND indexname NOT IN (SELECT conname FROM pg_constraint)`,
  );
  for (const { indexname } of rows) await client.query(`DROP INDEX "${indexname}"`);
  return rows;
}

const uuid = (number: string, kind: string) => `md5(${kind} || ${number})::uuid`;
/** A number in [0, 1) that the row and the purpose decide. */
const draw = (purpose: string) =>
  `(abs(hashint8extended(n, ${purpose.length * 7919})) % 1000003) / 1000003::float8`;
/** Of an array, mostly its first values: place = length^u - 1, so that frequency falls as 1 / place (Zipf). */
const pick = (list: readonly string[], purpose: string) =>
  `(${literal(list)})[1 + least(${list.length - 1}, floor(power(${list.length + 1}, ${draw(purpose)}) - 1)::int)]`;
const literal = (list: readonly string[]) => `ARRAY[${list.map((value) => `'${value}'`).join(',')}]::text[]`;

const ITEMS = `INSERT INTO item (id, catalogue_id, external_id, title, topics, attributes, origin, owner_id, visibility, created_at)
  SELECT ${uuid('n', "'work'")}, ${uuid('1', "'catalogue'")}, 'work-' || n, 'A work', ARRAY['bench'], '{}', 'GENERATED', ${uuid(`(n % ${PEOPLE})`, "'person'")},
         CASE WHEN n % 10 = 0 THEN 'PRIVATE' ELSE 'PUBLIC' END, now()
    FROM generate_series(1, $1::int) n`;

const WORKS = `INSERT INTO work (item_id, author_id, job_id, index, kind, prompt, seed, settings, recipe_shared, based_on, content_hash,
      created_at, words, visibility, marks, stack_id, favourite_count, rating_sum, rating_count, rating, standing)
  SELECT ${uuid('n', "'work'")}, ${uuid(`(n % ${PEOPLE})`, "'person'")}, ${uuid('1', "'job'")}, n, kind, 'a picture of ' || topic || ' in ' || colour, n,
         jsonb_build_object('style', style, 'model', model, 'provider', 'bench', 'steps', 20, 'guidance', 3, 'width', 512, 'height', 512,
                            'facets', '[]'::jsonb, 'strength', NULL),
         n % 3 = 0, '{}', md5(n::text), $2::timestamptz - age * interval '730 days', 'A ' || topic || ' ' || topic,
         CASE WHEN n % 10 = 0 THEN 'PRIVATE' ELSE 'PUBLIC' END,
         ARRAY['kind:' || kind, 'provider:bench', 'model:' || model, 'style:' || style, 'steps:20', 'guidance:3', 'width:512', 'height:512',
               'colour:' || colour, 'topic:' || topic],
         ${uuid('(n / 4)', "'stack'")}, floor(power(200, likes) - 1)::int, votes * stars, votes,
         CASE WHEN votes > 0 THEN stars::real END, round(1000.0 * (votes * stars + 6) / (votes + 2))
    FROM (SELECT n, ${pick(WORDS.topics, 'topic')} AS topic, ${pick(WORDS.styles, 'styles of')} AS style, ${pick(WORDS.colours, 'a colour of')} AS colour,
                 ${pick(WORDS.models, 'the model')} AS model, CASE WHEN ${draw('kinds')} < 0.8 THEN 'IMAGE' ELSE 'VARIATION' END AS kind,
                 (1 - n / ($1 + 1)::float8) AS age, ${draw('how many likes it')} AS likes,
                 CASE WHEN ${draw('how many votes has it')} < 0.67 THEN 0 ELSE 1 + floor(9 * ${draw('votes')})::int END AS votes,
                 1 + floor(5 * ${draw('the stars it has')})::int AS stars
            FROM generate_series(1, $1::int) n) drawn`;

import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { loadConfig } from '../src/config.js';
import type { PersonId } from '../src/domain/ids.js';
import type { GalleryFilter, GalleryPlace, StoredOrder } from '../src/flow/ports/gallery-stores.js';
import { type Deps, wire } from '../src/wire.js';
import { fail, wholeNumber } from './arguments.js';
import { reportBench } from './bench-report.js';
import { type GeneratedGallery, generateGallery, WORDS } from './generated-gallery.js';
import { quantile, timesOf } from './measure.js';

const SEED = 1;
const PAGE = 30;
/** Pages deep into the list: what OFFSET pays for and a keyset does not. */
const DEPTH = 10;
const WARM_UPS = 5;
const TRIES = 3;

const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '1000000' },
    wishes: { type: 'string', default: '30' },
    /** A folder that keeps the rows for the next run; left out: a scratch one. */
    home: { type: 'string' },
  },
});
const rows = wholeNumber('rows', values.rows);
const wishes = wholeNumber('wishes', values.wishes);
if (rows < 1000) fail(`--rows: at least 1000 was wanted, ${rows} came`);

const home = values.home ?? mkdtempSync(path.join(tmpdir(), 'vitrine-gallery-'));
mkdirSync(home, { recursive: true });
chmodSync(home, 0o755); // as root, the database server runs as nobody and must be able to pass
const deps = await wire(loadConfig({ VITRINE_HOME: home, VITRINE_DEMO: 'none', VITRINE_LOG: 'none' }));
try {
  const started = performance.now();
  const client = new pg.Client({ connectionString: deps.connectionString });
  await client.connect();
  const world = await generateGallery(client, { rows, now: new Date() });
  await client.end();
  const fillSeconds = (performance.now() - started) / 1000;
  reportBench('gallery', { rows, fillSeconds, ...(await measure(deps, world)) }, SEED);
} finally {
  await deps.close();
  if (values.home === undefined) rmSync(home, { recursive: true, force: true });
}

async function measure({ ports }: Deps, { people }: GeneratedGallery): Promise<Record<string, number>> {
  const { gallery } = ports.stores;
  const viewer = people[0] as PersonId;
  const pages: Record<string, number[]> = { NEWEST: [], TOP_RATED: [], MOST_FAVOURITED: [], grouped: [] };
  const first: number[] = [];
  const walk = async (filter: GalleryFilter, order: StoredOrder, into: number[]) => {
    let after: GalleryPlace | undefined;
    let next: GalleryPlace | undefined;
    for (let depth = 0; depth < DEPTH; depth++) {
      // other work shares this machine: the least of three says what the page costs, the first what it took just now
      const times = await timesOf(TRIES, async () => {
        const page = await gallery.page(viewer, filter, { order, first: PAGE, ...(after && { after }) });
        next = page.hasNext ? page.works.at(-1)?.place : undefined;
      });
      into.push(Math.min(...times));
      first.push(times[0] ?? NaN);
      if (next === undefined) return;
      after = next;
    }
  };
  for (let i = 0; i < WARM_UPS; i++) await walk(filterOf(i), 'NEWEST', []);
  for (let i = 0; i < wishes; i++) {
    for (const order of ['NEWEST', 'TOP_RATED', 'MOST_FAVOURITED'] as const)
      await walk(filterOf(i), order, pages[order] ?? []);
    await walk({ ...filterOf(i), groupVariants: true }, 'NEWEST', pages['grouped'] ?? []);
  }
  const totals = await timesOf(wishes, (i) => gallery.total(viewer, filterOf(i)));
  const facets = await timesOf(wishes, (i) =>
    gallery.facets(viewer, filterOf(i), ['style', 'colour', 'model']),
  );
  const all = ['NEWEST', 'TOP_RATED', 'MOST_FAVOURITED'].flatMap((order) => pages[order] ?? []);
  return {
    pages: all.length,
    firstTryP50Ms: quantile(first, 0.5),
    firstTryP95Ms: quantile(first, 0.95),
    pageP50Ms: quantile(all, 0.5),
    pageP95Ms: quantile(all, 0.95),
    pageP99Ms: quantile(all, 0.99),
    pageMostMs: quantile(all, 1),
    'newest.p95Ms': quantile(pages['NEWEST'] ?? [], 0.95),
    'topRated.p95Ms': quantile(pages['TOP_RATED'] ?? [], 0.95),
    'mostFavourited.p95Ms': quantile(pages['MOST_FAVOURITED'] ?? [], 0.95),
    'grouped.p95Ms': quantile(pages['grouped'] ?? [], 0.95),
    totalP95Ms: quantile(totals, 0.95),
    facetsP95Ms: quantile(facets, 0.95),
  };
}

/** Three filters each, from common mixtures to ones that a few works in a million fit. */
function filterOf(i: number): GalleryFilter {
  const pick = (values: readonly string[], step: number) => values[(i * step) % values.length] ?? '';
  const [style, colour, model, topic] = [
    pick(WORDS.styles, 1),
    pick(WORDS.colours, 3),
    pick(WORDS.models, 1),
    pick(WORDS.topics, 7),
  ];
  const day = 86_400_000;
  const kinds: readonly GalleryFilter[] = [
    { styles: [style], colours: [colour], models: [model] },
    { styles: [style], topics: [topic], minRating: 4 },
    { colours: [colour], topics: [topic], models: [model] },
    { text: topic, styles: [style], colours: [colour] },
    { models: [model], minRating: 3, createdAfter: new Date(Date.now() - 300 * day) },
    {
      topics: [topic, pick(WORDS.topics, 11)],
      kinds: ['IMAGE'],
      createdBefore: new Date(Date.now() - 20 * day),
    },
  ];
  return kinds[i % kinds.length] ?? {};
}

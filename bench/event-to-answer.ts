import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { loadConfig } from '../src/config.js';
import type { CatalogueId, ItemId } from '../src/domain/ids.js';
import type { Person } from '../src/domain/person.js';
import { encodeRanker, type RankerModel } from '../src/domain/ranking/ranker-artefact.js';
import { startServer } from '../src/server.js';
import { type Deps, wire } from '../src/wire.js';
import { quantile, timesOf } from './measure.js';

const WARM_UPS = 10;
const EVENTS = 100;
const ITEM_BATCH = 2000;

/**
 * A click arrives and the next feed of 20 is asked for, both through GraphQL over HTTP on a Postgres of its own: the time until
 * that feed is there, and the SQL statements of either half. Every answer is checked: it must not hold what was just clicked.
 */
export async function measureEventToAnswer(
  model: RankerModel,
  history: Int32Array,
): Promise<Record<string, number>> {
  const home = mkdtempSync(path.join(tmpdir(), 'vitrine-bench-'));
  chmodSync(home, 0o755); // as root, the database server runs as nobody and must be able to pass
  let sent = 0;
  const deps = await wire(loadConfig({ VITRINE_HOME: home, VITRINE_DEMO: 'none', VITRINE_LOG: 'none' }), {
    onStatement: () => sent++,
  });
  try {
    const person = await prepared(deps, model, history);
    const { ports, mediaUrls: media, referenceUrls: references, webhooks, secret } = deps;
    const served = {
      ...{ ports, rankers: ports.rankers, media, references, webhooks, secret },
      ...{ development: true, limits: UNLIMITED },
    };
    const server = await startServer(served, { port: 0, webRoot: home });
    try {
      return await clickAndAsk(sender(server.url, person), () => sent);
    } finally {
      await server.close();
    }
  } finally {
    await deps.close();
    rmSync(home, { recursive: true, force: true });
  }
}

/** The bench asks faster than one person may. */
const UNLIMITED = { pointsPerMinute: 1e9 };

/** A catalogue of the model's items, the model live, and a person with a history. */
async function prepared({ ports }: Deps, model: RankerModel, history: Int32Array): Promise<Person> {
  const { stores, blobs, clock } = ports;
  const about = { key: 'bench', name: 'Bench', domain: 'products', language: 'en' };
  const catalogue = await stores.catalogues.save(about);
  const itemIds = await saveItems(ports, catalogue.id, model.itemIds.length);
  const now = clock.now();
  const version = await stores.models.save({
    ...{ catalogueId: catalogue.id, family: 'vitrine-ranker', version: 'bench', role: 'RANKER' },
    ...{ state: 'CANDIDATE', trainedAt: now, dataSnapshot: model.manifest.snapshot, seed: 1, card: '' },
    ...{
      learned: null,
      recipe: {},
      metrics: [],
      artefact: await blobs.put(encodeRanker({ ...model, itemIds })),
    },
  });
  const cause = { actor: 'COMMAND', personId: null, reason: 'bench', at: now } as const;
  await stores.models.move(version.id, 'LIVE', cause);
  const consent = { personalisation: true, trainingUse: true, recordedAt: now };
  const person = await stores.people.ensure({
    ...{ externalId: 'bench', displayName: 'Bench', kind: 'SIMULATED', about: null, consent, createdAt: now },
  });
  const clicks = Array.from(history, (item, i) => ({
    ...{
      clientEventId: `history-${i}`,
      personId: person.id,
      itemId: itemIds[item] ?? null,
      type: 'CLICK' as const,
    },
    ...{
      value: null,
      requestId: null,
      position: null,
      at: new Date(now.getTime() - (history.length - i) * 60_000),
    },
  }));
  await stores.events.appendAll(clicks);
  return person;
}

async function saveItems(
  { stores }: Deps['ports'],
  catalogueId: CatalogueId,
  count: number,
): Promise<ItemId[]> {
  const names = Array.from({ length: count }, (_, i) => `item-${i}`);
  const ids = new Map<string, ItemId>();
  for (let from = 0; from < count; from += ITEM_BATCH) {
    const batch = names.slice(from, from + ITEM_BATCH);
    await stores.items.saveAll(
      batch.map((externalId, i) => ({
        ...{
          catalogueId,
          externalId,
          title: `Thing ${from + i}`,
          summary: null,
          topics: [`topic ${i % 40}`],
        },
        ...{ attributes: {}, origin: 'HUMAN' as const, ownerId: null, visibility: 'PUBLIC' as const },
        ...{ mediaHash: null, availableUntil: null },
      })),
    );
    const stored = await stores.items.byExternalIds(catalogueId, batch);
    for (const { externalId, id } of stored) ids.set(externalId, id);
  }
  return names.map((name) => ids.get(name) as ItemId);
}

const FEED = `query { recommendations(surface: HOME, first: 20) {
  servedInMs edges { node { id title } explanation { text } } } }`;
const CLICK = `mutation ($input: RecordEventsInput!) { recordEvents(input: $input) {
  ... on RecordEventsPayload { accepted } } }`;

interface Feed {
  readonly recommendations: {
    readonly servedInMs: number;
    readonly edges: readonly { readonly node: { readonly id: string } }[];
  };
}

type Send = (query: string, variables?: object) => Promise<unknown>;

async function clickAndAsk(send: Send, sent: () => number): Promise<Record<string, number>> {
  const feed = async () => ((await send(FEED)) as Feed).recommendations;
  const firstStart = performance.now();
  let last = await feed();
  const firstAnswerMs = performance.now() - firstStart;
  const halves: Half[] = [];
  const times = await timesOf(WARM_UPS + EVENTS, async (i) => {
    const contentId = last.edges[0]?.node.id ?? '';
    const event = { clientEventId: `bench-event-${i}`, type: 'CLICK', contentId };
    const [start, before, used] = [performance.now(), sent(), process.cpuUsage()];
    await send(CLICK, { input: { events: [event] } });
    const [clicked, between] = [performance.now(), sent()];
    last = await feed();
    const statements = { click: between - before, feed: sent() - between };
    const { user, system } = process.cpuUsage(used);
    const cpuMs = (user + system) / 1000;
    halves.push({ clickMs: clicked - start, servedInMs: last.servedInMs, cpuMs, statements });
    if (last.edges.some(({ node }) => node.id === contentId)) throw new Error('the answer missed the event');
  });
  return { firstAnswerMs, ...figuresOf(times.slice(WARM_UPS), halves.slice(WARM_UPS)) };
}

interface Half {
  readonly clickMs: number;
  readonly servedInMs: number;
  /** Of this process: the server, and the caller, who takes little. */
  readonly cpuMs: number;
  readonly statements: { readonly click: number; readonly feed: number };
}

function figuresOf(times: readonly number[], halves: readonly Half[]): Record<string, number> {
  const p50 = (of: (half: Half) => number) => quantile(halves.map(of), 0.5);
  return {
    eventToAnswerLeastMs: quantile(times, 0),
    eventToAnswerP50Ms: quantile(times, 0.5),
    eventToAnswerP95Ms: quantile(times, 0.95),
    clickP50Ms: p50(({ clickMs }) => clickMs),
    cpuP50Ms: p50(({ cpuMs }) => cpuMs),
    servedInP50Ms: p50(({ servedInMs }) => servedInMs),
    clickStatements: p50(({ statements }) => statements.click),
    feedStatements: p50(({ statements }) => statements.feed),
  };
}

function sender(url: string, { externalId }: Person): Send {
  return async (query, variables = {}) => {
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-vitrine-person': externalId },
      body: JSON.stringify({ query, variables }),
    });
    const { data, errors } = (await response.json()) as { data: unknown; errors?: unknown };
    if (errors !== undefined) throw new Error(JSON.stringify(errors));
    return data;
  };
}

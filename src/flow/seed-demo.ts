import type { CatalogueId, ItemId } from '../domain/ids.js';
import type { Catalogue } from '../domain/item.js';
import type { DemoItem, DemoLife, DemoWorld, Ports } from './ports.js';
import type { NewItem } from './ports/stores.js';

type SeedPorts = Pick<Ports, 'stores' | 'transaction' | 'clock' | 'pictures'>;
type OnProgress = (stage: string, done: number, total: number | null) => void;

const ITEM_BATCH = 200;
const EVENT_BATCH = 2_000;

/** Loads the demo world once. Stopped halfway it goes on where it was: every row has an id of its own and is stored once. */
export async function seedDemo(
  ports: SeedPorts,
  demo: DemoWorld,
  { signal, onProgress }: { readonly signal: AbortSignal; readonly onProgress: OnProgress },
): Promise<Catalogue> {
  const known = await ports.stores.catalogues.byKey(demo.catalogue.key);
  if (known !== null && (await isLoaded(ports, known.id))) return known;
  const catalogue = await ports.stores.catalogues.save(demo.catalogue);
  const items = await loadItems(ports, demo, { catalogueId: catalogue.id, signal, onProgress });
  await loadAudience(ports, { catalogue, items, demo, signal, onProgress });
  return catalogue;
}

/** The audience comes last; its last person's presence tells that everything is there. */
async function isLoaded({ stores }: SeedPorts, catalogueId: CatalogueId): Promise<boolean> {
  return (await stores.people.byExternalId(finishedMark(catalogueId))) !== null;
}
const finishedMark = (catalogueId: CatalogueId) => `demo-loaded-${catalogueId}`;

interface Loading {
  readonly catalogueId: CatalogueId;
  readonly signal: AbortSignal;
  readonly onProgress: OnProgress;
}

async function loadItems(ports: SeedPorts, demo: DemoWorld, loading: Loading): Promise<DemoItem[]> {
  const all: DemoItem[] = [];
  let batch: DemoItem[] = [];
  const flush = async () => {
    await saveItems(ports, loading.catalogueId, batch);
    batch = [];
    loading.onProgress('catalogue', all.length, null);
  };
  for await (const item of demo.items()) {
    loading.signal.throwIfAborted();
    all.push(item);
    batch.push(item);
    if (batch.length === ITEM_BATCH) await flush();
  }
  await flush();
  return all;
}

async function saveItems(
  { transaction, pictures }: SeedPorts,
  catalogueId: CatalogueId,
  batch: readonly DemoItem[],
) {
  if (batch.length === 0) return;
  const encoder = new TextEncoder();
  // together: flushing one small file after the other would take most of the time
  const media = await Promise.all(batch.map(({ svg, alt }) => pictures.adoptArt(encoder.encode(svg), alt)));
  const rows = batch.map(({ externalId, title, summary, topics, attributes }, i): NewItem => {
    const facts = { externalId, title, summary, topics, attributes };
    const mediaHash = media[i]?.hash ?? null;
    return {
      catalogueId,
      ...facts,
      origin: 'HUMAN',
      ownerId: null,
      visibility: 'PUBLIC',
      mediaHash,
      availableUntil: null,
    };
  });
  const distinct = [...new Map(media.map((one) => [one.hash, one])).values()];
  await transaction(async (tx) => {
    await tx.media.saveAll(distinct);
    await tx.items.saveAll(rows);
  });
}

interface AudienceInput {
  readonly catalogue: Catalogue;
  readonly items: readonly DemoItem[];
  readonly demo: DemoWorld;
  readonly signal: AbortSignal;
  readonly onProgress: OnProgress;
}

async function loadAudience(ports: SeedPorts, { catalogue, items, demo, signal, onProgress }: AudienceInput) {
  const stored = await ports.stores.items.byExternalIds(
    catalogue.id,
    items.map(({ externalId }) => externalId),
  );
  const idOf = new Map(stored.map(({ externalId, id }) => [externalId, id]));
  let lives: DemoLife[] = [];
  let people = 0;
  const size = () => lives.reduce((sum, { events }) => sum + events.length, 0);
  const flush = async () => {
    await saveLives(ports, lives, idOf);
    people += lives.length;
    lives = [];
    onProgress('audience', people, null);
  };
  for (const life of demo.audience(items, ports.clock.now())) {
    signal.throwIfAborted();
    lives.push(life);
    if (size() >= EVENT_BATCH) await flush();
  }
  await flush();
  await ports.stores.people.ensure(
    personOf({ externalId: finishedMark(catalogue.id), displayName: 'Demo', about: null }, ports.clock.now()),
  );
}

async function saveLives(
  { transaction, clock }: SeedPorts,
  lives: readonly DemoLife[],
  idOf: ReadonlyMap<string, ItemId>,
) {
  if (lives.length === 0) return;
  await transaction(async (tx) => {
    const ids = await tx.people.ensureAll(lives.map(({ person }) => personOf(person, clock.now())));
    const events = lives.flatMap(({ person, events: lived }) =>
      lived.flatMap(({ clientEventId, itemExternalId, type, position, at }) => {
        const [personId, itemId] = [ids.get(person.externalId), idOf.get(itemExternalId)];
        if (personId === undefined || itemId === undefined) return [];
        return [{ clientEventId, personId, itemId, type, value: null, requestId: null, position, at }];
      }),
    );
    await tx.events.appendAll(events);
  });
}

function personOf({ externalId, displayName, about }: DemoLife['person'], at: Date) {
  const consent = { personalisation: true, trainingUse: true, recordedAt: at };
  return { externalId, displayName, kind: 'SIMULATED' as const, about, consent, createdAt: at };
}

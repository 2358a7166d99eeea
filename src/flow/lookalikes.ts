import { coloursOf } from '../domain/gallery-marks.js';
import type { ItemId, MediaHash, PersonId } from '../domain/ids.js';
import { lookSimilarity } from '../domain/imaging/picture-look.js';
import type { Ports } from './ports.js';
import type { WorkTraits } from './ports/gallery-stores.js';
import type { Likeness, Lookalikes } from './ports/lookalikes.js';

/** 50,000 works of 184 + 512 bytes are 35 MB and a scan takes about 15 ms; older works are found by words and filters. */
const MOST_WORKS = 50_000;
/** Of works stored before pictures were looked at, this many are looked at per search, at some 8 ms each. */
const CATCH_UP = 20;
/** Further behind than this, everything is read again. */
const CHANGES = 1_000;

interface Kept {
  readonly ownerId: PersonId;
  readonly isPublic: boolean;
  readonly look: Int8Array | null;
  readonly meaning: Int8Array | null;
}

type LookPorts = Pick<Ports, 'stores' | 'pictures'>;

/** The newest works in memory, by look and by meaning; brought up to date from the gallery's log before each search. */
export function createLookalikes(ports: LookPorts): Lookalikes {
  const { stores } = ports;
  const works = new Map<ItemId, Kept>();
  let seen: bigint | null = null;
  let refreshing: Promise<void> | null = null;

  const keep = (traits: readonly WorkTraits[]) => {
    for (const one of traits) {
      if (one.visibility === 'HIDDEN') works.delete(one.itemId);
      else works.set(one.itemId, kept(one));
    }
  };
  const refresh = async (): Promise<void> => {
    const latest = await stores.galleryLog.latestSeq();
    const looked = await lookAtPictures(ports, await stores.looks.without(CATCH_UP));
    if (seen === latest && looked === 0 && works.size > 0) return;
    const changed = seen === null || looked > 0 ? null : await stores.galleryLog.changedSince(seen, CHANGES);
    if (changed === null || changed.length === CHANGES) {
      works.clear();
      keep(await stores.traits.read({ newest: MOST_WORKS }));
    } else if (changed.length > 0) {
      for (const id of changed) works.delete(id);
      keep(await stores.traits.read({ ids: changed }));
    }
    seen = latest;
  };
  return {
    async nearest(viewerId, like, limit) {
      refreshing ??= refresh().finally(() => (refreshing = null));
      await refreshing;
      return scan(works, viewerId, like)
        .sort((a, b) => b.score - a.score)
        .slice(0, limit);
    },
  };
}

/** Stores how these pictures look; returns how many there were to look at. */
export async function lookAtPictures(
  { stores, pictures }: LookPorts,
  hashes: readonly MediaHash[],
): Promise<number> {
  const palettes = new Map((await stores.media.byHashes(hashes)).map((media) => [media.hash, media.palette]));
  let count = 0;
  for (const hash of hashes) {
    const look = await pictures.look(hash);
    if (look === null) continue;
    await stores.looks.save(hash, bytesOf(look), coloursOf(palettes.get(hash) ?? []));
    count += 1;
  }
  return count;
}

const bytesOf = (look: Int8Array) => new Uint8Array(look.buffer, look.byteOffset, look.length);

function kept({ ownerId, visibility, look, meaning }: WorkTraits): Kept {
  return {
    ownerId,
    isPublic: visibility === 'PUBLIC',
    look: look === null ? null : Int8Array.from(look),
    meaning: meaning === null ? null : inBytes(meaning),
  };
}

/** Unit vectors in signed bytes: a quarter of the memory, and cosines right to about 0.01. */
function inBytes(vector: Float32Array): Int8Array {
  const most = vector.reduce((max, value) => Math.max(max, Math.abs(value)), 1e-9);
  return Int8Array.from(vector, (value) => Math.round((127 * value) / most));
}

function scan(works: ReadonlyMap<ItemId, Kept>, viewerId: PersonId, like: Likeness) {
  const found: { itemId: ItemId; score: number }[] = [];
  const wanted = 'look' in like ? like.look : inBytes(like.meaning);
  const resemblance = 'look' in like ? lookSimilarity : byteCosine;
  for (const [itemId, work] of works) {
    const own = 'look' in like ? work.look : work.meaning;
    if (own === null || own.length !== wanted.length || !(work.isPublic || work.ownerId === viewerId))
      continue;
    found.push({ itemId, score: resemblance(wanted, own) });
  }
  return found;
}

function byteCosine(a: Int8Array, b: Int8Array): number {
  let [ab, aa, bb] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    const [x, y] = [a[i] ?? 0, b[i] ?? 0];
    ab += x * y;
    aa += x * x;
    bb += y * y;
  }
  return ab / Math.sqrt(Math.max(1, aa * bb));
}

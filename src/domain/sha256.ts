/** A hash that is fed piece by piece, so that what it is of need never be in memory at once. */
export interface Sha256 {
  update(bytes: Uint8Array): void;
  /** In hex; nothing may be added after. */
  digest(): string;
}

const BLOCK = 64;

/** SHA-256 (FIPS 180-4) without a platform: the domain has no packages, and a data snapshot must have the same name everywhere. */
export function sha256(): Sha256 {
  const state = Uint32Array.from(INITIAL);
  const block = new Uint8Array(BLOCK);
  const words = new Uint32Array(BLOCK);
  let [used, total] = [0, 0];
  const take = (bytes: Uint8Array) => {
    for (let from = 0; from < bytes.length;) {
      const room = Math.min(BLOCK - used, bytes.length - from);
      block.set(bytes.subarray(from, from + room), used);
      used += room;
      from += room;
      if (used < BLOCK) return;
      compress(state, block, words);
      used = 0;
    }
  };
  return {
    update(bytes) {
      total += bytes.length;
      take(bytes);
    },
    digest() {
      // one bit, zeros, and the length in bits as the last 8 bytes of a block
      const padding = new Uint8Array(((BLOCK + 55 - (total % BLOCK)) % BLOCK) + 9);
      padding[0] = 0x80;
      new DataView(padding.buffer).setBigUint64(padding.length - 8, BigInt(total) * 8n);
      take(padding);
      return Array.from(state, (word) => word.toString(16).padStart(8, '0')).join('');
    },
  };
}

/** The first 32 bits behind the point of the square (cube) roots of the first primes, as the standard has them. */
function rootBits(count: number, root: (n: number) => number): Uint32Array {
  const primes: number[] = [];
  for (let n = 2; primes.length < count; n++) if (primes.every((prime) => n % prime !== 0)) primes.push(n);
  return Uint32Array.from(primes, (prime) => (root(prime) % 1) * 2 ** 32);
}
const INITIAL = rootBits(8, Math.sqrt);
const K = rootBits(BLOCK, Math.cbrt);

const turned = (x: number, by: number) => (x >>> by) | (x << (32 - by));

function compress(state: Uint32Array, block: Uint8Array, w: Uint32Array): void {
  const view = new DataView(block.buffer);
  for (let t = 0; t < 16; t++) w[t] = view.getUint32(4 * t);
  for (let t = 16; t < BLOCK; t++) {
    const [x, y] = [w[t - 15] as number, w[t - 2] as number];
    const s0 = turned(x, 7) ^ turned(x, 18) ^ (x >>> 3);
    const s1 = turned(y, 17) ^ turned(y, 19) ^ (y >>> 10);
    w[t] = (w[t - 16] as number) + s0 + (w[t - 7] as number) + s1;
  }
  let [a, b, c, d, e, f, g, h] = state as unknown as Eight;
  for (let t = 0; t < BLOCK; t++) {
    const s1 = turned(e, 6) ^ turned(e, 11) ^ turned(e, 25);
    const t1 = (h + s1 + ((e & f) ^ (~e & g)) + (K[t] as number) + (w[t] as number)) | 0;
    const t2 = ((turned(a, 2) ^ turned(a, 13) ^ turned(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + t1) | 0;
    d = c;
    c = b;
    b = a;
    a = (t1 + t2) | 0;
  }
  [a, b, c, d, e, f, g, h].forEach((word, i) => (state[i] = (state[i] as number) + word));
}
type Eight = [number, number, number, number, number, number, number, number];

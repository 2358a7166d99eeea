import { createHash } from 'node:crypto';
import { seededRandom } from './random.js';
import { sha256 } from './sha256.js';

const bytesOf = (text: string) => new TextEncoder().encode(text);

test('the examples of FIPS 180-4', () => {
  const hashOf = (text: string) => {
    const hash = sha256();
    hash.update(bytesOf(text));
    return hash.digest();
  };
  expect(hashOf('')).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
  expect(hashOf('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  expect(hashOf('abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq')).toBe(
    '248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1',
  );
});

test('agrees with the platform for every length around a block, in pieces of any size', () => {
  const random = seededRandom('sha');
  for (let length = 0; length < 200; length++) {
    const bytes = Uint8Array.from({ length }, () => random.int(256));
    const hash = sha256();
    for (let from = 0; from < length;) {
      const size = 1 + random.int(90);
      hash.update(bytes.subarray(from, from + size));
      from += size;
    }
    expect(hash.digest()).toBe(createHash('sha256').update(bytes).digest('hex'));
  }
});

import { DomainError } from '../errors.js';

const kinds = {
  f32: Float32Array,
  i32: Int32Array,
  u16: Uint16Array,
  f64: Float64Array,
  u8: Uint8Array,
} as const;
type Kind = keyof typeof kinds;
type Section = InstanceType<(typeof kinds)[Kind]>;

/** In the header's tree a typed array is replaced by where it lies. */
interface Reference {
  readonly $section: Kind;
  readonly offset: number;
  readonly length: number;
}

const MAGIC = 'vitrine-ranker-1';
/** Sections start at multiples of 8, so that every kind can be read in place. */
const align = (n: number) => (n + 7) & ~7;

/** Any tree of plain objects, arrays, numbers, strings, null and typed arrays as one array of bytes: JSON header, then raw sections. */
export function encodeTree(tree: unknown): Uint8Array<ArrayBuffer> {
  const sections: { offset: number; section: Section }[] = [];
  let size = 0;
  const json = JSON.stringify({ magic: MAGIC, tree }, (_, value: unknown) => {
    const kind = kindOf(value);
    if (!kind) return value;
    const section = value as Section;
    const reference: Reference = { $section: kind, offset: size, length: section.length };
    sections.push({ offset: size, section });
    size = align(size + section.byteLength);
    return reference;
  });
  const header = new TextEncoder().encode(json);
  const start = align(8 + header.length);
  const bytes = new Uint8Array(start + size);
  new DataView(bytes.buffer).setUint32(0, header.length, true);
  bytes.set(header, 8);
  for (const { offset, section } of sections) {
    bytes.set(new Uint8Array(section.buffer, section.byteOffset, section.byteLength), start + offset);
  }
  return bytes;
}

/** Reads what `encodeTree` wrote. Sections are copied out once, so that the bytes may be let go. */
export function decodeTree(bytes: Uint8Array): unknown {
  const refuse = (reason: string) => new DomainError('INVALID_INPUT', `not a ranker artefact: ${reason}`);
  if (bytes.length < 8) throw refuse(`${bytes.length} bytes`);
  const length = new DataView(bytes.buffer, bytes.byteOffset, 8).getUint32(0, true);
  if (8 + length > bytes.length) throw refuse('cut off in the header');
  const start = align(8 + length);
  const text = new TextDecoder().decode(bytes.subarray(8, 8 + length));
  if (!text.startsWith(`{"magic":"${MAGIC}"`)) throw refuse('unknown format');
  const { tree } = JSON.parse(text, (_, value: unknown) => {
    if (!isReference(value)) return value;
    const Array = kinds[value.$section];
    const from = start + value.offset;
    const size = value.length * Array.BYTES_PER_ELEMENT;
    if (from + size > bytes.length) throw refuse('cut off in the numbers');
    const raw = new Uint8Array(size); // not slice: that of a Node Buffer shares its memory
    raw.set(bytes.subarray(from, from + size));
    return new Array(raw.buffer);
  }) as { tree: unknown };
  return tree;
}

function kindOf(value: unknown): Kind | undefined {
  if (!ArrayBuffer.isView(value)) return undefined;
  return (Object.keys(kinds) as Kind[]).find((kind) => value instanceof kinds[kind]);
}

function isReference(value: unknown): value is Reference {
  return typeof value === 'object' && value !== null && '$section' in value;
}

import { type Values } from './compute.js';
import { DomainError } from '../errors.js';

interface Entry {
  readonly length: number;
  readonly offset: number;
}

interface Header {
  readonly format: 'vitrine-checkpoint-1';
  readonly facts: Readonly<Record<string, number | string>>;
  readonly tensors: Readonly<Record<string, Entry>>;
}

export interface Checkpoint {
  readonly facts: Readonly<Record<string, number | string>>;
  readonly tensors: Readonly<Record<string, Float32Array>>;
}

/** Laid out as safetensors are: 8 bytes header length, JSON header, raw little-endian floats. */
export function encodeCheckpoint({
  facts,
  tensors,
}: {
  facts: Checkpoint['facts'];
  tensors: Values;
}): Uint8Array {
  let end = 0;
  const entries: Record<string, Entry> = {};
  for (const [name, { length }] of Object.entries(tensors)) {
    entries[name] = { length, offset: end };
    end += length * 4;
  }
  const header: Header = { format: 'vitrine-checkpoint-1', facts, tensors: entries };
  const json = new TextEncoder().encode(JSON.stringify(header));
  const bytes = new Uint8Array(8 + json.length + end);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(json.length), true);
  bytes.set(json, 8);
  for (const [name, data] of Object.entries(tensors)) {
    const start = 8 + json.length + (entries[name]?.offset ?? 0);
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), start);
  }
  return bytes;
}

/** Reads what `encodeCheckpoint` wrote; bytes of anything else are refused. */
export function decodeCheckpoint(bytes: Uint8Array): Checkpoint {
  const header = readHeader(bytes);
  const start = bytes.length - Object.values(header.tensors).reduce((sum, { length }) => sum + length * 4, 0);
  const tensors = Object.entries(header.tensors).map(([name, { length, offset }]) => {
    const from = start + offset;
    const values = new Float32Array(length);
    new Uint8Array(values.buffer).set(bytes.subarray(from, from + length * 4)); // a Buffer's slice would share its memory
    return [name, values] as const;
  });
  return { facts: header.facts, tensors: Object.fromEntries(tensors) };
}

function readHeader(bytes: Uint8Array): Header {
  const refuse = (reason: string): never => {
    throw new DomainError('INVALID_INPUT', `not a checkpoint: ${reason}`);
  };
  if (bytes.length < 8) refuse(`${bytes.length} bytes`);
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0, true));
  if (length > bytes.length - 8) refuse('header longer than the file');
  const header = parsed(new TextDecoder().decode(bytes.subarray(8, 8 + length)));
  if (header?.format !== 'vitrine-checkpoint-1') return refuse('unknown format');
  const floats = Object.values(header.tensors).reduce((sum, entry) => sum + entry.length, 0);
  if (8 + length + floats * 4 !== bytes.length) refuse('cut off');
  return header;
}

function parsed(json: string): Header | undefined {
  try {
    return JSON.parse(json) as Header;
  } catch {
    return undefined;
  }
}

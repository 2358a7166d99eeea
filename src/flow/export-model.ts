import { DomainError } from '../domain/errors.js';
import type { Values } from '../domain/graph/compute.js';
import type { ModelVersionId } from '../domain/ids.js';
import type { ModelVersion } from '../domain/model-version.js';
import { type ExportedGraph, exportGraph } from '../domain/ranking/export-graph.js';
import { PART_NAMES } from '../domain/ranking/part.js';
import { decodeRanker, type RankerModel } from '../domain/ranking/ranker-artefact.js';
import { topItems } from '../domain/ranking/top-items.js';
import { sha256 } from '../domain/sha256.js';
import type { Ports } from './ports.js';

export interface ExportedFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

type ExportPorts = Pick<Ports, 'stores' | 'blobs' | 'compute'>;

const MODEL = 'ranker.onnx';
const ITEMS = 'items.json';
const MANIFEST = 'manifest.json';
/** Items of the example's history, and of its answer: enough to see that a runtime was fed right. */
const EXAMPLE = 10;

/**
 * Trunk and codes as one ONNX file, the ids of its items, and a manifest that says how to feed it, what comes out, and how to see
 * that it was done right: a worked example with its scores, and the hash of each file.
 */
export async function exportModel(ports: ExportPorts, id: ModelVersionId): Promise<ExportedFile[]> {
  const { version, model } = await modelWith(ports, id);
  const exported = await exportGraph(model, ports.compute);
  const onnx = ports.compute.exportOnnx(exported.graph, exported.parameters);
  const items = asJson({ ids: model.itemIds, semanticIds: digitsOf(model) });
  const files = [
    { name: MODEL, bytes: onnx },
    { name: ITEMS, bytes: items },
  ];
  const example = await exampleOf(ports, exported, { onnx, model });
  const manifest = asJson(manifestOf(version, { model, exported, files, example }));
  return [...files, { name: MANIFEST, bytes: manifest }];
}

async function modelWith(
  { stores, blobs }: ExportPorts,
  id: ModelVersionId,
): Promise<{ readonly version: ModelVersion; readonly model: RankerModel }> {
  const [version] = await stores.models.byIds([id]);
  const key = version?.artefact ?? null;
  const bytes = key === null ? null : await blobs.get(key);
  if (version?.role === 'RANKER' && bytes !== null) return { version, model: decodeRanker(bytes) };
  throw new DomainError('NOT_FOUND', 'a ranker with an artefact was wanted, none has this id', {
    path: ['id'],
  });
}

/** The code of each item, digit by digit; null where the model has none that are fed. */
function digitsOf({ codes, itemIds }: RankerModel): number[][] | null {
  if (codes === null) return null;
  const { levels, digits } = codes.ids;
  return itemIds.map((_, item) => Array.from(digits.subarray(item * levels, (item + 1) * levels)));
}

/** The exported bytes themselves are asked, so that the example holds for what was written. */
async function exampleOf(
  { compute }: ExportPorts,
  exported: ExportedGraph,
  { onnx, model }: { readonly onnx: Uint8Array; readonly model: RankerModel },
) {
  const count = Math.min(EXAMPLE, model.itemIds.length);
  const history = Int32Array.from({ length: count }, (_, i) =>
    Math.floor((i * model.itemIds.length) / count),
  );
  const feeds = exported.feedsFor(history);
  const executable = await compute.loadOnnx(onnx);
  try {
    const values = await executable.run(feeds);
    const best = exported.outputs.map((name) => [name, bestOf(values[name] as Float32Array)] as const);
    return { history: [...history], feeds: plain(feeds), best: Object.fromEntries(best) };
  } finally {
    await executable.dispose();
  }
}

function bestOf(scores: Float32Array) {
  return Array.from(topItems(scores, EXAMPLE, new Set()), (item) => ({ item, score: scores[item] }));
}

const plain = (feeds: Values) =>
  Object.fromEntries(Object.entries(feeds).map(([name, data]) => [name, Array.from(data)]));

const MEANING = {
  items: 'item numbers of the history, oldest first, from place 0 on; 0 behind its end',
  positions: '0, 1, 2 .. for the items of the history; 0 behind its end',
  segments: '1 for the items of the history; 0 behind its end',
  ends: 'place of the newest item',
  times: 'seconds of each item before now, 0 or less; 0 where not known',
  asked: 'seconds before now at which the item after it came; 0 at the newest, -1 where not known',
  actions: 'what was done with each item, 0 where not known',
  goals: 'what was done with the item after it, 0 where not known or anything',
  digit: 'this digit of the semantic id of each item, see items.json; that of item 0 behind the end',
  trunk: 'cosine between the person and each item, divided by the temperature; higher is better',
  codes: 'log-probability of each item as the next one; they sum to 1 when exponentiated',
} as const;
const meaningOf = (name: string) => MEANING[name.replace(/\d+$/, '') as keyof typeof MEANING];

interface Written {
  readonly model: RankerModel;
  readonly exported: ExportedGraph;
  readonly files: readonly ExportedFile[];
  readonly example: object;
}

function manifestOf(version: ModelVersion, { model, exported: { graph, outputs }, files, example }: Written) {
  const port = ([name, { shape, dtype }]: readonly [
    string,
    { shape: readonly number[]; dtype: string },
  ]) => ({
    name,
    shape,
    type: dtype === 'f32' ? 'float32' : 'int32',
    meaning: meaningOf(name),
  });
  return {
    format: 'vitrine-ranker-onnx-1',
    model: { id: version.id, family: version.family, version: version.version, seed: version.seed },
    data: { snapshot: version.dataSnapshot, learned: version.learned },
    recipe: version.recipe,
    card: version.card,
    files: Object.fromEntries(
      files.map(({ name, bytes }) => [name, { bytes: bytes.length, sha256: hashOf(bytes) }]),
    ),
    inputs: [...graph.inputs].map(port),
    outputs: [...graph.outputs].map(port),
    config: { trunk: model.trunk?.config ?? null, codes: model.codes?.model.config ?? null },
    fusion: model.fusion,
    leftOut: PART_NAMES.filter((part) => model[part] && !(outputs as readonly string[]).includes(part)),
    example,
  };
}

function hashOf(bytes: Uint8Array): string {
  const hash = sha256();
  hash.update(bytes);
  return hash.digest();
}

const asJson = (value: unknown): Uint8Array =>
  new TextEncoder().encode(`${JSON.stringify(value, null, 1)}\n`);

import { parseArgs } from 'node:util';
import { seededRandom } from '../src/domain/random.js';
import { onnxCompute } from '../src/infra/compute/onnx-compute.js';
import { keptFigures, reportBench } from './bench-report.js';
import { measureEventToAnswer } from './event-to-answer.js';
import { servingModel } from './serving-model.js';

const SEED = 1;
const HISTORY = 50;

/** Only the way from a click to the next feed; the other figures of the serving bench stay as they were. */
const { values } = parseArgs({
  options: {
    artefact: { type: 'string', default: '.training/serving-ranker.bin' },
    data: { type: 'string', default: '../shared/data/amazon-beauty-2014' },
  },
});
const model = await servingModel(onnxCompute(), { ...values, seed: SEED });
const random = seededRandom(SEED).fork('history');
const history = new Set<number>();
while (history.size < HISTORY) history.add(random.int(model.itemIds.length));
const figures = await measureEventToAnswer(model, Int32Array.from(history));
reportBench('serving', { ...keptFigures('serving', (name) => !(name in figures)), ...figures }, SEED);

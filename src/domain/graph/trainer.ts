import { DomainError } from '../errors.js';
import { seededRandom } from '../random.js';
import { adamW, type AdamWOptions, GRADIENT_NORM, STEP } from './adamw.js';
import { decodeCheckpoint, encodeCheckpoint } from './checkpoint.js';
import { type Compute, type Executable, type Values } from './compute.js';
import { type Graph, type TensorData } from './graph.js';
import { initialValues } from './initial-values.js';
import { DROPOUT_INPUT, MASK_COUNT } from './ops/dropout.js';
import { membersOf, type Pack, type Slot, stateName } from './parameter-packs.js';
import { sizeOf } from './shape.js';

export interface TrainingPlan {
  /** The graph of one batch shape, with a scalar output `loss`; other outputs come back as measures. */
  build: (shape: string) => Graph;
  optimiser: AdamWOptions;
  seed: number;
  /** The batch shape that a batch has when it names none. */
  firstShape?: string;
  /** Which parameters learn; the others stay as they are. All when left out. */
  trainable?: (name: string) => boolean;
  /** Values to start from, by parameter name, e.g. of an earlier model. */
  initial?: Values;
  threads?: number;
}

export interface Batch {
  /** Names one of the plan's graphs; all share one set of parameters. */
  shape?: string;
  feeds: Values;
}

export interface StepResult {
  loss: number;
  gradientNorm: number;
  /** The graph's other outputs. */
  measures: Values;
}

export interface Trainer {
  readonly step: number;
  train(batch: Batch): Promise<StepResult>;
  /** Weights by parameter name, copied; the moving average where there is one, unless the latest are asked for. */
  weights(which?: 'averaged' | 'latest'): Values;
  checkpoint(): Uint8Array;
  /** Continues exactly where the checkpoint of the same plan was taken. */
  restore(bytes: Uint8Array): void;
  dispose(): Promise<void>;
}

/** Trains one set of parameters with as many batch shapes as come along; each is compiled when it is first met. */
export function createTrainer(compute: Pick<Compute, 'compile'>, plan: TrainingPlan): Trainer {
  return new GraphTrainer(compute, plan);
}

const LOSS = 'loss';

class GraphTrainer implements Trainer {
  step = 0;
  private readonly executables = new Map<string, Executable>();
  private readonly packs: readonly Pack[];
  private readonly frozen: Values = {};
  private state: Values = {};
  /** Where the next state is written; after the step the two change places, so nothing is allocated or copied. */
  private spare: Values = {};

  constructor(
    private readonly compute: Pick<Compute, 'compile'>,
    private readonly plan: TrainingPlan,
  ) {
    const { graph, packs } = this.trainingGraph(plan.firstShape ?? '');
    this.packs = packs;
    const start = { ...initialValues(graph, plan.seed), ...plan.initial };
    for (const [name, { tensor }] of graph.parameters) {
      if (start[name]?.length !== sizeOf(tensor.shape))
        throw new Error(`initial values of ${name} do not fit`);
      if (!this.learns(name)) this.frozen[name] = start[name];
    }
    for (const pack of packs) this.addState(pack, start);
  }

  async train({ shape = this.plan.firstShape ?? '', feeds }: Batch): Promise<StepResult> {
    const executable = this.executables.get(shape) ?? (await this.compile(shape));
    const offset = seededRandom(this.plan.seed).fork(`dropout ${this.step}`).int(MASK_COUNT);
    const own = { [STEP]: Float32Array.of(this.step), [DROPOUT_INPUT]: Int32Array.of(offset) };
    const results = await executable.run({ ...feeds, ...this.frozen, ...own, ...this.state }, this.spare);
    [this.state, this.spare] = [this.spare, this.state];
    this.step++;
    const isMeasure = (name: string) => !(name in this.state) && name !== LOSS && name !== GRADIENT_NORM;
    return {
      loss: results[LOSS]?.[0] ?? NaN,
      gradientNorm: results[GRADIENT_NORM]?.[0] ?? NaN,
      measures: Object.fromEntries(Object.entries(results).filter(([name]) => isMeasure(name))),
    };
  }

  weights(which: 'averaged' | 'latest' = 'averaged'): Values {
    const slot = which === 'averaged' && this.plan.optimiser.emaDecay ? 'ema' : 'p';
    const learned = this.packs.flatMap((pack) => membersOf(pack, this.stateOf(pack, slot)));
    const copies = [...Object.entries(this.frozen), ...learned].map(
      ([name, data]) => [name, data.slice()] as const,
    );
    return Object.fromEntries(copies);
  }

  checkpoint(): Uint8Array {
    return encodeCheckpoint({
      facts: { step: this.step, seed: this.plan.seed },
      tensors: { ...this.state, ...this.frozen },
    });
  }

  restore(bytes: Uint8Array): void {
    const { facts, tensors } = decodeCheckpoint(bytes);
    if (facts['seed'] !== this.plan.seed)
      throw new DomainError('INVALID_INPUT', 'the checkpoint is of another seed');
    for (const target of [this.state, this.frozen]) {
      for (const [name, data] of Object.entries(target)) {
        const saved = tensors[name];
        if (saved?.length !== data.length)
          throw new DomainError('INVALID_INPUT', `the checkpoint does not fit at ${name}`);
        data.set(saved);
      }
    }
    this.step = Number(facts['step']);
  }

  async dispose(): Promise<void> {
    await Promise.all([...this.executables.values()].map((executable) => executable.dispose()));
    this.executables.clear();
  }

  private learns(name: string): boolean {
    return this.plan.trainable?.(name) ?? true;
  }

  private trainingGraph(shape: string): { graph: Graph; packs: Pack[] } {
    const graph = this.plan.build(shape);
    const loss = graph.outputs.get(LOSS);
    if (!loss) throw new Error('a training graph has an output named loss');
    return { graph, packs: adamW(graph, loss, this.plan.optimiser, (name) => this.learns(name)) };
  }

  private async compile(shape: string): Promise<Executable> {
    const { graph, packs } = this.trainingGraph(shape);
    if (JSON.stringify(packs) !== JSON.stringify(this.packs)) {
      throw new Error(`the graph of shape ${shape} has other parameters than the first`);
    }
    const { threads } = this.plan;
    const executable = await this.compute.compile(graph, threads === undefined ? {} : { threads });
    this.executables.set(shape, executable);
    return executable;
  }

  private addState(pack: Pack, start: Values): void {
    const slots: Slot[] = this.plan.optimiser.emaDecay ? ['p', 'm', 'v', 'ema'] : ['p', 'm', 'v'];
    for (const slot of slots) {
      const [now, next] = [new Float32Array(sizeOf(pack.shape)), new Float32Array(sizeOf(pack.shape))];
      if (slot === 'p' || slot === 'ema') {
        for (const { name, offset } of pack.members) now.set(start[name] ?? [], offset);
      }
      this.state[stateName(pack, slot)] = now;
      this.spare[stateName(pack, slot)] = next;
    }
  }

  private stateOf(pack: Pack, slot: Slot): TensorData {
    const data = this.state[stateName(pack, slot)];
    if (!data) throw new Error(`no state ${stateName(pack, slot)}`);
    return data;
  }
}

import { DomainError } from '../errors.js';
import { type SemanticIds } from './residual-kmeans.js';

export interface LevelHealth {
  /** Values the digit can take, and how many of them no item uses. */
  readonly codes: number;
  readonly dead: number;
  /** Share of the level's codes that any item uses, of those that the items could fill. */
  readonly usage: number;
  /** Entropy of the codes over items, 1 = all used alike. */
  readonly entropy: number;
  /** e^entropy: as many codes, used alike, would tell as much. */
  readonly perplexity: number;
}

export interface CodeHealth {
  readonly items: number;
  /** Different codes before a digit that only tells apart, per item: 1 = nobody shares. */
  readonly uniqueRate: number;
  /** Items that share all those levels with another. */
  readonly collisions: number;
  /** The most items under one code. */
  readonly largestBucket: number;
  readonly levels: readonly LevelHealth[];
}

/**
 * A collapsed code book looks like a low loss, so it is measured on its own: usage and entropy of each level, and collisions. Levels
 * after `semanticLevels` only tell apart items that share a code.
 */
export function codeHealth(ids: SemanticIds, semanticLevels: number): CodeHealth {
  const buckets = new Map<string, number>();
  for (let i = 0; i < ids.itemCount; i++) {
    const key = ids.digits.subarray(i * ids.levels, i * ids.levels + semanticLevels).join('.');
    buckets.set(key, (buckets.get(key) ?? 0) + 1);
  }
  const shared = [...buckets.values()].filter((n) => n > 1);
  return {
    items: ids.itemCount,
    uniqueRate: buckets.size / Math.max(1, ids.itemCount),
    collisions: shared.reduce((a, b) => a + b, 0),
    largestBucket: Math.max(0, ...buckets.values()),
    levels: Array.from({ length: semanticLevels }, (_, level) => levelHealth(ids, level)),
  };
}

/** Below these a code book says nothing about its items: half the items alone, half the codes used, entropy over half. */
const LEAST = { uniqueRate: 0.5, usage: 0.5, entropy: 0.5 };

/** Another tokenizer may do better with the same items. */
export class CollapsedCodesError extends DomainError {
  constructor(problems: readonly string[]) {
    super('INVALID_INPUT', `semantic ids have collapsed: ${problems.join(', ')}; wanted at least 50 % each`);
  }
}

/** Refuses to train on collapsed codes: the ranker would look fine and never tell items apart. */
export function assertHealthyCodes(health: CodeHealth): void {
  const problems = health.levels.flatMap(({ usage, entropy }, level) => [
    ...(usage < LEAST.usage ? [`level ${level} uses ${percent(usage)} of its codes`] : []),
    ...(entropy < LEAST.entropy ? [`level ${level} has entropy ${entropy.toFixed(2)}`] : []),
  ]);
  if (health.uniqueRate < LEAST.uniqueRate)
    problems.push(`${percent(health.uniqueRate)} of the codes are unique`);
  if (problems.length > 0) throw new CollapsedCodesError(problems);
}

function levelHealth(ids: SemanticIds, level: number): LevelHealth {
  const codes = ids.radix[level] as number;
  const counts = new Float64Array(codes);
  for (let i = 0; i < ids.itemCount; i++) {
    const code = ids.digits[i * ids.levels + level] as number;
    counts[code] = (counts[code] as number) + 1;
  }
  let nats = 0;
  let used = 0;
  for (const n of counts) {
    if (n === 0) continue;
    used++;
    nats -= (n / ids.itemCount) * Math.log(n / ids.itemCount);
  }
  const most = Math.log(Math.min(codes, ids.itemCount));
  return {
    codes,
    dead: codes - used,
    usage: used / Math.min(codes, ids.itemCount),
    entropy: most > 0 ? nats / most : 1,
    perplexity: Math.exp(nats),
  };
}

function percent(share: number): string {
  return `${Math.round(100 * share)} %`;
}

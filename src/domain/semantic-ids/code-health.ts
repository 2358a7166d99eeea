import { DomainError } from '../errors.js';
import { type SemanticIds } from './residual-kmeans.js';

export interface LevelHealth {
  /** Share of the level's codes that any item uses. */
  readonly usage: number;
  /** Entropy of the codes over items, 1 = all used alike. */
  readonly entropy: number;
}

export interface CodeHealth {
  readonly items: number;
  /** Different codes before the dedup digit, per item: 1 = nobody shares. */
  readonly uniqueRate: number;
  /** Items that share all levels before the dedup digit with another. */
  readonly collisions: number;
  /** The most items under one code. */
  readonly largestBucket: number;
  readonly levels: readonly LevelHealth[];
}

/** A collapsed code book looks like a low loss, so it is measured on its own: usage and entropy of each level, and collisions. */
export function codeHealth(ids: SemanticIds): CodeHealth {
  const semanticLevels = ids.levels - 1;
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

/** Refuses to train on collapsed codes: the ranker would look fine and never tell items apart. */
export function assertHealthyCodes(health: CodeHealth): void {
  const problems = health.levels.flatMap(({ usage, entropy }, level) => [
    ...(usage < LEAST.usage ? [`level ${level} uses ${percent(usage)} of its codes`] : []),
    ...(entropy < LEAST.entropy ? [`level ${level} has entropy ${entropy.toFixed(2)}`] : []),
  ]);
  if (health.uniqueRate < LEAST.uniqueRate)
    problems.push(`${percent(health.uniqueRate)} of the codes are unique`);
  if (problems.length > 0) {
    throw new DomainError(
      'INVALID_INPUT',
      `semantic ids have collapsed: ${problems.join(', ')}; wanted at least 50 % each`,
    );
  }
}

function levelHealth(ids: SemanticIds, level: number): LevelHealth {
  const codes = ids.radix[level] as number;
  const counts = new Float64Array(codes);
  for (let i = 0; i < ids.itemCount; i++) {
    const code = ids.digits[i * ids.levels + level] as number;
    counts[code] = (counts[code] as number) + 1;
  }
  let bits = 0;
  let used = 0;
  for (const n of counts) {
    if (n === 0) continue;
    used++;
    bits -= (n / ids.itemCount) * Math.log(n / ids.itemCount);
  }
  const most = Math.log(Math.min(codes, ids.itemCount));
  return { usage: used / Math.min(codes, ids.itemCount), entropy: most > 0 ? bits / most : 1 };
}

function percent(share: number): string {
  return `${Math.round(100 * share)} %`;
}

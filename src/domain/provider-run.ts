/** How a run at a provider stood when a webhook was written: always the whole of it, never a difference. */
export interface RunNews {
  readonly status: string;
  readonly output?: unknown;
  readonly logs?: string | null | undefined;
  readonly [more: string]: unknown;
}

const RANKS: Readonly<Record<string, number | undefined>> = { starting: 0, processing: 1 };
/** succeeded, failed, canceled, aborted: a run leaves none of them again. */
const FINAL = 2;

/**
 * The later one of two snapshots of a run. A total order (state, then how much output, then how much log, then the text
 * itself), and the maximum of it: webhooks may come in any order and any number of times and leave the same state.
 */
export function laterNews(a: RunNews, b: RunNews): RunNews {
  const [left, right] = [placeOf(a), placeOf(b)];
  for (const [i, mine] of left.entries()) {
    const theirs = right[i] ?? mine;
    if (mine !== theirs) return mine > theirs ? a : b;
  }
  return a;
}

function placeOf({ status, output, logs, ...rest }: RunNews): readonly (number | string)[] {
  const told = JSON.stringify(output ?? null);
  return [
    RANKS[status] ?? FINAL,
    told.length,
    (logs ?? '').length,
    `${status}\n${told}\n${logs ?? ''}\n${JSON.stringify(canonical(rest))}`,
  ];
}

/** jsonb gives keys back in another order than they came. */
function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical);
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, canonical(inner)]));
}

/** Codes of items, one row after another. */
interface Codes {
  readonly levels: number;
  readonly digits: Uint16Array; // (items, levels)
}

export interface CodeChanges {
  /** Items that both versions know. */
  readonly shared: number;
  /** Of those, items whose code is another now. */
  readonly moved: number;
  /** Share of the shared items that moved. */
  readonly movedShare: number;
  /** Share of their digits, level by level, that stayed. */
  readonly keptDigits: readonly number[];
  readonly added: number;
  readonly removed: number;
}

/** What changed between two versions of the codes; items are told by their ids, since versions number them differently. */
export function codeChanges(
  before: Codes & { readonly itemIds: readonly string[] },
  after: Codes & { readonly itemIds: readonly string[] },
): CodeChanges {
  const numberBefore = new Map(before.itemIds.map((id, number) => [id, number]));
  const levels = Math.min(before.levels, after.levels);
  const kept = new Float64Array(levels);
  let [shared, moved] = [0, 0];
  after.itemIds.forEach((id, item) => {
    const old = numberBefore.get(id);
    if (old === undefined) return;
    shared++;
    let same = 0;
    for (let level = 0; level < levels; level++) {
      const isSame = before.digits[old * before.levels + level] === after.digits[item * after.levels + level];
      if (isSame) kept[level] = (kept[level] as number) + 1;
      same += Number(isSame);
    }
    if (same < levels || before.levels !== after.levels) moved++;
  });
  return {
    shared,
    moved,
    movedShare: moved / Math.max(1, shared),
    keptDigits: Array.from(kept, (n) => n / Math.max(1, shared)),
    added: after.itemIds.length - shared,
    removed: before.itemIds.length - shared,
  };
}

/**
 * Which entries of a history are worth leaving out to see what they gave: the few that resemble the items most, each item having two
 * votes for its nearest and one for the next, and the newest two, which sequence models heed most. `resemblance` is (entries) x
 * (items), entries oldest first. Returns places, ascending, at most `most`.
 */
export function likelyCauses(resemblance: readonly Float32Array[], most: number): number[] {
  const entries = [...resemblance.keys()];
  const votes = new Float64Array(entries.length);
  for (let item = 0; item < (resemblance[0]?.length ?? 0); item++) {
    const of = (entry: number) => resemblance[entry]?.[item] as number;
    const [first, second] = entries.filter((entry) => of(entry) > 0).sort((a, b) => of(b) - of(a));
    if (first !== undefined) votes[first] = (votes[first] as number) + 2;
    if (second !== undefined) votes[second] = (votes[second] as number) + 1;
  }
  const chosen = new Set(entries.slice(-NEWEST));
  for (const entry of entries.sort((a, b) => (votes[b] as number) - (votes[a] as number) || b - a)) {
    if (chosen.size >= most) break;
    chosen.add(entry);
  }
  return [...chosen].sort((a, b) => a - b);
}

const NEWEST = 2;

/**
 * Which entries of a history are worth leaving out to see what they gave: those that give most to all items together by a quick guess,
 * the newer of equals. `guess` is (entries) x (items), entries oldest first; what speaks against an item is no cause of it. Returns
 * places, ascending, at most `most`.
 */
export function likelyCauses(guess: readonly Float32Array[], most: number): number[] {
  const given = guess.map((row) => row.reduce((sum, one) => sum + Math.max(0, one), 0));
  return [...given.keys()]
    .sort((a, b) => (given[b] as number) - (given[a] as number) || b - a)
    .slice(0, most)
    .sort((a, b) => a - b);
}

/** Points of a list: its own weight, and each of the `first` entries as deep as it is asked for. */
export function pageCost(weight: number) {
  return ({ args, childComplexity }: { args: Record<string, unknown>; childComplexity: number }): number =>
    weight + (typeof args['first'] === 'number' ? args['first'] : 1) * childComplexity;
}

/** weight(k) = decay^k for the item k steps before the newest; the ten-thousandth part and less is left out. */
export function recencyWeights(length: number, decay: number): Float64Array {
  const horizon = decay >= 1 ? length : Math.ceil(Math.log(1e-4) / Math.log(decay));
  return Float64Array.from({ length: Math.min(length, horizon) }, (_, back) => decay ** back);
}

/** Adds rows of a linear model, one per history item, the newest with weight 1, the one before with `decay`, and so on. */
export function addByRecency(
  history: Int32Array,
  decay: number,
  addRow: (item: number, weight: number) => void,
): void {
  recencyWeights(history.length, decay).forEach((weight, back) => {
    addRow(history[history.length - 1 - back] as number, weight);
  });
}

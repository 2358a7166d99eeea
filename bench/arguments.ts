/** Ends the bench with what was wrong with its arguments. */
export function fail(message: string): never {
  process.stderr.write(`${message}\n`);
  process.exit(2);
}

export function wholeNumber(name: string, text: string): number {
  const value = Number(text);
  if (text === '' || !Number.isInteger(value) || value < 0)
    fail(`--${name}: a whole number from 0 was wanted, "${text}" came`);
  return value;
}

/** `1,2,3` as the numbers 1, 2 and 3. */
export function wholeNumbers(name: string, text: string): [number, ...number[]] {
  const [first, ...others] = text.split(',').map((one) => wholeNumber(name, one.trim()));
  return [first as number, ...others];
}

import { parseArgs, type ParseArgsConfig } from 'node:util';
import { fail } from './arguments.js';

type Options = NonNullable<ParseArgsConfig['options']>;
type Given<O extends Options> = ReturnType<typeof parseArgs<{ options: O }>>['values'];

/** The `--name value` pairs of a bench's command line. `--help` prints them with their defaults and ends; so does an unknown one. */
export function benchOptions<const O extends Options>(options: O): Given<O> {
  try {
    const { values } = parseArgs({ options: { ...options, help: { type: 'boolean' } } });
    if ((values as { readonly help?: boolean }).help !== true) return values;
  } catch (error) {
    const told = (error as Partial<Error>).message ?? String(error);
    fail(`${told}\n\n${helpOf(options)}`);
  }
  process.stdout.write(`${helpOf(options)}\n`);
  process.exit(0);
}

function helpOf(options: Options): string {
  const rows = Object.entries(options).map(([name, { type, default: usual }]) => {
    const value = type === 'string' ? ' <value>' : '';
    return `  --${name}${value}${usual === undefined || usual === '' ? '' : ` (${String(usual)})`}`;
  });
  return ['Options:', ...rows].join('\n');
}

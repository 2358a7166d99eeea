import { existsSync, readFileSync } from 'node:fs';

const page = readFileSync('docs/systems.md', 'utf8');

interface SystemRow {
  readonly name: string;
  readonly status: string;
  readonly entries: readonly string[];
  readonly tests: readonly string[];
}

const rows = page
  .split('\n')
  .filter((line) => line.startsWith('| ') && !/^\| (name|---)/.test(line))
  .map((line): SystemRow => {
    const [name = '', , status = '', entries = '', tests = ''] = line
      .slice(1)
      .split('|')
      .map((cell) => cell.trim());
    return { name, status, entries: pathsIn(entries), tests: pathsIn(tests) };
  });

function pathsIn(cell: string): string[] {
  return [...cell.matchAll(/\]\(\.\.\/([^)]+)\)/g)].map(([, path]) => path ?? '');
}

test('every system of the survey has one row', () => {
  expect(rows).toHaveLength(152);
  expect(new Set(rows.map(({ name }) => name)).size).toBe(152);
});

test('the status is one of three, and the counts in the introduction are those of the table', () => {
  const counts = ['works', 'partly', 'planned'].map(
    (status) => rows.filter((row) => row.status === status).length,
  );
  expect(counts.reduce((a, b) => a + b)).toBe(rows.length);
  const [works, partly, planned] = counts;
  expect(page.replace(/\s+/g, ' ')).toContain(`${works} works, ${partly} partly, ${planned} planned`);
});

test('what works or partly works names its entry point and its test, and what is planned names none', () => {
  const unproven = rows.filter(({ status, entries, tests }) =>
    status === 'planned' ? entries.length + tests.length > 0 : entries.length === 0 || tests.length === 0,
  );
  expect(unproven).toEqual([]);
});

test('every file that the page names exists, and a test is a test', () => {
  const all = rows.flatMap(({ entries, tests }) => [...entries, ...tests]);
  expect(all.filter((path) => !existsSync(path))).toEqual([]);
  expect(rows.flatMap(({ tests }) => tests).filter((path) => !path.endsWith('.test.ts'))).toEqual([]);
});

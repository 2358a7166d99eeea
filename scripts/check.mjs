#!/usr/bin/env node
// What must hold before a change is handed in. Runs every check and names all that failed, not only the first.
// `--without-unit` leaves out the tests: .ci/run runs all of them right after.
import { spawnSync } from 'node:child_process';

const run = (command, ...args) => spawnSync(command, args, { stdio: 'inherit' }).status === 0;
const checks = {
  build: () => run('node', 'scripts/build.mjs', '--if-stale'),
  format: () => run('npx', '--no-install', 'prettier', '--check', '--log-level', 'warn', '.'),
  lint: () => run('npx', '--no-install', 'eslint', '.', '--max-warnings', '0'),
  types: () =>
    run('npx', '--no-install', 'tsc', '--noEmit') &&
    run('npx', '--no-install', 'tsc', '--noEmit', '-p', 'web'),
  imports: () => run('npm', 'run', '--silent', 'deps'),
  schema: () => run('node', 'dist/src/cli.js', 'schema', '--check'),
  unit: () =>
    run(
      'node',
      '--experimental-vm-modules',
      '--no-warnings=ExperimentalWarning',
      'node_modules/jest/bin/jest.js',
      '--selectProjects',
      'unit',
    ),
};

const isWanted = ([name]) => name !== 'unit' || !process.argv.includes('--without-unit');
const failed = Object.entries(checks)
  .filter(isWanted)
  .filter(([name, check]) => {
    process.stderr.write(`\n— ${name}\n`);
    return !check();
  })
  .map(([name]) => name);
process.stderr.write(failed.length === 0 ? '\ncheck: all good\n' : `\ncheck: failed: ${failed.join(', ')}\n`);
process.exit(failed.length === 0 ? 0 : 1);

#!/usr/bin/env node
// Builds everything that runs: Prisma client, TypeScript, web. `--if-stale` does only what a changed source makes necessary;
// `--without-web` leaves out the web, whose operations cannot be checked while the schema that they need is still to be written.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
process.chdir(root);
const ifStale = process.argv.includes('--if-stale');
const withoutWeb = process.argv.includes('--without-web');
const bin = (name) => join('node_modules', '.bin', name);

/** One row per step: what it reads, what it runs. Order matters: a later step may read what an earlier one made. */
const steps = [
  {
    name: 'database client',
    reads: ['prisma/schema.prisma'],
    makes: 'src/generated/prisma',
    run: [['node', 'scripts/prisma.mjs', 'generate']],
  },
  {
    name: 'server and workers',
    reads: [
      'src',
      'workers',
      'bench',
      'prisma',
      'test/support',
      'test/chaos',
      'tsconfig.json',
      'tsconfig.build.json',
      'package-lock.json',
    ],
    makes: 'dist/src/cli.js',
    run: [[bin('tsc'), '-p', 'tsconfig.build.json']],
  },
  {
    name: 'web',
    reads: [
      'web/src',
      'web/index.html',
      'web/graphiql.html',
      'web/vite.config.ts',
      'web/codegen.ts',
      'schema',
      'package-lock.json',
    ],
    makes: 'web/dist/index.html',
    writes: 'web/src/generated',
    run: [
      [bin('graphql-codegen'), '--config', 'web/codegen.ts'],
      [bin('vite'), 'build', '--config', 'web/vite.config.ts', '--logLevel', 'warn'],
    ],
  },
];

function newest(path) {
  if (!existsSync(path)) return 0;
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return readdirSync(path)
    .filter((name) => !['node_modules', 'dist', 'generated'].includes(name))
    .reduce((latest, name) => Math.max(latest, newest(join(path, name))), stat.mtimeMs);
}

const stampOf = (step) => join('node_modules', '.cache', 'vitrine-build', step.name.replaceAll(' ', '-'));
function isFresh(step) {
  if (!existsSync(step.makes) || !existsSync(stampOf(step))) return false;
  return Number(readFileSync(stampOf(step), 'utf8')) >= Math.max(...step.reads.map(newest));
}

for (const step of steps) {
  if ((ifStale && isFresh(step)) || (withoutWeb && step.name === 'web')) continue;
  // made before the clock is read: a folder that appears in web/src makes that newer, and the next start would build again
  if (step.writes) mkdirSync(step.writes, { recursive: true });
  const startedAt = Date.now();
  process.stderr.write(`building ${step.name} … `);
  for (const [command, ...args] of step.run) {
    const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8', maxBuffer: 1 << 26 });
    if (status === 0) continue;
    process.stderr.write(`failed\n${stdout ?? ''}${stderr ?? ''}\n`);
    process.exit(status ?? 1);
  }
  mkdirSync(dirname(stampOf(step)), { recursive: true });
  writeFileSync(stampOf(step), String(startedAt));
  process.stderr.write(`${((Date.now() - startedAt) / 1000).toFixed(1)} s\n`);
}

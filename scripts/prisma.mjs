#!/usr/bin/env node
// The Prisma CLI without a download: `node scripts/prisma.mjs generate`, `... migrate diff ...`.
// The native engine is replaced by scripts/schema-engine.mjs; set PRISMA_SCHEMA_ENGINE_BINARY to use another one.
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const cli = createRequire(import.meta.url).resolve('prisma/build/index.js');
const { status } = spawnSync(
  process.execPath,
  [cli, ...process.argv.slice(2), '--config', here('./prisma.config.mjs')],
  {
    stdio: 'inherit',
    env: {
      CHECKPOINT_DISABLE: '1',
      PRISMA_HIDE_UPDATE_MESSAGE: '1',
      PRISMA_SCHEMA_ENGINE_BINARY: here('./schema-engine.mjs'),
      ...process.env,
    },
  },
);
process.exit(status ?? 1);

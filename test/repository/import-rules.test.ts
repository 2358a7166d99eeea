import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { cruise, type IConfiguration, type ICruiseResult } from 'dependency-cruiser';

const rules = createRequire(import.meta.url)('../../.dependency-cruiser.cjs') as IConfiguration;

/** A small project in which everything is in order. */
const GOOD: Readonly<Record<string, string>> = {
  'src/cli.ts':
    "import './wire.js';\nimport './server.js';\nimport './flow/step.js';\nimport './graphql/build-schema.js';\n",
  'src/server.ts': "import './config.js';\nimport './graphql/build-schema.js';\n",
  'src/config.ts': 'export const config = {};\n',
  'src/wire.ts':
    "import './config.js';\nimport './infra/database/store.js';\nimport './infra/queue/queue.js';\n",
  'src/domain/item.ts': "import type {} from './person.js';\n",
  'src/domain/person.ts': 'export {};\n',
  'src/domain/graph/graph.ts': 'export {};\n',
  'src/domain/semantic-ids/codes.ts': "import '../graph/graph.js';\n",
  'src/domain/ranking/rank.ts': "import '../graph/graph.js';\nimport '../semantic-ids/codes.js';\n",
  'src/domain/imaging/draw.ts': 'export {};\n',
  'src/domain/explaining/explain.ts': "import type {} from '../item.js';\n",
  'src/domain/simulating/browse.ts': "import type {} from '../item.js';\n",
  'src/flow/ports.ts': "import type {} from '../domain/item.js';\n",
  'src/flow/step.ts':
    "import './ports.js';\nimport '../domain/ranking/rank.js';\nimport '../domain/imaging/draw.js';\n" +
    "import '../domain/explaining/explain.js';\nimport '../domain/simulating/browse.js';\n",
  'src/graphql/build-schema.ts': "import './topic.resolver.js';\n",
  'src/graphql/topic.resolver.ts': "import '../flow/step.js';\n",
  'src/infra/database/store.ts': "import '../../flow/ports.js';\nimport '@prisma/client';\nimport 'pg';\n",
  'src/infra/queue/queue.ts': "import '../../flow/ports.js';\n",
  'workers/main.ts': "import '../src/wire.js';\nimport './registry.js';\n",
  'workers/registry.ts': "import '../src/flow/step.js';\n",
  'web/src/main.tsx': "import './feed.js';\n",
  'web/src/feed.tsx': 'export {};\n',
  'web/src/feed.test.ts': "import './feed.js';\n",
  'bench/speed.ts': "import '../src/infra/queue/queue.js';\nimport 'pg';\n",
  'prisma/migrate.ts': "import 'pg';\n",
  'test/support/world.ts': "import '../../src/domain/item.js';\n",
  'test/integration/step.test.ts':
    "import '../support/world.js';\nimport '../../src/infra/queue/queue.js';\n",
  'node_modules/pg/package.json': '{ "name": "pg", "main": "index.js" }',
  'node_modules/pg/index.js': '',
  'node_modules/@prisma/client/package.json': '{ "name": "@prisma/client", "main": "index.js" }',
  'node_modules/@prisma/client/index.js': '',
};

/** One line more in one file breaks exactly one rule. */
const BREAKS: Readonly<Record<string, readonly [file: string, line: string]>> = {
  'no-cycles': ['src/domain/person.ts', "import type {} from './item.js';"],
  'no-dead-files': ['src/flow/forgotten.ts', 'export {};'],
  'no-dead-pages': ['web/src/forgotten.tsx', 'export {};'],
  'domain-is-pure': ['src/domain/person.ts', "import 'node:fs';"],
  'graph-is-the-floor': ['src/domain/graph/graph.ts', "import '../imaging/draw.js';"],
  'semantic-ids-know-no-model': ['src/domain/semantic-ids/codes.ts', "import '../imaging/draw.js';"],
  'models-apart': ['src/domain/ranking/rank.ts', "import '../imaging/draw.js';"],
  'flow-knows-only-ports': ['src/flow/step.ts', "import 'node:fs';"],
  'graphql-calls-flow': ['src/graphql/topic.resolver.ts', "import '../config.js';"],
  'cli-is-a-door': ['src/cli.ts', "import './graphql/topic.resolver.js';"],
  'workers-run-flow': ['workers/registry.ts', "import '../src/graphql/build-schema.js';"],
  'infra-implements-ports': ['src/infra/queue/queue.ts', "import '../../flow/step.js';"],
  'only-wire-builds-infra': ['src/server.ts', "import './infra/queue/queue.js';"],
  'src-does-not-know-workers': ['src/server.ts', "import '../workers/registry.js';"],
  'prisma-stays-in-database': ['src/infra/queue/queue.ts', "import '@prisma/client';"],
  'drivers-stay-in-infra': ['src/server.ts', "import 'pg';"],
  'web-stands-alone': ['web/src/feed.tsx', "import '../../src/domain/item.js';"],
  'nobody-imports-the-page': ['src/server.ts', "import '../web/src/feed.js';"],
  'no-test-code-in-product': ['src/server.ts', "import '../test/support/world.js';"],
};

const folders: string[] = [];
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

/** The names of the rules that the project breaks, as `npm run deps` would find them. */
async function brokenRules(files: Readonly<Record<string, string>>): Promise<string[]> {
  const baseDir = realpathSync(mkdtempSync(join(tmpdir(), 'vitrine-imports-')));
  folders.push(baseDir);
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(join(baseDir, dirname(file)), { recursive: true });
    writeFileSync(join(baseDir, file), text);
  }
  const { forbidden, options } = rules;
  const { doNotFollow, exclude, tsPreCompilationDeps, enhancedResolveOptions } = options ?? {};
  const { output } = await cruise(
    ['src', 'workers', 'test', 'web', 'bench', 'prisma'],
    {
      baseDir,
      validate: true,
      ruleSet: { forbidden: forbidden ?? [] },
      ...(doNotFollow && { doNotFollow }),
      ...(exclude && { exclude }),
      ...(tsPreCompilationDeps && { tsPreCompilationDeps }),
    },
    enhancedResolveOptions,
  );
  return [...new Set((output as ICruiseResult).summary.violations.map(({ rule }) => rule.name))];
}

test('a project in order breaks no rule', async () => {
  expect(await brokenRules(GOOD)).toEqual([]);
});

test('every rule has a line that breaks it', () => {
  expect(Object.keys(BREAKS).sort()).toEqual((rules.forbidden ?? []).map(({ name }) => name).sort());
});

test.each(Object.entries(BREAKS))('%s fires', async (rule, [file, line]) => {
  const broken = { ...GOOD, [file]: `${GOOD[file] ?? ''}${line}\n` };
  expect(await brokenRules(broken)).toEqual([rule]);
});

import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseRecipeText } from '../../src/domain/ranking/recipe.js';
import { processesOn, shellCommand, type ShellCommand } from './shell-command.js';

const pagesIn = (folder: string): string[] =>
  readdirSync(folder).flatMap((name) => (name.endsWith('.md') ? [`${folder}/${name}`] : []));

/** Where commands are documented; a fenced `sh` block there with a line that is not run below fails the first test. */
const DOCS = ['README.md', ...pagesIn('docs')];
/** Pages whose commands take minutes to hours: what each would be told is asked for, and compared. */
const LONG_DOCS = pagesIn('docs/ranking');

const START = 'npm install && npm start';
const TEST = 'npm install && npm test';
const WORKER = 'npm run worker';
const IMPORT = 'npm run import -- --format csv examples/corner-shop';
const TRAIN = 'npm run train -- --catalogue corner-shop';
const EVALUATE = 'npm run evaluate -- --catalogue corner-shop';
const ASK = 'curl -s http://127.0.0.1:4000/graphql';

/** What this file runs, by how the line begins. */
const KNOWN = [START, TEST, WORKER, IMPORT, TRAIN, EVALUATE, ASK];

/** A build, a small demo and a training of seconds, on a machine that is busy with other things. */
const LONG_MS = 600_000;
/** On a machine that has nothing else to do. */
const SECOND_START_MS = 10_000;
const STOP_MS = 20_000;

const lines = DOCS.flatMap((file) => commandsIn(readFileSync(file, 'utf8')));

function commandsIn(text: string): string[] {
  const blocks = [...text.matchAll(/```sh\n(.*?)```/gs)].map(([, block]) => block ?? '');
  return blocks.flatMap((block) => block.split('\n')).filter((line) => line.trim() !== '');
}

interface DocumentedCommand {
  /** What runs, with the words before the first option: `node dist/src/cli.js models shadow`. */
  readonly program: string;
  readonly options: readonly string[];
  readonly recipes: readonly string[];
}

/** `npm run x -- words --option value # remark`, or `node … words --option value`. */
function readCommand(line: string): DocumentedCommand {
  const [, script, told = ''] = /^npm run (\S+)(?: -- (.*))?$/.exec(withoutRemark(line)) ?? [];
  const program =
    script === undefined ? '' : (scripts[script]?.split(' && ').at(-1) ?? `no script ${script}`);
  const rest = script === undefined ? withoutRemark(line) : told;
  const words = /^(?:(?!--)(?:"[^"]*"|\S+)\s*)*/.exec(rest)?.[0] ?? '';
  return {
    program: `${program} ${words}`.trim(),
    options: [...rest.matchAll(/(?<=^|[\s[])--[a-z-]+/g)].map(([option]) => option),
    recipes: [...rest.matchAll(/--recipe (\S+)/g)].map(([, recipe]) => recipe ?? ''),
  };
}

const withoutRemark = (line: string): string => line.replace(/\s+#.*$/, '').trim();

const documented = (beginning: string): string => {
  const line = lines.find((one) => one.startsWith(beginning));
  if (line === undefined) throw new Error(`README.md and docs/ no longer say: ${beginning}`);
  return line;
};

/** Everything that was installed for the tests is installed; what is left of the line runs as it stands. */
const withoutInstall = (line: string): string => line.replace('npm install && ', '');

const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };
/** What `npm start` runs once everything is built, without npm and its shell, which tell a Ctrl-C as a signal and not as exit code. */
const START_ITSELF = `exec ${scripts['start']?.split(' && ').at(-1) ?? ''}`;

test('every command in the docs is one that is run here', () => {
  expect(lines.filter((line) => !KNOWN.some((known) => line.startsWith(known)))).toEqual([]);
  expect(KNOWN.filter((known) => !lines.some((line) => line.startsWith(known)))).toEqual([]);
});

test.each(LONG_DOCS)(
  'every command in %s exists, and takes the options that stand there',
  async (page) => {
    const text = readFileSync(page, 'utf8');
    const fenced = commandsIn(text);
    const loose = text.split('\n').filter((line) => /^(npm|node) /.test(line) && !fenced.includes(line));
    expect(loose).toEqual([]); // a command outside a block of `sh` is checked by nobody
    for (const { program, options, recipes } of fenced.map(readCommand)) {
      if (options.length === 0) expect(existsSync(program.split(' ')[1] ?? '')).toBe(true);
      else {
        const help = await runs(`${program} --help`, { folder: '', settings: {} });
        expect(options.filter((option) => !new RegExp(`${option}\\b`).test(help))).toEqual([]);
      }
      for (const recipe of recipes) expect(() => parseRecipeText(recipe)).not.toThrow();
    }
  },
  LONG_MS,
);

test('the test command is the run in progress', () => {
  expect(withoutInstall(documented(TEST))).toBe('npm test');
  expect(scripts['test']).toContain('jest');
});

interface Home {
  readonly folder: string;
  readonly settings: Readonly<Record<string, string>>;
}

function newHome(demo: 'small' | 'none'): Home {
  const folder = mkdtempSync(join(tmpdir(), 'vitrine-readme-'));
  chmodSync(folder, 0o755); // as root, the database server runs as nobody and must be able to pass
  const settings = { VITRINE_HOME: folder, VITRINE_DEMO: demo, VITRINE_TRAIN_SECONDS: '5', PORT: '0' };
  return { folder, settings };
}

const open: ShellCommand[] = [];
const homes: Home[] = [];
afterAll(() => {
  for (const command of open) command.interrupt('SIGKILL');
  for (const { folder } of homes) {
    for (const { pid } of processesOn(folder)) process.kill(pid, 'SIGINT'); // the database server outlives what started it
    rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 250 });
  }
});

function shell(line: string, { settings }: Home): ShellCommand {
  const command = shellCommand(line, settings);
  open.push(command);
  return command;
}

/** Runs to the end and says what it printed if it failed. */
async function runs(line: string, home: Home): Promise<string> {
  const command = shell(line, home);
  const code = await command.ended(LONG_MS);
  if (code !== 0) throw new Error(`${line}\nended with ${String(code)}:\n${command.output()}`);
  return command.output();
}

const LOOP_CPU_MS = 300;

/** Time that a plain loop takes per time it computes: 1 on a free machine, n where others leave it every n-th moment. */
function sharing(): number {
  const [startedAt, cpu] = [performance.now(), process.cpuUsage()];
  const computedMs = () => process.cpuUsage(cpu).user / 1000;
  while (computedMs() < LOOP_CPU_MS);
  return Math.max(1, (performance.now() - startedAt) / computedMs());
}

interface Answer {
  readonly data: {
    readonly recommendations: {
      readonly edges: readonly { node: { title: string }; explanation: { text: string } | null }[];
    };
  };
}

describe('a stranger starts it, asks it, stops it and starts it again', () => {
  const home = newHome('small');
  homes.push(home);
  const page = /page\s+(http:\/\/127\.0\.0\.1:\d+)\//;
  let titles: string[];

  async function start(line: string): Promise<{ command: ShellCommand; url: string; readyAfterMs: number }> {
    const startedAt = performance.now();
    const command = shell(line, home);
    const [, url = ''] = await command.line(page, LONG_MS);
    await command.until(async () => (await fetch(`${url}/readyz`)).status === 200, LONG_MS);
    return { command, url, readyAfterMs: performance.now() - startedAt };
  }

  async function ask(url: string): Promise<Answer['data']['recommendations']['edges']> {
    const asking = documented(ASK).replaceAll('http://127.0.0.1:4000', url);
    const { data } = JSON.parse(await runs(asking, home)) as Answer;
    return data.recommendations.edges;
  }

  /** Ctrl-C; returns the exit code. */
  async function stop(command: ShellCommand): Promise<number | null> {
    command.interrupt();
    const code = await command.ended(STOP_MS);
    expect(command.output()).toContain('Stopping …');
    expect(processesOn(home.folder)).toEqual([]);
    return code;
  }

  test(
    'the first start answers with reasons, trains, and ends at Ctrl-C',
    async () => {
      const { command, url } = await start(withoutInstall(documented(START)));
      const edges = await ask(url);
      expect(edges).toHaveLength(3);
      for (const { node, explanation } of edges) {
        expect(node.title).not.toBe('');
        expect(explanation?.text).toMatch(/^[A-Z].*\.$/);
      }
      await command.line(/Ready\. Ctrl-C stops everything\./, LONG_MS);
      titles = (await ask(url)).map(({ node }) => node.title);
      await stop(command);
    },
    LONG_MS,
  );

  test(
    'the second start is ready within 10 s and finds everything as it was',
    async () => {
      const shared = sharing();
      const { command, url, readyAfterMs } = await start(START_ITSELF);
      expect(readyAfterMs).toBeLessThan(SECOND_START_MS * Math.max(shared, sharing()));
      await command.line(/Ready\. Ctrl-C stops everything\./, LONG_MS);
      expect(command.output()).not.toContain('loading');
      expect(await ask(url)).toHaveLength(titles.length);
      expect(await stop(command)).toBe(0);
    },
    LONG_MS,
  );
});

describe('own data', () => {
  const home = newHome('none');
  homes.push(home);

  test(
    'is imported, and again without a change',
    async () => {
      const first = await runs(documented(IMPORT), home);
      const rows = readFileSync('examples/corner-shop/items.csv', 'utf8').trim().split('\n').length - 1;
      const events = readFileSync('examples/corner-shop/events.csv', 'utf8').trim().split('\n').length - 1;
      expect(first).toContain(`${rows + events} rows read, ${rows + events} accepted, 0 rejected`);
      expect(first).toContain(TRAIN);
      expect(await runs(documented(IMPORT), home)).toContain('0 rejected');
    },
    LONG_MS,
  );

  test(
    'is trained on, and evaluated part by part',
    async () => {
      expect(await runs(`${documented(TRAIN)} --seconds 10`, home)).toMatch(/Registered .*\n/);
      const table = await runs(`${documented(EVALUATE)} --seconds 10`, home);
      expect(table).toMatch(/popularity/i);
      expect(table).toMatch(/fusion/i);
      expect(table).toContain('Only evaluated');
    },
    LONG_MS,
  );

  test(
    'a worker of its own starts, and ends when asked',
    async () => {
      const worker = shell(documented(WORKER), home);
      await worker.until(
        () => readFileSync(join(home.folder, 'vitrine.log'), 'utf8').includes('worker.started'),
        LONG_MS,
      );
      worker.interrupt('SIGTERM');
      await worker.ended(STOP_MS);
      expect(processesOn(home.folder)).toEqual([]);
    },
    LONG_MS,
  );
});

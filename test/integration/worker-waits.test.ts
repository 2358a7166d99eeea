import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DatabaseAway } from '../../src/domain/errors.js';
import { openPatiently } from '../../workers/open-patiently.js';
import { withDatabase } from '../support/test-database.js';

const PROGRAM = join(process.cwd(), 'dist', 'workers', 'main.js');
const database = withDatabase();
let child: ChildProcess | undefined;
let server: Server | undefined;

afterEach(async () => {
  if (child?.exitCode === null && child.signalCode === null) {
    child.kill('SIGTERM');
    await once(child, 'exit');
  }
  server?.close();
});

/** Passes everything on to the test database's socket. */
function passOn(path: string): Server {
  return createServer((socket) => {
    const inner = connect(path);
    socket.pipe(inner).pipe(socket);
    for (const end of [socket, inner]) end.on('error', () => [socket, inner].forEach((one) => one.destroy()));
  });
}

test('a worker that begins before its database waits for it, says so, and then takes jobs', async () => {
  if (!existsSync(PROGRAM))
    throw new Error('run `npm run build` first: this test starts the compiled worker');
  const home = await mkdtemp(join(tmpdir(), 'vitrine-waits-'));
  const url = new URL(database.connectionString);
  const [folder, name] = [url.searchParams.get('host') ?? '', `.s.PGSQL.${url.port || '5432'}`];
  url.searchParams.set('host', home); // where its socket will be
  child = spawn(process.execPath, [PROGRAM], {
    env: {
      ...process.env,
      DATABASE_URL: url.href,
      VITRINE_HOME: join(home, 'vitrine'),
      VITRINE_LOG: 'stderr',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (data) => (said += String(data)));
  const until = async (text: string) => {
    for (let tries = 0; !said.includes(text); tries++) {
      if (tries === 400 || child?.exitCode !== null) throw new Error(`"${text}" did not come: ${said}`);
      await sleep(50);
    }
  };
  await until('this worker waits for it');
  server = passOn(join(folder, name));
  await once(server.listen(join(home, name)), 'listening');
  await until('worker.started');
  expect(said.match(/waits for it/g)).toHaveLength(1);
}, 40_000);

test('what is no absence is thrown at once, and a stop ends the waiting', async () => {
  const wrong = () => Promise.reject(new Error('password authentication failed'));
  const never = new AbortController().signal;
  await expect(openPatiently(wrong, { signal: never, onAway: () => undefined })).rejects.toThrow('password');
  const stopping = new AbortController();
  let tries = 0;
  const refused = () => {
    if (++tries === 2) stopping.abort();
    return Promise.reject(new DatabaseAway(new Error('no')));
  };
  expect(await openPatiently(refused, { signal: stopping.signal, onAway: () => undefined })).toBeNull();
  expect(tries).toBe(2);
});

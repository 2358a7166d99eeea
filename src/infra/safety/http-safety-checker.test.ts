import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import sharp from 'sharp';
import { createHttpSafetyChecker } from './http-safety-checker.js';

const picture = { width: 8, height: 8, channels: 3 as const, data: new Uint8Array(8 * 8 * 3).fill(90) };
const never = new AbortController().signal;
let server: Server;
let answer: RequestListener = (_request, response) => response.end();
let received: Buffer = Buffer.alloc(0);
let url = '';
beforeAll(async () => {
  server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      received = Buffer.concat(parts);
      answer(request, response);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/check`;
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

const says =
  (body: string, status = 200): RequestListener =>
  (_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json', connection: 'close' }).end(body);
  };
const check = () => createHttpSafetyChecker({ url, threshold: 0.6 }).check(picture, never);

test('the checker sees the picture as it is, and its worst category is the verdict', async () => {
  answer = says('{"policy":"looks-3","scores":{"calm":0.2,"sexual":0.61,"gore":0.3}}');
  expect(await check()).toEqual({ policy: 'looks-3', score: 0.61, threshold: 0.6, category: 'sexual' });
  const { data, info } = await sharp(received).raw().toBuffer({ resolveWithObject: true });
  expect([info.format, info.width, data[0]]).toEqual(['raw', 8, 90]);
});

test.each([
  ['a failure', says('{"policy":"looks-3","scores":{"calm":0}}', 500)],
  ['a redirect', says('', 302)],
  ['no JSON', says('<html>')],
  ['no scores', says('{"policy":"looks-3"}')],
  ['no category', says('{"policy":"looks-3","scores":{}}')],
  ['a score that is none', says('{"policy":"looks-3","scores":{"sexual":"low"}}')],
  ['a score below 0', says('{"policy":"looks-3","scores":{"sexual":-1}}')],
  ['no policy', says('{"scores":{"sexual":0}}')],
  ['too much', says(`{"policy":"looks-3","scores":{"sexual":0},"rest":"${'x'.repeat(70_000)}"}`)],
])('%s is no answer', async (_, bad) => {
  answer = bad;
  await expect(check()).rejects.toThrow();
});

test('nobody there is no answer', async () => {
  const gone = createHttpSafetyChecker({ url: 'http://127.0.0.1:9/', threshold: 0.5 });
  await expect(gone.check(picture, never)).rejects.toThrow();
});

import type { IncomingMessage } from 'node:http';

export interface FormPart {
  readonly name: string;
  /** Null for a plain field. */
  readonly filename: string | null;
  readonly type: string;
  readonly bytes: Buffer;
}

/** The parts of a multipart body, for servers in tests. */
export async function readForm(request: IncomingMessage): Promise<FormPart[]> {
  const body = await readBody(request);
  const boundary = /boundary=("?)([^";]+)\1/.exec(request.headers['content-type'] ?? '')?.[2];
  if (boundary === undefined) throw new Error('a multipart body was wanted');
  // latin1 keeps one byte a character, so that pictures survive being text for a moment
  return body
    .toString('latin1')
    .split(`--${boundary}`)
    .slice(1, -1)
    .map((part) => {
      const [head = ''] = part.split('\r\n\r\n', 1);
      return {
        name: / name="([^"]*)"/.exec(head)?.[1] ?? '',
        filename: / filename="([^"]*)"/.exec(head)?.[1] ?? null,
        type: /content-type: *([^\r\n]*)/i.exec(head)?.[1] ?? 'text/plain',
        bytes: Buffer.from(part.slice(head.length + 4, -2), 'latin1'),
      };
    });
}

export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

import WebSocket from 'ws';
import { z } from 'zod';

const Message = z.object({
  type: z.string(),
  data: z.looseObject({
    prompt_id: z.string().optional(),
    value: z.number().optional(),
    max: z.number().optional(),
  }),
});
const MAX_BYTES = 10_000_000; // previews come as binary messages, which are not read

/** Tells how far a run is, from ComfyUI's socket. Without the socket there is only no progress. Call the result to stop. */
export function watchComfy(
  { baseUrl, clientId }: { readonly baseUrl: string; readonly clientId: string },
  runId: string,
  onProgress: (progress: number, stage: string) => void,
): () => void {
  const url = `${baseUrl.replace(/^http/, 'ws')}/ws?clientId=${clientId}`;
  const socket = new WebSocket(url, { maxPayload: MAX_BYTES, handshakeTimeout: 5_000 });
  let best = 0;
  socket.on('error', () => undefined);
  socket.on('message', (data: Buffer, isBinary) => {
    const message = isBinary ? null : parsed(data);
    if (message?.data.prompt_id !== runId) return;
    const { value = 0, max = 0 } = message.data;
    if (message.type === 'progress' && max > 0) best = Math.max(best, Math.min(1, value / max));
    if (message.type === 'progress' || message.type === 'executing') onProgress(best, 'drawing');
  });
  return () => socket.terminate();
}

function parsed(data: Buffer): z.infer<typeof Message> | null {
  try {
    return Message.safeParse(JSON.parse(data.toString('utf8'))).data ?? null;
  } catch {
    return null;
  }
}

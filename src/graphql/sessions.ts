import { createHmac, randomUUID, timingSafeEqual } from 'node:crypto';

export interface Sessions {
  /** A new guest session: who it is, and the token that proves it. */
  open(): { readonly guest: string; readonly token: string };
  /** The guest behind a token; null when the token was not made here. */
  guestOf(token: string): string | null;
}

/** Guest sessions that need no table: a random id under an HMAC. */
export function sessions(secret: string): Sessions {
  const sign = (id: string) => createHmac('sha256', secret).update(`session\n${id}`).digest('base64url');
  return {
    open() {
      const id = randomUUID();
      return { guest: `guest-${id}`, token: `${id}.${sign(id)}` };
    },
    guestOf(token) {
      const [id = '', signature = ''] = token.split('.');
      const [wanted, came] = [Buffer.from(sign(id)), Buffer.from(signature)];
      if (wanted.length !== came.length || !timingSafeEqual(wanted, came)) return null;
      return `guest-${id}`;
    },
  };
}

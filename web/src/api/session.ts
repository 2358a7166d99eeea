import { createContext, useContext } from 'react';
import type { EventRecorder } from './event-recorder.js';

/** Whom the page is for, and what goes with that person alone. */
export interface Session {
  readonly person: string | null;
  readonly recorder: EventRecorder;
  readonly choose: (externalId: string) => void;
}

export const SessionContext = createContext<Session | null>(null);

export function useSession(): Session {
  const session = useContext(SessionContext);
  if (!session) throw new Error('useSession was called outside of a session');
  return session;
}

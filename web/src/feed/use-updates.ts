import { useCallback } from 'react';
import { useNotice, type Notice } from '../shell/notices.js';
import type { Feed } from './use-feed.js';

export type Updated = (because: string, how?: 'show' | 'offer', undo?: Notice['action']) => Promise<void>;

/** Asks for the next answer and says that, and why, the page changed; or offers it where a change would jump. */
export function useUpdates(refresh: Feed['refresh']): Updated {
  const notice = useNotice();
  return useCallback<Updated>(
    async (because, how = 'show', undo) => {
      const offered = await refresh(how);
      const action = offered ? { label: 'Show new picks', run: offered } : undo;
      const text = offered ? `New picks are ready ${because}.` : `Updated ${because}.`;
      notice({ text, ...(action && { action }) });
    },
    [refresh, notice],
  );
}

import { useState } from 'react';
import { sentenceOf } from '../api/sentence-of.js';
import { useNotice } from '../shell/notices.js';

/** One thing at a time; how it ended is told at the foot of the page. */
export function useAsk() {
  const notice = useNotice();
  const [busy, setBusy] = useState(false);
  const ask = (work: () => Promise<unknown>, done: string) => {
    setBusy(true);
    work()
      .then(
        () => notice({ text: done }),
        (error: unknown) => notice({ text: sentenceOf(error) }),
      )
      .finally(() => setBusy(false));
  };
  return { busy, ask };
}

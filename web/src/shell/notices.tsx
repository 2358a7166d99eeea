import { createContext, useCallback, useContext, useEffect, useMemo, useState, type ReactNode } from 'react';
import { Icon } from '../components/icon.js';

export interface Notice {
  readonly text: string;
  readonly action?: { readonly label: string; readonly run: () => void };
}
type Show = (notice: Notice) => void;

const NoticeContext = createContext<Show>(() => undefined);
/** Long enough to read it. One that can be acted on stays until it is dismissed, or the next one comes. */
const SHOWN_MS = 12_000;

export function useNotice(): Show {
  return useContext(NoticeContext);
}

/** One notice at a time, at the foot of the page: nothing moves, and screen readers hear it. */
export function NoticeProvider({ children }: { readonly children: ReactNode }) {
  const [notice, setNotice] = useState<(Notice & { id: number }) | null>(null);
  const show = useCallback<Show>((next) => {
    setNotice((last) => ({ ...next, id: (last?.id ?? 0) + 1 }));
  }, []);
  const close = useCallback(() => setNotice(null), []);
  useEffect(() => {
    if (!notice || notice.action) return;
    const timer = setTimeout(close, SHOWN_MS);
    return () => clearTimeout(timer);
  }, [notice, close]);
  const bar = useMemo(
    () => notice && <NoticeBar key={notice.id} notice={notice} onClose={close} />,
    [notice, close],
  );
  return (
    <NoticeContext.Provider value={show}>
      {children}
      <div className="notice-area" role="status" aria-live="polite">
        {bar}
      </div>
    </NoticeContext.Provider>
  );
}

function NoticeBar({ notice, onClose }: { readonly notice: Notice; readonly onClose: () => void }) {
  const { text, action } = notice;
  return (
    <div className="notice">
      <span>{text}</span>
      {action && (
        <button
          type="button"
          className="button"
          onClick={() => {
            onClose();
            action.run();
          }}
        >
          {action.label}
        </button>
      )}
      <button type="button" className="icon-button" onClick={onClose} aria-label="Dismiss">
        <Icon name="close" size={16} />
      </button>
    </div>
  );
}

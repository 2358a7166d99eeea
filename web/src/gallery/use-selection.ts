import { useCallback, useState } from 'react';

export interface Selection {
  readonly ids: ReadonlySet<string>;
  readonly toggle: (id: string) => void;
}

/** The works that are marked for one action on all of them; null while nothing is being marked. */
export function useSelection() {
  const [ids, setIds] = useState<ReadonlySet<string> | null>(null);
  const toggle = useCallback((id: string) => {
    setIds((before) => {
      const after = new Set(before);
      if (!after.delete(id)) after.add(id);
      return after;
    });
  }, []);
  return {
    selection: ids === null ? null : { ids, toggle },
    begin: useCallback(() => setIds(new Set()), []),
    end: useCallback(() => setIds(null), []),
  };
}

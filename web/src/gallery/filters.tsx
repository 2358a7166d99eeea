import { useId, useState } from 'react';
import { sentenceOf } from '../api/sentence-of.js';
import { Icon } from '../components/icon.js';
import { Sheet } from '../components/sheet.js';
import { useIsNarrow } from '../components/use-is-narrow.js';
import { useNotice } from '../shell/notices.js';
import { useCollections } from './collections.js';
import { FilterPanel } from './filter-panel.js';
import { filterOf, narrowedBy, type GalleryWish } from './gallery-wish.js';
import { totalText } from './total-text.js';

interface FiltersProps {
  readonly wish: GalleryWish;
  readonly total: number | null;
  readonly onChange: (wish: GalleryWish) => void;
}

/** One button for all filters: they open above the works, or from below where there is no room beside them. */
export function Filters({ wish, total, onChange }: FiltersProps) {
  const [isOpen, setIsOpen] = useState(false);
  const isNarrow = useIsNarrow();
  const id = useId();
  const saveSearch = useSavedSearch(wish);
  const count = narrowedBy(wish);
  const close = () => setIsOpen(false);
  const panel = <FilterPanel wish={wish} onChange={onChange} onSave={saveSearch} />;
  return (
    <>
      <button
        type="button"
        className="button tool"
        aria-expanded={isOpen}
        aria-controls={isOpen ? id : undefined}
        data-count={count > 0 ? count : undefined}
        onClick={() => setIsOpen(!isOpen)}
      >
        <Icon name="filter" /> <span>{count === 0 ? 'Filters' : `Filters (${String(count)})`}</span>
      </button>
      {isOpen && !isNarrow && (
        <div className="filters" id={id}>
          {panel}
        </div>
      )}
      {isOpen && isNarrow && (
        <Sheet title="Filters" kind="center" onClose={close}>
          <div id={id}>{panel}</div>
          <button type="button" className="button primary" onClick={close}>
            Show {totalText(total)}
          </button>
        </Sheet>
      )}
    </>
  );
}

/** Keeps what is asked for now as a collection that fills itself. */
function useSavedSearch(wish: GalleryWish): () => void {
  const { save } = useCollections();
  const notice = useNotice();
  return () => {
    const smartFilter = filterOf({ ...wish, similarTo: null, collectionId: null });
    const name = (wish.text === '' ? Object.values(wish.chosen).flat().join(', ') : wish.text).slice(0, 80);
    save({ name: name === '' ? 'My search' : name, smartFilter, add: [], remove: [], order: [] }).then(
      (made) => notice({ text: `“${made.name}” keeps what matches from now on` }),
      (error: unknown) => notice({ text: sentenceOf(error) }),
    );
  };
}

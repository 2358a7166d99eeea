import { Icon } from '../components/icon.js';
import { CollectionBar } from './collection-bar.js';
import { Filters } from './filters.js';
import type { GalleryWish } from './gallery-wish.js';
import { OrderChoice } from './order-choice.js';
import { totalText } from './total-text.js';

interface GalleryBarProps {
  readonly words: string;
  readonly wish: GalleryWish;
  /** Null until the server has said it. */
  readonly total: number | null;
  readonly onWords: (words: string) => void;
  readonly onChange: (wish: GalleryWish) => void;
  /** Null while works are being marked. */
  readonly onSelect: (() => void) | null;
}

/** What is asked of the gallery, in two rows: words and filters, then what is one press away. On a phone the second one scrolls. */
export function GalleryBar({ words, wish, total, onWords, onChange, onSelect }: GalleryBarProps) {
  return (
    <div className="gallery-bar">
      <div className="gallery-tools">
        <SearchBox words={words} onChange={onWords} />
        <Filters {...{ wish, total, onChange }} />
        <button
          type="button"
          className="button tool"
          title="Mark several works"
          disabled={onSelect === null}
          onClick={onSelect ?? undefined}
        >
          <Icon name="select" /> <span>Select</span>
        </button>
      </div>
      <div className="gallery-chips">
        <p className="muted small numeric" role="status">
          {totalText(total)}
        </p>
        <label className="segment">
          <input
            type="checkbox"
            checked={wish.favouritesOnly}
            onChange={(event) => onChange({ ...wish, favouritesOnly: event.target.checked })}
          />
          <span>Favourites only</span>
        </label>
        {wish.similarTo === null && (
          <OrderChoice order={wish.order} onChange={(order) => onChange({ ...wish, order })} />
        )}
        <CollectionBar
          chosen={wish.collectionId}
          onChoose={(collectionId) => onChange({ ...wish, collectionId })}
        />
      </div>
    </div>
  );
}

interface SearchBoxProps {
  readonly words: string;
  readonly onChange: (words: string) => void;
}

function SearchBox({ words, onChange }: SearchBoxProps) {
  return (
    <div className="search-box">
      <Icon name="search" />
      <input
        className="input"
        type="search"
        aria-label="Search the gallery by words"
        placeholder="Search"
        value={words}
        maxLength={200}
        onChange={(event) => onChange(event.target.value)}
      />
    </div>
  );
}

import { useMutation } from '@apollo/client/react';
import { problemOf } from '../api/problem-of.js';
import { sentenceOf } from '../api/sentence-of.js';
import { useCollections } from '../gallery/collections.js';
import { RateItemDocument } from '../generated/graphql.js';
import { useNotice } from '../shell/notices.js';
import { goTo } from '../shell/route.js';
import type { GeneratedItemInFull } from './item.js';

/** To rate a work, to keep it in a collection, and to look for others like it. */
export function WorkTools({ item }: { readonly item: GeneratedItemInFull }) {
  return (
    <div className="row">
      <Stars item={item} />
      <button type="button" className="button slim" onClick={() => goTo({ page: 'gallery', like: item.id })}>
        Looks like this
      </button>
      <Keep itemId={item.id} />
    </div>
  );
}

function Stars({ item: { id, viewerRating, rating, ratingCount } }: { readonly item: GeneratedItemInFull }) {
  const [rate] = useMutation(RateItemDocument);
  const notice = useNotice();
  const change = async (value: number | null) => {
    try {
      const { data } = await rate({ variables: { itemId: id, value } });
      const problem = problemOf(data?.rateItem);
      if (problem !== null) notice({ text: problem });
    } catch (error) {
      notice({ text: sentenceOf(error) });
    }
  };
  const own = viewerRating ?? 0;
  return (
    <div className="row stars" role="group" aria-label="Your rating">
      {[1, 2, 3, 4, 5].map((value) => (
        <button
          key={value}
          type="button"
          aria-label={`${String(value)} of 5`}
          aria-pressed={own === value}
          className={value <= own ? 'star on' : 'star'}
          onClick={() => void change(own === value ? null : value)}
        >
          ★
        </button>
      ))}
      {typeof rating === 'number' && (
        <span className="muted small numeric">
          {rating.toFixed(1)} by {ratingCount}
        </span>
      )}
    </div>
  );
}

function Keep({ itemId }: { readonly itemId: string }) {
  const { all, save } = useCollections();
  const notice = useNotice();
  const byHand = all.filter(({ smartFilter }) => !smartFilter);
  if (byHand.length === 0) return null;
  const keep = async (id: string) => {
    const collection = byHand.find((one) => one.id === id);
    if (!collection) return;
    try {
      await save({ id, expectedVersion: collection.version, add: [itemId], remove: [], order: [] });
      notice({ text: `Kept in “${collection.name}”` });
    } catch (error) {
      notice({ text: sentenceOf(error) });
    }
  };
  return (
    <select
      className="input slim-select"
      aria-label="Keep in a collection"
      value=""
      onChange={(event) => void keep(event.target.value)}
    >
      <option value="">Keep in …</option>
      {byHand.map(({ id, name }) => (
        <option key={id} value={id}>
          {name}
        </option>
      ))}
    </select>
  );
}

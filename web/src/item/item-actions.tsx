import { useMutation } from '@apollo/client/react';
import { problemOf } from '../api/problem-of.js';
import { sentenceOf } from '../api/sentence-of.js';
import { useFavourites } from '../components/favourites.js';
import { HeartButton } from '../components/heart-button.js';
import { Icon } from '../components/icon.js';
import { SetVisibilityDocument } from '../generated/graphql.js';
import { useNotice } from '../shell/notices.js';
import { goTo } from '../shell/route.js';
import type { GeneratedItemInFull, ItemInFull } from './item.js';

/** What a person can do with an item; more with what they made themselves. */
export function ItemActions({ item }: { readonly item: ItemInFull }) {
  const { isOn, toggle } = useFavourites();
  const notice = useNotice();
  return (
    <div className="row">
      <HeartButton
        title={item.title}
        on={isOn(item)}
        onToggle={() => void toggle(item).catch((error: unknown) => notice({ text: sentenceOf(error) }))}
      />
      <button type="button" className="button slim" onClick={() => goTo({ studio: true, remix: item.id })}>
        <Icon name="remix" size={17} /> Remix
      </button>
      {item.__typename === 'GeneratedItem' && item.viewerIsAuthor && <Share item={item} />}
    </div>
  );
}

function Share({ item }: { readonly item: GeneratedItemInFull }) {
  const [setVisibility, { loading }] = useMutation(SetVisibilityDocument);
  const notice = useNotice();
  const change = async (variables: { visibility: 'PUBLIC' | 'PRIVATE'; shareRecipe?: boolean }) => {
    try {
      const { data } = await setVisibility({ variables: { itemId: item.id, ...variables } });
      const problem = problemOf(data?.setVisibility);
      if (problem !== null) notice({ text: problem });
    } catch (error) {
      notice({ text: sentenceOf(error) });
    }
  };
  const isPublic = item.visibility === 'PUBLIC';
  return (
    <>
      <label className="switch small">
        Public
        <input
          type="checkbox"
          role="switch"
          checked={isPublic}
          disabled={loading}
          onChange={() => void change({ visibility: isPublic ? 'PRIVATE' : 'PUBLIC' })}
        />
      </label>
      {isPublic && (
        <label className="switch small">
          Share the recipe
          <input
            type="checkbox"
            role="switch"
            checked={item.recipe?.shareable ?? false}
            disabled={loading}
            onChange={() => void change({ visibility: 'PUBLIC', shareRecipe: !item.recipe?.shareable })}
          />
        </label>
      )}
    </>
  );
}

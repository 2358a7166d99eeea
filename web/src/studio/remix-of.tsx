import { useQuery } from '@apollo/client/react';
import { Picture } from '../components/picture.js';
import { ItemDocument } from '../generated/graphql.js';
import { itemOf } from '../item/item.js';

/** The picture that a remix starts from. */
export function RemixOf({ id }: { readonly id: string }) {
  const { data } = useQuery(ItemDocument, { variables: { id } });
  const item = itemOf(data);
  return (
    <div className="why-top">
      <Picture media={item?.media} sizes="92px" decorative />
      <div>
        <h3>{item?.title ?? 'The picture'}</h3>
        <p className="muted small">The new picture starts from this one. Say what should be different.</p>
      </div>
    </div>
  );
}

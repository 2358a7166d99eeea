import { Picture } from '../components/picture.js';
import type { CardContentFragment } from '../generated/graphql.js';
import { goTo } from '../shell/route.js';

interface MiniRowProps {
  readonly title: string;
  readonly items: readonly CardContentFragment[];
}

export function MiniRow({ title, items }: MiniRowProps) {
  if (items.length === 0) return null;
  return (
    <section>
      <h3>{title}</h3>
      <ul className="mini-row">
        {items.map((item) => (
          <li key={item.id}>
            <button type="button" className="mini" onClick={() => goTo({ item: item.id })}>
              <Picture
                media={item.media}
                sizes="110px"
                inset={item.__typename === 'CatalogItem'}
                decorative
              />
              <span className="name">{item.title}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

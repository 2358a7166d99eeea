import { useQuery } from '@apollo/client/react';
import { Blank } from '../components/blank.js';
import { Failure } from '../components/failure.js';
import { MadeBadge } from '../components/made-badge.js';
import { Picture } from '../components/picture.js';
import { Sheet } from '../components/sheet.js';
import { ItemDocument } from '../generated/graphql.js';
import { ItemActions } from './item-actions.js';
import { MiniRow } from './mini-row.js';
import { ProvenanceSection } from './provenance-section.js';
import { RecipeSection } from './recipe-section.js';
import { WorkTools } from './work-tools.js';
import { itemOf, type CatalogueItemInFull, type GeneratedItemInFull, type ItemInFull } from './item.js';

/** One item, whoever made it: what it is, where it comes from, and what is near it. */
export function ItemSheet({ id, onClose }: { readonly id: string; readonly onClose: () => void }) {
  const { data, error, loading, refetch } = useQuery(ItemDocument, {
    variables: { id },
    fetchPolicy: 'cache-and-network',
  });
  const item = itemOf(data);
  return (
    <Sheet
      title={item?.__typename === 'GeneratedItem' ? 'Made with Vitrine' : 'From the catalogue'}
      kind="center"
      onClose={onClose}
    >
      {error && <Failure error={error} onRetry={() => void refetch()} />}
      {item && <ItemView item={item} />}
      {!item && loading && <ItemSkeleton />}
      {!item && !loading && !error && (
        <Blank icon="search" title="This one is not here">
          <p className="muted">It was removed, or its maker keeps it private.</p>
        </Blank>
      )}
    </Sheet>
  );
}

function ItemView({ item }: { readonly item: ItemInFull }) {
  const made = item.__typename === 'GeneratedItem';
  return (
    <>
      <div className="item-view" data-item={item.id}>
        <div className="item-picture">
          <Picture media={item.hero} sizes="(width < 700px) 300px, 430px" inset={!made} />
        </div>
        <div className="item-facts stack">
          <div className="stack" style={{ gap: 8 }}>
            <h2>{item.title}</h2>
            {made && (
              <div className="row">
                <MadeBadge label={item.provenance.marking.visibleLabel} />
                <span className="muted small">
                  {item.visibility === 'PUBLIC' ? 'Public' : 'Only you can see it'}
                </span>
              </div>
            )}
            {item.summary && <p className="muted">{item.summary}</p>}
          </div>
          <ItemActions item={item} />
          {made && <WorkTools item={item} />}
          <Topics topics={item.topics} />
          {made ? <RecipeSection item={item} /> : <Attributes item={item} />}
        </div>
      </div>
      {made && <Lineage item={item} />}
      <MiniRow title="More like this" items={item.similar.edges.map(({ node }) => node)} />
      <ProvenanceSection provenance={item.provenance} made={made} />
    </>
  );
}

function Topics({ topics }: { readonly topics: readonly string[] }) {
  if (topics.length === 0) return null;
  return (
    <ul className="facet-note" aria-label="Topics">
      {topics.slice(0, 10).map((topic) => (
        <li className="chip" key={topic}>
          {topic}
        </li>
      ))}
    </ul>
  );
}

function Attributes({ item: { attributes, catalogue } }: { readonly item: CatalogueItemInFull }) {
  const facts = typeof attributes === 'object' && attributes !== null ? Object.entries(attributes) : [];
  return (
    <dl className="facts">
      {facts.map(([name, value]) => (
        <FactLine key={name} name={name} value={String(value)} />
      ))}
      <FactLine name="catalogue" value={catalogue.name} />
    </dl>
  );
}

function FactLine({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </>
  );
}

function Lineage({
  item: { parent, basedOn, bundle, remixes, variants },
}: {
  readonly item: GeneratedItemInFull;
}) {
  return (
    <>
      {bundle && <MiniRow title="The whole set" items={bundle.items} />}
      {parent && <MiniRow title="Remix of" items={[parent]} />}
      {basedOn.length > 0 && <MiniRow title="Based on" items={basedOn} />}
      {!bundle && variants.nodes.length > 0 && <MiniRow title="Variants of it" items={variants.nodes} />}
      {remixes.nodes.length > 0 && <MiniRow title="Remixes of it" items={remixes.nodes} />}
    </>
  );
}

function ItemSkeleton() {
  return (
    <div className="item-view skeleton" aria-busy="true">
      <div className="item-picture">
        <span className="pane" />
      </div>
      <div>
        <div className="line" style={{ width: '50%', height: '1.6em' }} />
        <div className="line" style={{ width: '80%' }} />
        <div className="line" style={{ width: '70%' }} />
      </div>
    </div>
  );
}

import { FACETS, narrowedBy, withChoice, type FacetName, type GalleryWish } from './gallery-wish.js';
import { useFacets, type FacetValues } from './use-facets.js';

interface FilterPanelProps {
  readonly wish: GalleryWish;
  readonly onChange: (wish: GalleryWish) => void;
  /** Keeps what is asked for now as a collection that fills itself. */
  readonly onSave: () => void;
}

const LABELS: Readonly<Record<FacetName, string>> = {
  style: 'Style',
  colour: 'Colour',
  topic: 'Topic',
  model: 'Model',
};
const STARS = [3, 4, 5] as const;

/** Everything a work can be filtered by. */
export function FilterPanel({ wish, onChange, onSave }: FilterPanelProps) {
  const values = useFacets(wish);
  return (
    <div className="filter-groups">
      <fieldset>
        <legend>Show</legend>
        <div className="segments">
          <Toggle label="Only mine" on={wish.mine} onToggle={() => onChange({ ...wish, mine: !wish.mine })} />
          <Toggle
            label="Stack near-equals"
            on={wish.groupVariants}
            onToggle={() => onChange({ ...wish, groupVariants: !wish.groupVariants })}
          />
        </div>
      </fieldset>
      <fieldset>
        <legend>Rated at least</legend>
        <div className="segments">
          {STARS.map((stars) => (
            <Toggle
              key={stars}
              label={`${String(stars)} ★`}
              on={wish.minRating === stars}
              onToggle={() => onChange({ ...wish, minRating: wish.minRating === stars ? null : stars })}
            />
          ))}
        </div>
      </fieldset>
      {values && <Facets values={values} wish={wish} onChange={onChange} />}
      {(narrowedBy(wish) > 0 || wish.text !== '') && (
        <button type="button" className="button slim" onClick={onSave}>
          Save this search as a collection
        </button>
      )}
    </div>
  );
}

function Facets({
  values,
  wish,
  onChange,
}: Pick<FilterPanelProps, 'wish' | 'onChange'> & { readonly values: FacetValues }) {
  return (Object.keys(FACETS) as FacetName[]).map((name) => {
    const list = values[name] ?? [];
    if (list.length === 0) return null;
    return (
      <fieldset key={name} data-facet={name}>
        <legend>{LABELS[name]}</legend>
        <div className="segments">
          {list.slice(0, 12).map(({ value, count }) => (
            <Toggle
              key={value}
              label={value}
              count={count}
              on={wish.chosen[name]?.includes(value) ?? false}
              onToggle={() => onChange(withChoice(wish, name, value))}
            />
          ))}
        </div>
      </fieldset>
    );
  });
}

interface ToggleProps {
  readonly label: string;
  readonly count?: number;
  readonly on: boolean;
  readonly onToggle: () => void;
}

function Toggle({ label, count, on, onToggle }: ToggleProps) {
  return (
    <label className="segment small-segment">
      <input type="checkbox" checked={on} onChange={onToggle} />
      <span>
        {label} {count !== undefined && <small className="muted numeric">{count}</small>}
      </span>
    </label>
  );
}

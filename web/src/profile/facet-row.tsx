import { useState } from 'react';
import { firstUp } from '../components/first-up.js';
import { Icon } from '../components/icon.js';
import type { ProfileFieldsFragment } from '../generated/graphql.js';
import type { Adjust } from './use-adjust.js';

const ORIGIN = {
  STATED: 'You said so',
  OBSERVED: 'From what you did',
  INFERRED: 'Concluded',
  IMPORTED: 'Brought along',
} as const;

interface FacetRowProps {
  readonly facet: ProfileFieldsFragment['facets'][number];
  readonly adjust: Adjust;
}

/** One belief: how strong it is, where it comes from, and the handles to change it. */
export function FacetRow({ facet, adjust }: FacetRowProps) {
  const { id, label, attribute, origin, pinned } = facet;
  return (
    <li className="facet" data-facet={label}>
      <span className="facet-name">
        {firstUp(label)}
        {attribute !== 'topic' && <span className="muted small">{attribute}</span>}
      </span>
      <span className="facet-tools">
        <button
          type="button"
          className="icon-button"
          aria-pressed={pinned}
          aria-label={`Pin ${label}`}
          title={pinned ? 'Pinned: clicks no longer change it' : 'Pin it as it is'}
          onClick={() => void adjust({ facetId: id, pinned: !pinned })}
        >
          <Icon name="pin" />
        </button>
        <button
          type="button"
          className="icon-button"
          aria-label={`Remove ${label}`}
          title="Remove"
          onClick={() => void adjust({ facetId: id, remove: true })}
        >
          <Icon name="remove" />
        </button>
      </span>
      <Weight key={facet.weight} facet={facet} adjust={adjust} />
      <p className="facet-evidence">
        {ORIGIN[origin]}
        {pinned && ', pinned'}
      </p>
    </li>
  );
}

function Weight({ facet: { id, label, weight }, adjust }: FacetRowProps) {
  const [value, setValue] = useState(weight);
  const save = () => {
    if (value !== weight) void adjust({ facetId: id, weight: value });
  };
  return (
    <span className="facet-weight">
      <input
        type="range"
        min={-1}
        max={1}
        step={0.05}
        value={value}
        aria-label={`How much you like ${label}`}
        aria-valuetext={wordsFor(value)}
        onChange={(event) => setValue(Number(event.target.value))}
        onPointerUp={save}
        onKeyUp={save}
        onBlur={save}
      />
      <span className="muted">{wordsFor(value)}</span>
    </span>
  );
}

function wordsFor(weight: number): string {
  if (weight <= -0.5) return 'not at all';
  if (weight < -0.05) return 'rather less';
  if (weight <= 0.05) return 'neutral';
  if (weight < 0.35) return 'a little';
  if (weight < 0.7) return 'quite';
  return 'very much';
}

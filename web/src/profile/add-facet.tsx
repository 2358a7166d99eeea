import { useQuery } from '@apollo/client/react';
import { useId, useState, type SyntheticEvent } from 'react';
import { ChoicesDocument } from '../generated/graphql.js';
import type { Adjust } from './use-adjust.js';

/** Said by the person, so stronger than most of what is concluded, and still below certainty. */
const STATED_WEIGHT = 0.8;

export function AddFacet({ adjust }: { readonly adjust: Adjust }) {
  const [label, setLabel] = useState('');
  const known = useId();
  const { data } = useQuery(ChoicesDocument, { variables: { attribute: 'topic' } });
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    const said = label.trim().toLowerCase();
    if (said === '') return;
    void adjust({ label: said, weight: STATED_WEIGHT }).then((saved) => {
      if (saved) setLabel('');
    });
  };
  return (
    <form className="add-facet" onSubmit={submit}>
      <label className="field">
        <span>Something you like</span>
        <input
          className="input"
          value={label}
          maxLength={60}
          list={known}
          onChange={(event) => setLabel(event.target.value)}
        />
      </label>
      <datalist id={known}>
        {data?.catalogues[0]?.values.map((topic) => (
          <option key={topic} value={topic} />
        ))}
      </datalist>
      <button type="submit" className="button" disabled={label.trim() === ''}>
        Add
      </button>
    </form>
  );
}

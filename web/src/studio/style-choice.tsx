import { useQuery } from '@apollo/client/react';
import { firstUp } from '../components/first-up.js';
import { ChoicesDocument } from '../generated/graphql.js';

/** More would no longer be a row of buttons. */
const MOST = 8;

/** The styles of the catalogue that pictures are made for: the first one, as in the feed. */
export function StyleChoice() {
  const { data } = useQuery(ChoicesDocument, { variables: { attribute: 'style' } });
  const styles = data?.catalogues[0]?.values.slice(0, MOST) ?? [];
  if (styles.length < 2) return null;
  return (
    <fieldset>
      <legend>Style</legend>
      <div className="segments">
        <Choice value="" name="Any" />
        {styles.map((style) => (
          <Choice key={style} value={style} name={firstUp(style)} />
        ))}
      </div>
    </fieldset>
  );
}

function Choice({ value, name }: { readonly value: string; readonly name: string }) {
  return (
    <label className="segment">
      <input type="radio" name="style" value={value} defaultChecked={value === ''} />
      <span>{name}</span>
    </label>
  );
}

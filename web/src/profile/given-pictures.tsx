import { ReferenceRow } from '../studio/reference-row.js';
import { useReferences } from '../studio/use-references.js';

/** Every picture that the person gave to be drawn from, to be deleted at any time. */
export function GivenPictures() {
  const { all, remove } = useReferences();
  if (all.length === 0) return null;
  return (
    <section className="panel">
      <h2>Pictures you gave</h2>
      <p className="muted small">
        Only you can have something drawn from them. What was drawn stays when you delete one.
      </p>
      <ul className="references">
        {all.map((reference) => (
          <ReferenceRow key={reference.id} reference={reference} onRemove={() => remove(reference.id)} />
        ))}
      </ul>
    </section>
  );
}

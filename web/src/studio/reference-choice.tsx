import { useId, useState } from 'react';
import { Failure } from '../components/failure.js';
import type { ReferenceRole } from '../generated/graphql.js';
import { ReferenceRow } from './reference-row.js';
import { useReferences } from './use-references.js';

const TITLES: Readonly<Record<ReferenceRole, string>> = {
  SUBJECT: 'The thing',
  PERSON: 'You',
  GARMENT: 'The garment',
};
const TAKEN = 'image/png,image/jpeg,image/webp,image/avif';

interface ReferenceChoiceProps {
  readonly role: ReferenceRole;
  readonly chosen: string | null;
  readonly onChoose: (id: string | null) => void;
}

/** One picture for a role: of those given before, or a new one. */
export function ReferenceChoice({ role, chosen, onChoose }: ReferenceChoiceProps) {
  const { all, remove } = useReferences();
  const fitting = all.filter((reference) => reference.role === role);
  return (
    <fieldset className="stack">
      <legend>{TITLES[role]}</legend>
      {fitting.length > 0 && (
        <ul className="references">
          {fitting.map((reference) => (
            <ReferenceRow
              key={reference.id}
              reference={reference}
              chosen={reference.id === chosen}
              onChoose={() => onChoose(reference.id)}
              onRemove={async () => {
                await remove(reference.id);
                if (reference.id === chosen) onChoose(null);
              }}
            />
          ))}
        </ul>
      )}
      {fitting.length === 0 ? (
        <NewReference role={role} onGiven={onChoose} />
      ) : (
        <details className="another-reference">
          <summary className="small">Give another picture</summary>
          <NewReference key={fitting[0]?.id} role={role} onGiven={onChoose} />
        </details>
      )}
    </fieldset>
  );
}

interface NewReferenceProps {
  readonly role: ReferenceRole;
  readonly onGiven: (id: string) => void;
}

/** A file can be chosen only once its sentence is ticked; that sentence is kept with the picture. */
function NewReference({ role, onGiven }: NewReferenceProps) {
  const { upload } = useReferences();
  const [agreed, setAgreed] = useState(false);
  const [sending, setSending] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const help = useId();
  const consentText = CONSENTS[role];
  const send = (file: File | undefined) => {
    if (!file) return;
    setSending(true);
    setError(null);
    upload({ role, consentText, file })
      .then(onGiven, setError)
      .finally(() => setSending(false));
  };
  return (
    <div className="stack">
      <label className="tick small">
        <input type="checkbox" checked={agreed} onChange={(event) => setAgreed(event.target.checked)} />
        <span>{consentText}</span>
      </label>
      <input
        className="input"
        type="file"
        accept={TAKEN}
        aria-label={`A picture: ${TITLES[role]}`}
        aria-describedby={help}
        disabled={!agreed || sending}
        onChange={(event) => send(event.target.files?.[0])}
      />
      <span className="small muted" id={help} role="status">
        {sending
          ? 'Sending …'
          : 'PNG, JPEG, WebP or AVIF, up to 20 MB. Place and camera data are removed; nobody else sees it.'}
      </span>
      {error !== null && <Failure error={error} />}
    </div>
  );
}

const KEPT = 'is kept here and sent to the provider that draws, until I delete it.';
const CONSENTS: Readonly<Record<ReferenceRole, string>> = {
  SUBJECT: `I may use this picture, and I agree that it ${KEPT}`,
  PERSON: `This picture shows me, or somebody who agrees, and I agree that it ${KEPT}`,
  GARMENT: `I may use this picture, and I agree that it ${KEPT}`,
};

import { useRef, useState, type SyntheticEvent } from 'react';
import { Failure } from '../components/failure.js';
import { CostNote, useEstimate } from './cost-note.js';
import { useJobs, type Wish } from './jobs.js';
import { KindChoice } from './kind-choice.js';
import { ReferenceChoice } from './reference-choice.js';
import { StrengthChoice } from './strength-choice.js';
import { StyleChoice } from './style-choice.js';
import { TasteNote } from './taste-note.js';
import { useWhat } from './use-what.js';

/** How many are offered at once; a set is enough to look like one, and few enough to wait for. */
const COUNTS = { of: [1, 2, 3, 4], usual: 1 } as const;
const SET_COUNTS = { of: [4, 6, 9], usual: 6 } as const;
/** The prompt's limit in the schema's words; long enough for any wish. */
const MOST_LETTERS = 300;

/** What the person wishes for. Everything is optional: without words the picture comes from the taste alone. */
export function StudioForm({ remix }: { readonly remix: string | null }) {
  const { start } = useJobs();
  const [personalise, setPersonalise] = useState(true);
  const [wished, setCount] = useState(1);
  const [sending, setSending] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const form = useRef<HTMLFormElement>(null);
  const what = useWhat(remix !== null);
  const counts = what.kind === 'BUNDLE' ? SET_COUNTS : COUNTS;
  const count = counts.of.find((one) => one === wished) ?? counts.usual;
  const estimate = useEstimate(what.kind, count);

  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    if (!form.current) return;
    setSending(true);
    setError(null);
    const { kind, reference, strength } = what;
    start({
      ...wordsOf(new FormData(form.current)),
      kind,
      reference,
      strength,
      count,
      personalise,
      remixOf: remix,
      visibility: 'PRIVATE',
    })
      .catch(setError)
      .finally(() => setSending(false));
  };

  return (
    <form ref={form} className="stack" onSubmit={submit}>
      <KindChoice offers={what.offers} chosen={what.kind} onChoose={what.choose} />
      {what.wants.map((role) => (
        <ReferenceChoice
          key={role}
          role={role}
          chosen={what.given[role] ?? null}
          onChoose={(id) => what.give(role, id)}
        />
      ))}
      <BriefField remix={remix !== null} personalise={personalise} />
      {what.strength !== null && <StrengthChoice strength={what.strength} onChange={what.setStrength} />}
      <StyleChoice />
      <CountChoice counts={counts.of} count={count} onChoose={setCount} />
      <TastesSwitch on={personalise} onChange={setPersonalise} />
      {personalise && <TasteNote />}
      {error !== null && <Failure error={error} />}
      <CostNote estimate={estimate} />
      <button
        type="submit"
        className="button primary"
        disabled={sending || !what.isComplete || estimate?.affordable === false}
      >
        {remix === null ? 'Make it' : 'Make the remix'}
      </button>
    </form>
  );
}

interface BriefFieldProps {
  readonly remix: boolean;
  readonly personalise: boolean;
}

function BriefField({ remix, personalise }: BriefFieldProps) {
  return (
    <label className="field">
      <span>{remix ? 'What should be different' : 'Your words'}</span>
      <textarea className="input" name="brief" maxLength={MOST_LETTERS} aria-describedby="brief-help" />
      <span className="small muted" id="brief-help">
        {personalise
          ? 'Leave it empty to be surprised from your tastes alone.'
          : 'Without your tastes, say what to draw.'}
      </span>
    </label>
  );
}

interface TastesSwitchProps {
  readonly on: boolean;
  readonly onChange: (on: boolean) => void;
}

function TastesSwitch({ on, onChange }: TastesSwitchProps) {
  return (
    <label className="switch">
      <span>
        <strong>Use my tastes</strong>
        <br />
        <span className="small muted">Only what your profile shows, and only for this picture.</span>
      </span>
      <input
        type="checkbox"
        role="switch"
        checked={on}
        onChange={(event) => onChange(event.target.checked)}
      />
    </label>
  );
}

interface CountChoiceProps {
  readonly counts: readonly number[];
  readonly count: number;
  readonly onChoose: (count: number) => void;
}

function CountChoice({ counts, count: chosen, onChoose }: CountChoiceProps) {
  return (
    <fieldset>
      <legend>How many</legend>
      <div className="segments">
        {counts.map((count) => (
          <label className="segment" key={count}>
            <input type="radio" name="count" checked={count === chosen} onChange={() => onChoose(count)} />
            <span>{count}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

function wordsOf(data: FormData): Pick<Wish, 'brief' | 'style'> {
  const text = (name: string) => {
    const value = data.get(name);
    return typeof value === 'string' && value.trim() !== '' ? value.trim() : null;
  };
  return { brief: text('brief'), style: text('style') };
}

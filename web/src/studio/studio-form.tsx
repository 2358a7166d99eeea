import { useRef, useState, type SyntheticEvent } from 'react';
import { Failure } from '../components/failure.js';
import { useJobs, type Wish } from './jobs.js';
import { StyleChoice } from './style-choice.js';
import { TasteNote } from './taste-note.js';

/** The server makes up to four pictures in one run. */
const COUNTS = [1, 2, 3, 4];
/** A set in one palette: enough to look like one, few enough to wait for. */
const SET = 6;
/** The prompt's limit in the schema's words; long enough for any wish. */
const MOST_LETTERS = 300;

/** What the person wishes for. Everything is optional: without words the picture comes from the taste alone. */
export function StudioForm({ remix }: { readonly remix: string | null }) {
  const { start } = useJobs();
  const [personalise, setPersonalise] = useState(true);
  const [sending, setSending] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const form = useRef<HTMLFormElement>(null);

  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    if (!form.current) return;
    setSending(true);
    setError(null);
    start(wishOf(new FormData(form.current), personalise, remix))
      .catch(setError)
      .finally(() => setSending(false));
  };

  return (
    <form ref={form} className="stack" onSubmit={submit}>
      <label className="field">
        <span>{remix === null ? 'Your words' : 'What should be different'}</span>
        <textarea className="input" name="brief" maxLength={MOST_LETTERS} aria-describedby="brief-help" />
        <span className="small muted" id="brief-help">
          {personalise
            ? 'Leave it empty to be surprised from your tastes alone.'
            : 'Without your tastes, say what to draw.'}
        </span>
      </label>
      <StyleChoice />
      <CountChoice withSet={remix === null} />
      <label className="switch">
        <span>
          <strong>Use my tastes</strong>
          <br />
          <span className="small muted">Only what your profile shows, and only for this picture.</span>
        </span>
        <input
          type="checkbox"
          role="switch"
          checked={personalise}
          onChange={(event) => setPersonalise(event.target.checked)}
        />
      </label>
      {personalise && <TasteNote />}
      {error !== null && <Failure error={error} />}
      <button type="submit" className="button primary" disabled={sending}>
        {remix === null ? 'Make it' : 'Make the remix'}
      </button>
    </form>
  );
}

function CountChoice({ withSet }: { readonly withSet: boolean }) {
  return (
    <fieldset>
      <legend>How many</legend>
      <div className="segments">
        {COUNTS.map((count) => (
          <label className="segment" key={count}>
            <input type="radio" name="count" value={count} defaultChecked={count === 1} />
            <span>{count}</span>
          </label>
        ))}
        {withSet && (
          <label className="segment">
            <input type="radio" name="count" value="set" />
            <span>A set of {SET}</span>
          </label>
        )}
      </div>
    </fieldset>
  );
}

function wishOf(data: FormData, personalise: boolean, remix: string | null): Wish {
  const text = (name: string) => {
    const value = data.get(name);
    return typeof value === 'string' && value.trim() !== '' ? value.trim() : null;
  };
  const asSet = text('count') === 'set';
  const kind = asSet ? 'BUNDLE' : 'IMAGE';
  return {
    kind: remix === null ? kind : 'VARIATION',
    brief: text('brief'),
    style: text('style'),
    count: asSet ? SET : Number(text('count') ?? 1),
    remixOf: remix,
    personalise,
    visibility: 'PRIVATE',
  };
}

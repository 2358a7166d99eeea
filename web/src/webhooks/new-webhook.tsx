import { useId, useState, type SyntheticEvent } from 'react';
import type { FieldProblem } from '../api/field-problem.js';
import { newId } from '../api/new-id.js';
import { Failure } from '../components/failure.js';
import type { CreateWebhookInput, WebhookEvent } from '../generated/graphql.js';
import type { NewSecret, WebhookActions } from './use-webhooks.js';
import { EVENT_NAMES } from './webhook-text.js';

/** The same wish keeps its key: sent again after a lost answer it makes no second webhook, and its secret still comes. */
const wishFor = (url: string, events: WebhookEvent[]): CreateWebhookInput => ({
  ...{ url, events, idempotencyKey: newId() },
});

interface NewWebhookProps {
  readonly create: WebhookActions['create'];
  readonly onMade: (secret: NewSecret) => void;
}

export function NewWebhook({ create, onMade }: NewWebhookProps) {
  const [wish, setWish] = useState(() => wishFor('', ['FINISHED']));
  const [problem, setProblem] = useState<FieldProblem | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [sending, setSending] = useState(false);
  const { url, events } = wish;
  const change = (next: CreateWebhookInput) => {
    setWish(next);
    setProblem(null);
  };
  const submit = async (event: SyntheticEvent) => {
    event.preventDefault();
    setSending(true);
    setError(null);
    try {
      const made = await create(wish);
      if ('text' in made) setProblem(made);
      else {
        change(wishFor('', ['FINISHED']));
        onMade(made);
      }
    } catch (reason) {
      setError(reason);
    } finally {
      setSending(false);
    }
  };
  return (
    <form className="panel stack" onSubmit={(event) => void submit(event)}>
      <h2>Add a webhook</h2>
      <UrlField
        url={url}
        problem={problem?.field === 'url' ? problem.text : null}
        onChange={(changed) => change(wishFor(changed, events))}
      />
      <EventChoice events={events} onChange={(changed) => change(wishFor(url, changed))} />
      {problem && problem.field !== 'url' && <Failure error={new Error(problem.text)} />}
      {error !== null && <Failure error={error} />}
      <button
        type="submit"
        className="button primary"
        disabled={sending || url.trim() === '' || events.length === 0}
      >
        Add it
      </button>
    </form>
  );
}

interface UrlFieldProps {
  readonly url: string;
  readonly problem: string | null;
  readonly onChange: (url: string) => void;
}

function UrlField({ url, problem, onChange }: UrlFieldProps) {
  const help = useId();
  return (
    <label className="field">
      <span>Address</span>
      <input
        className="input"
        inputMode="url"
        autoComplete="off"
        spellCheck={false}
        placeholder="https://"
        value={url}
        maxLength={2000}
        aria-invalid={problem !== null}
        aria-describedby={help}
        onChange={(event) => onChange(event.target.value.trim())}
      />
      <span className={problem === null ? 'small muted' : 'small problem-text'} id={help} role="status">
        {problem ?? 'By https, on the internet, without a password in it.'}
      </span>
    </label>
  );
}

interface EventChoiceProps {
  readonly events: readonly WebhookEvent[];
  readonly onChange: (events: WebhookEvent[]) => void;
}

function EventChoice({ events, onChange }: EventChoiceProps) {
  return (
    <fieldset>
      <legend>Tell it when</legend>
      <div className="segments">
        {(Object.keys(EVENT_NAMES) as WebhookEvent[]).map((event) => (
          <label className="segment" key={event}>
            <input
              type="checkbox"
              checked={events.includes(event)}
              onChange={({ target }) =>
                onChange(target.checked ? [...events, event] : events.filter((one) => one !== event))
              }
            />
            <span>{EVENT_NAMES[event]}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

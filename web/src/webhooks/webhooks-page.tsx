import { useState } from 'react';
import { Blank } from '../components/blank.js';
import { Failure } from '../components/failure.js';
import { hrefOf } from '../shell/route.js';
import { NewWebhook } from './new-webhook.js';
import { SecretNote } from './secret-note.js';
import { useWebhookActions, useWebhooks, type NewSecret } from './use-webhooks.js';
import { WebhookCard } from './webhook-card.js';

/** Addresses that are told what happens to this person's jobs: how they stand, what was sent, and new ones. */
export function WebhooksPage() {
  const { all, error, isRefused, refetch } = useWebhooks();
  const actions = useWebhookActions(refetch);
  const [fresh, setFresh] = useState<NewSecret | null>(null);
  if (isRefused) return <NotYours />;
  return (
    <>
      <div className="page-head">
        <div>
          <h1>Webhooks</h1>
          <p>
            Programs of yours that are told when a job starts, a picture is ready or a job ends. Messages are
            signed by the rules of <a href="https://www.standardwebhooks.com">Standard Webhooks</a>.
          </p>
        </div>
        <a className="button slim" href={hrefOf({ page: 'profile' })}>
          Back to the profile
        </a>
      </div>
      {error && <Failure error={error} onRetry={() => void refetch()} />}
      <div className="webhooks main-and-side">
        <div className="stack">
          {fresh && <SecretNote key={fresh.secret} fresh={fresh} onKept={() => setFresh(null)} />}
          {all?.map((webhook) => (
            <WebhookCard key={webhook.id} webhook={webhook} actions={actions} onSecret={setFresh} />
          ))}
          {all?.length === 0 && fresh === null && (
            <Blank icon="send" title="No webhook yet">
              <p className="muted">Name an address, and it is told about your jobs from then on.</p>
            </Blank>
          )}
        </div>
        <NewWebhook create={actions.create} onMade={setFresh} />
      </div>
    </>
  );
}

function NotYours() {
  return (
    <Blank icon="person" title="This page needs somebody who is signed in">
      <p className="muted">Webhooks belong to a person. Sign in, or ask for the right to see your own.</p>
    </Blank>
  );
}

import { useState } from 'react';
import { sentenceOf } from '../api/sentence-of.js';
import { shortDate } from '../components/short-date.js';
import { shortMoment } from '../components/short-moment.js';
import { useNotice } from '../shell/notices.js';
import { DeliveryList } from './delivery-list.js';
import { useAsk } from './use-ask.js';
import type { NewSecret, Webhook, WebhookActions } from './use-webhooks.js';
import { EVENT_NAMES, standingOf } from './webhook-text.js';

interface WebhookCardProps {
  readonly webhook: Webhook;
  readonly actions: WebhookActions;
  readonly onSecret: (secret: NewSecret) => void;
}

/** One address: how it stands, what can be done with it, and what was sent there last. */
export function WebhookCard({ webhook, actions, onSecret }: WebhookCardProps) {
  const { id, url, events, createdAt, previousUntil, deliveries } = webhook;
  const { tone, word, detail } = standingOf(webhook);
  return (
    <article className="panel webhook stack" data-webhook={id} aria-label={url}>
      <div className="webhook-head">
        <h2>{url}</h2>
        <span className={`badge standing ${tone}`}>{word}</span>
      </div>
      <p className="small muted">
        {events.map((event) => EVENT_NAMES[event]).join(' · ')} · since {shortDate(createdAt)}
      </p>
      {detail !== null && <p className={tone === 'trouble' ? 'message problem small' : 'small'}>{detail}</p>}
      {previousUntil && isAhead(previousUntil) && (
        <p className="small muted">
          The secret before this one signs, too, until {shortMoment(previousUntil)}.
        </p>
      )}
      <WebhookButtons {...{ webhook, actions, onSecret }} />
      <DeliveryList deliveries={deliveries} onReplay={actions.replay} />
    </article>
  );
}

const isAhead = (iso: string) => new Date(iso) > new Date();

function WebhookButtons({ webhook: { id, isOn }, actions, onSecret }: WebhookCardProps) {
  const { busy, ask } = useAsk();
  const notice = useNotice();
  const exchange = () =>
    void actions.exchangeSecret(id).then(onSecret, (error: unknown) => notice({ text: sentenceOf(error) }));
  return (
    <div className="row">
      {isOn ? (
        <>
          <Slim
            name="Send a test"
            busy={busy}
            onPress={() => ask(() => actions.test(id), 'A test is on its way')}
          />
          <Slim
            name="Pause"
            busy={busy}
            onPress={() => ask(() => actions.switchTo(id, false), 'Paused. Nothing more is sent.')}
          />
        </>
      ) : (
        <Slim
          name="Switch on"
          busy={busy}
          onPress={() => ask(() => actions.switchTo(id, true), 'On, from the next event on')}
        />
      )}
      <Slim name="New secret" busy={busy} onPress={exchange} />
      <Remove busy={busy} onRemove={() => ask(() => actions.remove(id), 'Removed')} />
    </div>
  );
}

interface RemoveProps {
  readonly busy: boolean;
  readonly onRemove: () => void;
}

/** Asked twice: what waits for it, and its record, go with it. */
function Remove({ busy, onRemove }: RemoveProps) {
  const [asked, setAsked] = useState(false);
  if (!asked) return <Slim name="Remove" busy={busy} onPress={() => setAsked(true)} />;
  return (
    <>
      <button type="button" className="button slim danger" disabled={busy} autoFocus onClick={onRemove}>
        Remove for good
      </button>
      <Slim name="Keep it" busy={busy} onPress={() => setAsked(false)} />
    </>
  );
}

interface SlimProps {
  readonly name: string;
  readonly busy: boolean;
  readonly onPress: () => void;
}

function Slim({ name, busy, onPress }: SlimProps) {
  return (
    <button type="button" className="button slim" disabled={busy} onClick={onPress}>
      {name}
    </button>
  );
}

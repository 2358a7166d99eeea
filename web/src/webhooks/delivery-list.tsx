import { shortMoment } from '../components/short-moment.js';
import { useAsk } from './use-ask.js';
import type { Delivery } from './use-webhooks.js';
import { eventText, outcomeText } from './webhook-text.js';

interface DeliveryListProps {
  readonly deliveries: readonly Delivery[];
  readonly onReplay: (id: string) => Promise<void>;
}

/** What was sent last, newest first. */
export function DeliveryList({ deliveries, onReplay }: DeliveryListProps) {
  if (deliveries.length === 0) return <p className="small muted">Nothing was sent yet.</p>;
  return (
    <ul className="deliveries" aria-label="Last deliveries">
      {deliveries.map((delivery) => (
        <DeliveryRow key={delivery.id} delivery={delivery} onReplay={onReplay} />
      ))}
    </ul>
  );
}

interface DeliveryRowProps {
  readonly delivery: Delivery;
  readonly onReplay: (id: string) => Promise<void>;
}

function DeliveryRow({ delivery, onReplay }: DeliveryRowProps) {
  const { busy, ask } = useAsk();
  const { id, messageId, event, state, createdAt } = delivery;
  return (
    <li className="delivery" data-state={state}>
      <div className="delivery-head">
        <strong>{eventText(event)}</strong>
        <time className="small muted numeric" dateTime={createdAt}>
          {shortMoment(createdAt)}
        </time>
      </div>
      <p className="small delivery-outcome">{outcomeText(delivery)}</p>
      <p className="hash muted">{messageId}</p>
      {state === 'FAILED' && (
        <button
          type="button"
          className="button slim"
          disabled={busy}
          onClick={() => ask(() => onReplay(id), 'Sent once more, under the same id')}
        >
          Send again
        </button>
      )}
    </li>
  );
}

import { useQuery } from '@apollo/client/react';
import { WebhooksDocument } from '../generated/graphql.js';
import { hrefOf } from '../shell/route.js';
import { summaryText } from './webhook-text.js';

/** The way to the webhooks, for whoever may have some. */
export function WebhooksPanel() {
  const { data } = useQuery(WebhooksDocument, {
    variables: { deliveries: 1 },
    fetchPolicy: 'cache-and-network',
  });
  if (!data) return null;
  return (
    <section className="panel webhooks-summary">
      <h2>Webhooks</h2>
      <p className="muted small">{summaryText(data.viewer.webhooks)}</p>
      <a className="button slim" href={hrefOf({ page: 'webhooks' })}>
        Manage webhooks
      </a>
    </section>
  );
}

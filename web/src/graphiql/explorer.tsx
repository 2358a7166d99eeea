import { createGraphiQLFetcher } from '@graphiql/toolkit';
import { GraphiQL } from 'graphiql';
import { createClient } from 'graphql-ws';
import { chosenPerson } from '../api/chosen-person.js';
import { PERSON_HEADER, socketUrl } from '../api/endpoints.js';
import { EXAMPLES } from './examples.js';

/** The headers tab of the explorer; the socket gets the same person when it connects. */
function defaultHeaders(): string {
  const person = chosenPerson();
  return person === null ? '' : JSON.stringify({ [PERSON_HEADER]: person }, null, 2);
}

const fetcher = createGraphiQLFetcher({
  url: '/graphql',
  wsClient: createClient({
    url: socketUrl(),
    connectionParams: () => {
      const person = chosenPerson();
      return person === null ? {} : { person };
    },
  }),
});

const headers = defaultHeaders();
const tabs = EXAMPLES.map((example) => ({ ...example, headers }));

/** GraphiQL with Vitrine's examples; everything it needs comes from this server. */
export function Explorer() {
  return (
    <GraphiQL
      fetcher={fetcher}
      defaultHeaders={headers}
      defaultTabs={tabs}
      defaultEditorToolsVisibility
      shouldPersistHeaders
    >
      <GraphiQL.Logo>
        <a className="explorer-logo" href="/">
          <img src="/vitrine.svg" alt="" width="22" height="22" /> Vitrine explorer
        </a>
      </GraphiQL.Logo>
    </GraphiQL>
  );
}

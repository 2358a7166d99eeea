import { ApolloProvider } from '@apollo/client/react';
import { useCallback, useMemo, useState } from 'react';
import { chosenPerson, choosePerson } from '../api/chosen-person.js';
import { EventRecorder } from '../api/event-recorder.js';
import { makeClient } from '../api/make-client.js';
import { SessionContext, type Session } from '../api/session.js';
import { FavouritesProvider } from '../components/favourites.js';
import { FeedPage } from '../feed/feed-page.js';
import { CollectionsProvider } from '../gallery/collections.js';
import { GalleryPage } from '../gallery/gallery-page.js';
import { SharedPage } from '../gallery/shared-page.js';
import { ItemSheet } from '../item/item-sheet.js';
import { ProfilePage } from '../profile/profile-page.js';
import { JobsProvider } from '../studio/jobs.js';
import { StudioSheet } from '../studio/studio-sheet.js';
import { WebhooksPage } from '../webhooks/webhooks-page.js';
import { NoticeProvider } from './notices.js';
import { goTo, useRoute } from './route.js';
import { SessionGate } from './session-gate.js';
import { TopBar } from './top-bar.js';
import { Welcome } from './welcome.js';

/** Everything below is made anew for each person: caches, sockets and lists must never mix two people. */
export function App() {
  const [person, setPerson] = useState(chosenPerson);
  const choose = useCallback((externalId: string) => {
    choosePerson(externalId);
    setPerson(externalId);
    window.scrollTo({ top: 0 });
  }, []);
  const session = useMemo<Session>(
    () => ({ person, recorder: new EventRecorder(person), choose }),
    [person, choose],
  );
  const client = useMemo(() => makeClient(person), [person]);
  return (
    <SessionContext.Provider key={person} value={session}>
      <ApolloProvider client={client}>
        <SessionGate>
          <NoticeProvider>
            <FavouritesProvider>
              <CollectionsProvider>
                <JobsProvider>
                  <Pages />
                </JobsProvider>
              </CollectionsProvider>
            </FavouritesProvider>
          </NoticeProvider>
        </SessionGate>
      </ApolloProvider>
    </SessionContext.Provider>
  );
}

function Pages() {
  const route = useRoute();
  const close = useCallback(() => goTo({}), []);
  return (
    <>
      <TopBar page={route.page} />
      <main className="page">
        {route.page === 'feed' && (
          <>
            <Welcome />
            <FeedPage />
          </>
        )}
        {route.page === 'gallery' && <GalleryPage key={route.like} like={route.like} />}
        {route.page === 'shared' && <SharedPage token={route.link ?? ''} />}
        {route.page === 'profile' && <ProfilePage />}
        {route.page === 'webhooks' && <WebhooksPage />}
      </main>
      <footer className="foot">
        People on this page are simulated. Pictures marked “Made by AI” were drawn by a model.{' '}
        <a href="/graphql">Explore the API</a>
      </footer>
      {route.item !== null && <ItemSheet key={route.item} id={route.item} onClose={close} />}
      {route.studio && <StudioSheet remix={route.remix} onClose={close} />}
    </>
  );
}

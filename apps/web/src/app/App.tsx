import { lazy, Suspense, useEffect, useMemo } from 'react';
import { Provider } from 'urql';
import { createApi } from '../api/client.js';
import { keepRenewed } from '../api/renewal.js';
import { useStore } from '../browser/store.js';
import { LiveProvider } from '../ops/live.js';
import { session } from '../api/session.js';
import { SignIn } from '../session/SignIn.js';
import { Empty, Waiting } from '../ui/parts.js';
import { Notices } from '../ui/notices.js';
import { useLocation } from '../browser/router.js';
import { Shell } from './Shell.js';

const ROUTES = {
  '/ops': lazy(() => import('../ops/pipeline/PipelinePage.js')),
  '/ops/projections': lazy(() => import('../ops/projections/ProjectionsPage.js')),
  '/ops/parked': lazy(() => import('../ops/parked/ParkedPage.js')),
  '/ops/chain': lazy(() => import('../ops/chain/ChainPage.js')),
  '/ops/log': lazy(() => import('../ops/log/LogPage.js')),
  '/ops/acts': lazy(() => import('../ops/acts/ActsPage.js')),
} as const;

export function App() {
  const who = useStore(session);
  // A session goes on with new tokens: whatever asks and follows is that of before.
  const sessionId = who?.sessionId ?? null;
  const api = useMemo(() => createApi(sessionId !== null), [sessionId]);
  useEffect(() => () => api.close(), [api]);
  useEffect(() => (sessionId === null ? undefined : keepRenewed()), [sessionId]);
  return (
    <Provider value={api.client} key={sessionId ?? 'nobody'}>
      {who === null ? (
        <SignIn />
      ) : (
        <LiveProvider>
          <Shell who={who}>
            <Page />
          </Shell>
        </LiveProvider>
      )}
      <Notices />
    </Provider>
  );
}

function Page() {
  const path = useLocation().pathname.replace(/\/$/, '');
  const Found = ROUTES[path as keyof typeof ROUTES];
  if (Found === undefined)
    return (
      <Empty title="There is no such page">Choose one of those at the side, or press g and its letter.</Empty>
    );
  return (
    <Suspense fallback={<Waiting what="Loading the page" />}>
      <Found />
    </Suspense>
  );
}

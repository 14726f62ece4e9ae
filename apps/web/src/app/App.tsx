import { type ComponentType, lazy, Suspense, useEffect, useMemo } from 'react';
import { Provider } from 'urql';
import { createApi } from '../api/client.js';
import { keepRenewed } from '../api/renewal.js';
import { session } from '../api/session.js';
import { useLocation } from '../browser/router.js';
import { useStore } from '../browser/store.js';
import { useWords } from '../messages/language.js';
import { Notices } from '../ui/notices.js';
import { Waiting } from '../ui/parts.js';
import { MarketArea } from './MarketArea.js';
import { NotFound } from './NotFound.js';
import { PageBoundary } from './PageBoundary.js';
import { PATHS } from './paths.js';
import { LOADS, type PageProps, routeOf } from './routes.js';

const OpsArea = lazy(() => import('../ops/OpsArea.js'));
const PAGES = new Map<string, ComponentType<PageProps>>(PATHS.map((path) => [path, lazy(LOADS[path])]));

export function App() {
  const who = useStore(session);
  // A session goes on with new tokens: whatever asks and follows is that of before.
  const sessionId = who?.sessionId ?? null;
  const api = useMemo(() => createApi(sessionId !== null), [sessionId]);
  useEffect(() => () => api.close(), [api]);
  useEffect(() => (sessionId === null ? undefined : keepRenewed()), [sessionId]);
  const { pathname } = useLocation();
  const isOps = /^\/ops(?:\/|$)/.test(pathname);
  return (
    <Provider value={api.client} key={sessionId ?? 'nobody'}>
      {isOps ? (
        <Suspense fallback={<Waiting what="Loading" />}>
          <OpsArea />
        </Suspense>
      ) : (
        <MarketArea>
          <Page pathname={pathname} />
        </MarketArea>
      )}
      <Notices />
    </Provider>
  );
}

function Page({ pathname }: { readonly pathname: string }) {
  const words = useWords();
  const found = routeOf(pathname);
  const Found = found === null ? undefined : PAGES.get(found.path);
  if (found === null || Found === undefined) return <NotFound />;
  return (
    <PageBoundary key={pathname}>
      <Suspense fallback={<Waiting what={words.shell.loading} />}>
        <Found parameters={found.parameters} />
      </Suspense>
    </PageBoundary>
  );
}

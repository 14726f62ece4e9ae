import { lazy, Suspense } from 'react';
import { useClient } from 'urql';
import type { Session } from '../api/session.js';
import { session } from '../api/session.js';
import { plainPath } from '../browser/paths.js';
import { useLocation } from '../browser/router.js';
import { useStore } from '../browser/store.js';
import { nextTheme, theme } from '../browser/theme.js';
import { SignIn } from '../session/SignIn.js';
import { signOut } from '../session/sign-in.js';
import { helpIsOpen } from '../shell/shortcuts.js';
import { Shell } from '../shell/Shell.js';
import { Icon } from '../ui/icons.js';
import { Empty, Id, Waiting } from '../ui/parts.js';
import { ConnectionBanner, ConnectionState } from './ConnectionBanner.js';
import { LiveProvider, useLive } from './live.js';
import { PAGES } from './pages.js';
import 'uplot/dist/uPlot.min.css';
import '../styles/ops.css';

const ROUTES = {
  '/ops': lazy(() => import('./pipeline/PipelinePage.js')),
  '/ops/projections': lazy(() => import('./projections/ProjectionsPage.js')),
  '/ops/parked': lazy(() => import('./parked/ParkedPage.js')),
  '/ops/chain': lazy(() => import('./chain/ChainPage.js')),
  '/ops/log': lazy(() => import('./log/LogPage.js')),
  '/ops/acts': lazy(() => import('./acts/ActsPage.js')),
} as const;

/** The operators' part of the app. */
export default function OpsArea() {
  const who = useStore(session);
  if (who === null)
    return (
      <SignIn title="AB.LAND operations">
        Sign in with the wallet of an operator. You sign a text: it sends nothing and costs nothing.
      </SignIn>
    );
  return (
    <LiveProvider>
      <Pages who={who} />
    </LiveProvider>
  );
}

function Pages({ who }: { readonly who: Session }) {
  const { troubles } = useLive();
  return (
    <Shell
      {...{ area: 'desk', about: 'operations', title: 'AB.LAND operations', home: '/ops' }}
      {...{ pages: PAGES, troubles }}
      foot={<Who who={who} />}
      top={<ConnectionBanner />}
    >
      <Page />
    </Shell>
  );
}

function Page() {
  const path = plainPath(useLocation().pathname);
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

function Who({ who }: { readonly who: Session }) {
  const client = useClient();
  const shown = useStore(theme);
  const icon = { system: 'system', dark: 'moon', light: 'sun' } as const;
  return (
    <div className="who">
      <ConnectionState />
      <div className="who-tools">
        <Id value={who.address} head={6} tail={4} />
        <button
          type="button"
          className="plain"
          aria-label="Keys"
          title="Keys (?)"
          onClick={() => helpIsOpen.set(true)}
        >
          <Icon name="keys" />
        </button>
        <button
          type="button"
          className="plain"
          aria-label={`Colours: ${shown}`}
          title={`Colours: ${shown}`}
          onClick={() => theme.set(nextTheme[shown])}
        >
          <Icon name={icon[shown]} />
        </button>
        <button
          type="button"
          className="plain"
          aria-label="Sign out"
          title="Sign out"
          onClick={() => void signOut(client)}
        >
          <Icon name="out" />
        </button>
      </div>
    </div>
  );
}

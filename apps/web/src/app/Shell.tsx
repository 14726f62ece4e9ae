import { type MouseEvent, type ReactNode, useEffect } from 'react';
import { useStore } from '../browser/store.js';
import { useLive } from '../ops/live.js';
import { useClient } from 'urql';
import type { Session } from '../api/session.js';
import { signOut } from '../session/sign-in.js';
import { Icon } from '../ui/icons.js';
import { Id } from '../ui/parts.js';
import { ConnectionBanner, ConnectionState } from './ConnectionBanner.js';
import { PAGES, type PageName } from './pages.js';
import { navigate, useLocation } from '../browser/router.js';
import { helpIsOpen, ShortcutsHelp, useShortcuts } from './shortcuts.js';
import { nextTheme, theme } from '../browser/theme.js';

/** What every page lies in: where one can go, how the connection is, and who is signed in. */
export function Shell({ who, children }: { readonly who: Session; readonly children: ReactNode }) {
  useShortcuts();
  const path = useLocation().pathname.replace(/\/$/, '');
  const { troubles } = useLive();
  const here = PAGES.find((page) => page.path === path);
  useEffect(() => {
    document.title = `${here === undefined ? '' : `${here.name} · `}AB.LAND operations`;
  }, [here]);
  return (
    <div className="shell">
      <a className="skip" href="#main">
        To the page
      </a>
      <nav className="side" aria-label="Pages">
        <a className="brand" href="/ops" onClick={(event) => follow(event, '/ops')}>
          <span className="mark" aria-hidden="true">
            A
          </span>
          <span>
            AB.LAND<small>operations</small>
          </span>
        </a>
        <ul>
          {PAGES.map((page) => (
            <li key={page.path}>
              <PageLink page={page} isHere={page === here} troubles={troubles[page.path] ?? 0} />
            </li>
          ))}
        </ul>
        <Who who={who} />
      </nav>
      <div className="content">
        <ConnectionBanner />
        <main id="main" tabIndex={-1}>
          {children}
        </main>
      </div>
      <ShortcutsHelp />
    </div>
  );
}

function PageLink(props: { readonly page: PageName; readonly isHere: boolean; readonly troubles: number }) {
  const { isHere, page, troubles } = props;
  return (
    <a
      href={page.path}
      aria-current={isHere ? 'page' : undefined}
      title={`g ${page.key}`}
      onClick={(event) => follow(event, page.path)}
    >
      <Icon name={page.icon} />
      <span className="nav-name">{page.name}</span>
      {troubles > 0 ? (
        <span className="count" aria-label={`${troubles} to look at`}>
          {troubles}
        </span>
      ) : null}
    </a>
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

function follow(event: MouseEvent, path: string): void {
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
  event.preventDefault();
  navigate(path);
}

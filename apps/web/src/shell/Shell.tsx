import { type ReactNode, useEffect } from 'react';
import { plainPath } from '../browser/paths.js';
import { useLocation } from '../browser/router.js';
import { Icon } from '../ui/icons.js';
import { Link } from '../ui/Link.js';
import { useWords } from '../messages/language.js';
import type { PageName } from './page-names.js';
import { ShortcutsHelp, useShortcuts } from './shortcuts.js';

export interface ShellProps {
  /** Which part of the app it is: its narrow form differs. */
  readonly area: 'market' | 'desk';
  /** Beside the name, what it is for. */
  readonly about: string;
  readonly title: string;
  readonly home: string;
  readonly pages: readonly PageName[];
  /** How much there is to look at, by the path of the page that shows it. */
  readonly troubles?: Readonly<Record<string, number>>;
  /** At the foot of the side. */
  readonly foot: ReactNode;
  /** Above the page. */
  readonly top: ReactNode;
  readonly children: ReactNode;
}

/** What every page lies in: where one can go, how what is shown is, and who is signed in. */
export function Shell(props: ShellProps) {
  const { about, area, children, foot, home, pages, title, top, troubles = {} } = props;
  useShortcuts(pages);
  const words = useWords();
  const path = plainPath(useLocation().pathname);
  const here = hereOf(pages, path);
  useEffect(() => {
    document.title = `${here === undefined ? '' : `${here.name} · `}${title}`;
  }, [here, title]);
  return (
    <div className="shell" data-area={area}>
      <a className="skip" href="#main">
        {words.shell.skip}
      </a>
      <nav className="side" aria-label={words.shell.pages}>
        <Link className="brand" to={home}>
          <span className="mark" aria-hidden="true">
            A
          </span>
          <span>
            AB.LAND<small>{about}</small>
          </span>
        </Link>
        <ul>
          {pages.map((page) => (
            <li key={page.path}>
              <PageLink page={page} isHere={page === here} troubles={troubles[page.path] ?? 0} />
            </li>
          ))}
        </ul>
        {foot}
      </nav>
      <div className="content">
        {top}
        <main id="main" tabIndex={-1}>
          {children}
        </main>
      </div>
      <ShortcutsHelp pages={pages} />
    </div>
  );
}

/** The page itself, or the one that its path lies below. */
function hereOf(pages: readonly PageName[], path: string): PageName | undefined {
  const below = pages.filter((page) => path === page.path || path.startsWith(`${page.path}/`));
  return below.toSorted((one, other) => other.path.length - one.path.length)[0];
}

function PageLink(props: { readonly page: PageName; readonly isHere: boolean; readonly troubles: number }) {
  const { isHere, page, troubles } = props;
  const words = useWords();
  return (
    <Link to={page.path} aria-current={isHere ? 'page' : undefined} title={`g ${page.key}`}>
      <Icon name={page.icon} />
      <span className="nav-name">{page.name}</span>
      {troubles > 0 ? (
        <span className="count" aria-label={words.shell.toLookAt(troubles)}>
          {troubles}
        </span>
      ) : null}
    </Link>
  );
}

import { type ReactNode, useState } from 'react';
import { session } from '../api/session.js';
import { useStore } from '../browser/store.js';
import { useWords } from '../messages/language.js';
import { useKeptPulse } from '../news/pulse.js';
import { OrderNews } from '../orders/OrderNews.js';
import { Account } from '../session/Account.js';
import type { PageName } from '../shell/page-names.js';
import { Shell } from '../shell/Shell.js';
import { Freshness } from './Freshness.js';
import { Preferences } from './Preferences.js';
import { SearchBar } from './SearchBar.js';
import { TrustBanner } from './TrustBanner.js';

/** What the market's pages lie in, for everybody. */
export function MarketArea({ children }: { readonly children: ReactNode }) {
  const who = useStore(session);
  useKeptPulse(who !== null);
  const pages = usePages();
  const words = useWords();
  const [isSearching, setSearching] = useState(false);
  return (
    <Shell
      {...{ area: 'market', about: words.shell.about, title: 'AB.LAND', home: '/', pages }}
      foot={
        <div className="who">
          <Freshness />
          <Preferences />
        </div>
      }
      top={
        <>
          <header className="top" data-searching={isSearching}>
            <SearchBar onSearching={setSearching} />
            <Account />
          </header>
          <TrustBanner />
        </>
      }
    >
      {children}
      {who === null ? null : <OrderNews />}
    </Shell>
  );
}

function usePages(): readonly PageName[] {
  const { pages } = useWords();
  return [
    { path: '/', name: pages.home, icon: 'home', key: 'h' },
    { path: '/tokens', name: pages.tokens, icon: 'tokens', key: 't' },
    { path: '/trade', name: pages.trade, icon: 'trade', key: 's' },
    { path: '/pools', name: pages.pools, icon: 'pools', key: 'p' },
    { path: '/create', name: pages.create, icon: 'create', key: 'c' },
    { path: '/portfolio', name: pages.portfolio, icon: 'portfolio', key: 'o' },
    { path: '/governance', name: pages.governance, icon: 'vote', key: 'v' },
    { path: '/analytics', name: pages.analytics, icon: 'chart', key: 'n' },
    { path: '/developers', name: pages.developers, icon: 'code', key: 'd' },
  ];
}

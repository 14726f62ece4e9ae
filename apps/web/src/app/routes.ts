import type { ComponentType } from 'react';
import { matchPath } from '../browser/paths.js';
import { type Path, PATHS } from './paths.js';

export interface PageProps {
  readonly parameters: Readonly<Record<string, string>>;
}

type Load = () => Promise<{ readonly default: ComponentType<PageProps> }>;

/** What each path shows, a chunk of its own. */
export const LOADS: Readonly<Record<Path, Load>> = {
  '/': () => import('../market/home/HomePage.js'),
  '/tokens': () => import('../market/tokens/TokensPage.js'),
  '/tokens/:address': () => import('../market/token/TokenPage.js'),
  '/pools': () => import('../market/pools/PoolsPage.js'),
  '/pools/:id': () => import('../market/pools/PoolPage.js'),
  '/trade': () => import('../market/trade/TradePage.js'),
  '/create': () => import('../market/create/CreatePage.js'),
  '/analytics': () => import('../market/analytics/AnalyticsPage.js'),
  '/portfolio': () => import('../people/PortfolioPage.js'),
  '/orders': () => import('../people/OrdersPage.js'),
  '/address/:address': () => import('../people/AddressPage.js'),
  '/tx/:hash': () => import('../people/TransactionPage.js'),
  '/profile': () => import('../people/ProfilePage.js'),
  '/governance': () => import('../govern/GovernancePage.js'),
  '/governance/:id': () => import('../govern/ProposalPage.js'),
  '/developers': () => import('../developers/DevelopersPage.js'),
  '/admin': () => import('../admin/AdminPage.js'),
  '/audit': () => import('../audit/AuditPage.js'),
};

export function routeOf(
  pathname: string,
): { readonly path: Path; readonly parameters: PageProps['parameters'] } | null {
  for (const path of PATHS) {
    const parameters = matchPath(path, pathname);
    if (parameters !== null) return { path, parameters };
  }
  return null;
}

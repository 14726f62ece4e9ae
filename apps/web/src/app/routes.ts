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

import type { IconName } from '../ui/icons.js';

export interface PageName {
  readonly path: string;
  readonly name: string;
  readonly icon: IconName;
  /** After `g` it goes there. */
  readonly key: string;
}

export const PAGES = [
  { path: '/ops', name: 'Pipeline', icon: 'way', key: 'w' },
  { path: '/ops/projections', name: 'Projections', icon: 'projections', key: 'p' },
  { path: '/ops/parked', name: 'Parked', icon: 'parked', key: 'e' },
  { path: '/ops/chain', name: 'Chain', icon: 'chain', key: 'c' },
  { path: '/ops/log', name: 'Log', icon: 'log', key: 'l' },
  { path: '/ops/acts', name: 'Acts', icon: 'acts', key: 'a' },
] as const satisfies readonly PageName[];

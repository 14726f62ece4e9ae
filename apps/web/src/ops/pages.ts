import type { PageName } from '../shell/page-names.js';

export const PAGES = [
  { path: '/ops', name: 'Pipeline', icon: 'way', key: 'w' },
  { path: '/ops/projections', name: 'Projections', icon: 'projections', key: 'p' },
  { path: '/ops/parked', name: 'Parked', icon: 'parked', key: 'e' },
  { path: '/ops/chain', name: 'Chain', icon: 'chain', key: 'c' },
  { path: '/ops/log', name: 'Log', icon: 'log', key: 'l' },
  { path: '/ops/acts', name: 'Acts', icon: 'acts', key: 'a' },
] as const satisfies readonly PageName[];

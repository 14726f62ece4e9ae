import { loadIndexerConfig, runByEnvironment } from '@abland/platform';
import { openIndexer } from './open-indexer.js';

/** The indexer as its environment configures it, until it is asked to stop. */
export const run = (): Promise<void> =>
  runByEnvironment({
    name: 'indexer',
    load: loadIndexerConfig,
    open: openIndexer,
    portOf: ({ metricsPort }) => metricsPort,
  });

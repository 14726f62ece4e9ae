import { loadWorkerConfig, runByEnvironment } from '@abland/platform';
import { openWorker } from './open-worker.js';

/** The worker as its environment configures it, until it is asked to stop. */
export const run = (): Promise<void> =>
  runByEnvironment({
    name: 'worker',
    load: loadWorkerConfig,
    open: openWorker,
    portOf: ({ metricsPort }) => metricsPort,
  });

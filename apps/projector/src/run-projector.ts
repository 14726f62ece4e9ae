import { loadProjectorConfig, runByEnvironment } from '@abland/platform';
import { openProjector } from './open-projector.js';

/** The projector as its environment configures it, until it is asked to stop. */
export const run = (): Promise<void> =>
  runByEnvironment({
    name: 'projector',
    load: loadProjectorConfig,
    open: openProjector,
    portOf: ({ metricsPort }) => metricsPort,
  });

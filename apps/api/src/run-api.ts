import { loadApiConfig, runByEnvironment } from '@abland/platform';
import { openApi } from './server/open-api.js';

/** The API as its environment configures it, until it is asked to stop. */
export const run = (): Promise<void> =>
  runByEnvironment({
    name: 'api',
    load: loadApiConfig,
    open: openApi,
    portOf: ({ port }) => port,
  });

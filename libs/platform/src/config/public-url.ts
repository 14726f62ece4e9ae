import { type Environment, read } from './variables.js';

/** Where browsers reach the API. @throws ConfigError */
export const publicUrl = (env: Environment): string =>
  read(env, 'PUBLIC_URL') ?? `http://localhost:${read(env, 'PORT')}`;

/** Whether browsers of its own machine alone reach the API, by the address that they are told. @throws ConfigError */
export const isReachedHereAlone = (env: Environment): boolean =>
  ['localhost', '127.0.0.1', '[::1]'].includes(new URL(publicUrl(env)).hostname);

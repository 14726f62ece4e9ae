import { type Environment, read } from './variables.js';

/** Where browsers reach the API. @throws ConfigError */
export const publicUrl = (env: Environment): string =>
  read(env, 'PUBLIC_URL') ?? `http://localhost:${read(env, 'PORT')}`;

import { ConfigError } from './config-error.js';
import { type Environment, read, required } from './variables.js';

/** For programs of production, which have no embedded database. @throws ConfigError */
export const databaseUrl = (env: Environment): string =>
  required(env, 'DATABASE_URL', 'must be set: this program has no embedded database');

/** Of EventStoreDB; null where the log is in the main database. @throws ConfigError */
export function eventStoreDbUrl(env: Environment): string | null {
  if (read(env, 'EVENT_STORE') === 'postgres') {
    if (read(env, 'EVENTSTORE_URL') === undefined) return null;
    throw new ConfigError(
      'EVENTSTORE_URL',
      'says nothing of a log in PostgreSQL: set EVENT_STORE=eventstoredb too',
    );
  }
  return required(env, 'EVENTSTORE_URL', 'must be set when EVENT_STORE=eventstoredb is given');
}

/** Where the log is. @throws ConfigError */
export const eventStoreUrl = (env: Environment): string => eventStoreDbUrl(env) ?? databaseUrl(env);

/** Where the keys of persons are: a database of their own, or the main one. @throws ConfigError */
export const personalKeysUrl = (env: Environment): string =>
  read(env, 'PERSONAL_KEYS_URL') ?? databaseUrl(env);

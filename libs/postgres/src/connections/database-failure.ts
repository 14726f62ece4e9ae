import { AblandError, type FailureClass } from '@abland/kernel';
import { isConnectionLoss } from './connection-loss.js';
import { classInPostgres } from './failure-classes.js';

/** The database is out of reach: it is away, is stopping or starting, has no connection left, or says nothing. */
export class DatabaseUnavailableError extends AblandError {
  readonly code = 'DATABASE_UNAVAILABLE';
  override readonly failureClass = 'LATER';
}

/** What is told of by its own name: its remedy is another. */
const NAMES: Readonly<Record<string, string>> = {
  '25006': 'DATABASE_READ_ONLY',
  '53100': 'DATABASE_FULL',
};

function nameOf({ code = '' }: Error & { readonly code?: string }, failureClass: FailureClass): string {
  const known = NAMES[code];
  if (known !== undefined) return known;
  if (failureClass === 'WRONG') return 'DATABASE_REFUSED';
  return failureClass === 'LATER' ? 'DATABASE_BUSY' : 'DATABASE_FAILED';
}

type Asking = (...args: never[]) => unknown;

/** What asks the database, such that whatever fails in it says its class to everybody, where it is a promise that fails. */
export function sayingItsClass<Ask extends Asking>(ask: Ask): Ask {
  return ((...args: Parameters<Ask>) => {
    const result = ask(...args);
    if (!(result instanceof Promise)) return result;
    return result.catch((error: unknown) => {
      throw databaseFailure(error);
    });
  }) as Ask;
}

/**
 * A failure of node-postgres as one that says its class: a lost connection, which comes in a dozen shapes, as one typed error; what
 * PostgreSQL answered stays what it is, with its SQLSTATE, and has a name of ours to be told by.
 */
export function databaseFailure(error: unknown): unknown {
  if (error instanceof AblandError || !(error instanceof Error)) return error;
  if (isConnectionLoss(error))
    return new DatabaseUnavailableError(`The database is out of reach: ${error.message}`, {}, error);
  const failureClass = classInPostgres(error);
  return failureClass === null
    ? error
    : Object.assign(error, { failureClass, toldAs: nameOf(error, failureClass) });
}

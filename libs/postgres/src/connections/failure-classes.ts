import { AblandError, type FailureClass, failureClassOf, TimeLimitError } from '@abland/kernel';
import { isConnectionLoss } from './connection-loss.js';

/** SQLSTATEs by the class that their failures are put in; a whole class of SQLSTATEs by its first two characters. */
const CLASSES: readonly (readonly [FailureClass, readonly string[]])[] = [
  [
    'LATER',
    [
      '25006', // read-only: a standby, or a primary that is being switched over
      '25P02', // the transaction failed before
      '40', // serialization failure, deadlock
      '53', // disk full, out of memory, too many connections
      '55P03', // a lock was not to be had in time
      '57', // cancelled (57014: its time was over), shutdown, crash recovery
      '58', // an error of the system outside of PostgreSQL
    ],
  ],
  [
    'LESS',
    ['54'], // program limit exceeded: too many parameters, a row too large
  ],
  [
    'WRONG',
    [
      '28', // credentials
      '3D', // no such database
      '42501', // insufficient privilege
    ],
  ],
];

const CHANGED_PLAN = /cached plan must not change result type/;

/** The class of a failure of PostgreSQL or of the connection to it; any other error's as the kernel puts it. */
export function postgresFailureClassOf(error: unknown): FailureClass {
  return classInPostgres(error) ?? failureClassOf(error);
}

/** Whether PostgreSQL could not do for the moment what was asked of it: it is out of reach, stopping, full, or had no time. */
export function isPassingFailure(error: unknown): boolean {
  return error instanceof TimeLimitError || classInPostgres(error) === 'LATER';
}

/**
 * Whether PostgreSQL does not let us in any more, or not to what is ours: a password, a role or a right was changed. A person puts
 * that right, at the server or here, and until then whoever runs already waits.
 */
export function isRefusedByDatabase(error: unknown): boolean {
  return classInPostgres(error) === 'WRONG';
}

/**
 * Whether a failure is met whatever is asked, until a person has put something right: what is known so by its type, and what PostgreSQL
 * answers where it does not let us in, has not the tables that we know (class 42), or is damaged (XX).
 */
export function concernsAll(error: unknown): boolean {
  if (error instanceof AblandError) return error.concernsAll;
  return isRefusedByDatabase(error) || /^(42|XX)/.test(sqlStateOf(error) ?? '');
}

/** Whether a table, or its schema, is not there: nobody has made it yet, as while a newer version is brought in. */
export function isMissingTable(error: unknown): boolean {
  const code = sqlStateOf(error);
  return code === '42P01' || code === '3F000';
}

/** Whether a lock was not to be had in time: somebody else has it. */
export function isLockTimeout(error: unknown): boolean {
  return sqlStateOf(error) === '55P03';
}

/** Whether somebody else has a lock: it was not to be had in time, or each waited for the other. */
export function isLockConflict(error: unknown): boolean {
  return isLockTimeout(error) || sqlStateOf(error) === '40P01';
}

/** Whether a prepared statement does not hold any more: a table was altered under it, or its session has forgotten it. */
export function isOutdatedStatement(error: unknown): boolean {
  const code = sqlStateOf(error);
  return code === '26000' || (code === '0A000' && CHANGED_PLAN.test((error as Error).message));
}

/** Whether the transaction that a statement belongs to failed before it: nothing more can be asked in it. */
export function isOfFailedTransaction(error: unknown): boolean {
  return sqlStateOf(error) === '25P02';
}

/** Null where the failure is none of PostgreSQL or of the connection to it. */
export function classInPostgres(error: unknown): FailureClass | null {
  if (isConnectionLoss(error)) return 'LATER';
  const code = sqlStateOf(error);
  if (code === null) return null;
  if (isOutdatedStatement(error)) return 'LATER';
  return CLASSES.find(([, states]) => states.some((state) => code.startsWith(state)))?.[0] ?? 'OURS';
}

/** Null where PostgreSQL did not answer with an error. */
function sqlStateOf(error: unknown): string | null {
  if (typeof error !== 'object' || error === null) return null;
  const { code, severity } = error as { code?: unknown; severity?: unknown };
  return typeof code === 'string' && typeof severity === 'string' && /^[0-9A-Z]{5}$/.test(code) ? code : null;
}

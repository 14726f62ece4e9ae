import { isNativeError } from 'node:util/types';

/**
 * SQLSTATEs after which the same work may succeed on a new connection: connection exceptions (class 08), too many
 * connections, shutdown, crash recovery, start-up, and our own time limits on a stuck transaction.
 */
const LOST_STATES = new Set(['53300', '57P01', '57P02', '57P03', '57P05', '25P03', '25P04']);
const LOST_SYSCALLS = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ENOENT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
]);
/** node-postgres gives these plain errors without a code. */
const LOST_MESSAGE =
  /^(Connection terminated|Client has encountered a connection error|Client was closed|The client was closed|timeout expired|timeout exceeded when trying to connect|Query read timeout)/;

/** Whether an error says that the database went out of reach rather than that the statement is wrong. */
export function isConnectionLoss(error: unknown): boolean {
  if (!isNativeError(error)) return false; // of any realm: Node's own are not those of a test's
  const { code, syscall } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT' && syscall !== 'connect') return false; // a file of a certificate, not the server's socket
  if (typeof code === 'string') {
    if (code.length === 5 && (code.startsWith('08') || LOST_STATES.has(code))) return true;
    if (LOST_SYSCALLS.has(code)) return true;
  }
  if (error instanceof AggregateError && error.errors.length > 0) return error.errors.every(isConnectionLoss);
  return LOST_MESSAGE.test(error.message) || (error.cause !== undefined && isConnectionLoss(error.cause));
}

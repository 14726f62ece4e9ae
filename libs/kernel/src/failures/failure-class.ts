import { AblandError, type FailureClass } from './abland-error.js';
import { DomainError } from './domain-error.js';

/** Node's codes for a peer that is out of reach and for a machine that is out of something for a while. */
const PASSING_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'EHOSTDOWN',
  'ENETUNREACH',
  'ENETDOWN',
  'EMFILE',
  'ENFILE',
  'ENOBUFS',
  'ENOSPC',
]);

/** Which class a failure is put in; a library that throws errors of its own kind is classified where it is used. */
export type Classify = (error: unknown) => FailureClass;

/** Every failure has a class: typed errors say theirs, the system's are known by code, and what nobody foresaw is OURS. */
export function failureClassOf(error: unknown): FailureClass {
  if (error instanceof AblandError) return error.failureClass;
  if (error instanceof DomainError) return 'WRONG';
  if (!isErrorLike(error)) return 'OURS';
  if (error.failureClass !== undefined) return error.failureClass;
  if (typeof error.code === 'string' && PASSING_CODES.has(error.code)) return 'LATER';
  if (error.name === 'TimeoutError' || error.name === 'AbortError') return 'LATER';
  const parts = error.errors ?? [];
  if (parts.length > 0) return parts.every((part) => failureClassOf(part) === 'LATER') ? 'LATER' : 'OURS';
  return error.cause === undefined ? 'OURS' : failureClassOf(error.cause);
}

/** Whether the same thing may work when it is done again: at once differently, or later. */
export function mayPass(failureClass: FailureClass): boolean {
  return failureClass === 'LATER' || failureClass === 'LESS' || failureClass === 'ANOTHER';
}

interface ErrorLike {
  readonly name: string;
  readonly code?: unknown;
  /** Of another library's error that was classified where it arose. */
  readonly failureClass?: FailureClass;
  readonly cause?: unknown;
  /** Of an AggregateError: one for each address that was tried, say. */
  readonly errors?: readonly unknown[];
}

/** By shape rather than by class: Node's own errors are of another realm than a test's. */
function isErrorLike(error: unknown): error is ErrorLike {
  return typeof error === 'object' && error !== null && 'name' in error && 'message' in error;
}

import { HttpException } from '@nestjs/common';
import type { ApiErrorCode } from './codes.js';

/** What is answered to a request that no handler of ours took. */
export interface HttpRefusal {
  readonly status: number;
  readonly code: ApiErrorCode;
  readonly message: string;
  readonly details: Readonly<Record<string, unknown>>;
}

/** By status: NestJS keeps nothing else of what the server says of a request. */
const REFUSALS: Readonly<Record<number, readonly [reason: string, message: string]>> = {
  400: ['BODY_UNREADABLE', 'The body is not JSON, or not as long as it says'],
  404: ['NOT_FOUND', 'Nothing is served by this method at this path'],
  405: ['NOT_FOUND', 'Nothing is served by this method at this path'],
  413: ['BODY_TOO_LARGE', 'The body is larger than 256 KiB'],
  415: ['CONTENT_TYPE', 'The body must be application/json'],
};

/** Null where it is no refusal but a failure of ours. */
export function httpRefusalOf(error: unknown): HttpRefusal | null {
  const status = statusOf(error);
  if (status === null || status < 400 || status >= 500) return null;
  const [reason, message] = REFUSALS[status] ?? ['REFUSED', 'The request is none that is served here'];
  return { status, code: 'BAD_REQUEST', message, details: { reason } };
}

function statusOf(error: unknown): number | null {
  if (error instanceof HttpException) return error.getStatus();
  if (typeof error !== 'object' || error === null || !('statusCode' in error)) return null;
  return typeof error.statusCode === 'number' ? error.statusCode : null;
}

export const NOTHING_THERE: HttpRefusal = {
  status: 404,
  code: 'BAD_REQUEST',
  message: 'Nothing is served by this method at this path',
  details: { reason: 'NOT_FOUND' },
};

/** In the form of GraphQL's errors: a client knows one. */
export function httpAnswer(
  { message, code, details }: Omit<HttpRefusal, 'status'>,
  correlationId: string | null,
): string {
  return JSON.stringify({ errors: [{ message, extensions: { code, field: null, details, correlationId } }] });
}

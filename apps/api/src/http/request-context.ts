import { AsyncLocalStorage } from 'node:async_hooks';
import type { RequestReads } from '../reading/request-reads.js';

/** What is known of the request in hand, wherever in its handling one stands. */
export interface RequestContext {
  readonly correlationId: string;
  /** The GraphQL operation, once it is known. */
  operation: { readonly name: string; readonly kind: string } | null;
  /** Codes of the errors that the answer carries. */
  errorCodes: readonly string[];
  /** Absent where nothing is read for one answer. */
  readonly reads?: RequestReads;
}

const storage = new AsyncLocalStorage<RequestContext>();

export const runInRequest = <Result>(context: RequestContext, run: () => Result): Result =>
  storage.run(context, run);

export const currentRequest = (): RequestContext | undefined => storage.getStore();

export const currentCorrelationId = (): string | null => storage.getStore()?.correlationId ?? null;

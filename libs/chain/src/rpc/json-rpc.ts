import { RpcResponseError, RpcUnavailableError } from './errors.js';

export interface RpcRequest {
  readonly method: string;
  readonly params: readonly unknown[];
}

/** One way to one provider. Results come in the order of the requests. */
export interface RpcTransport {
  /** What logs and errors call it: its URL without what may be a key. */
  readonly shownUrl: string;
  /** @throws RpcUnavailableError for the whole batch, RpcResponseError for the first request that was refused. */
  batch(requests: readonly RpcRequest[]): Promise<readonly unknown[]>;
  close(): void;
}

interface RpcAnswer {
  readonly id: number;
  readonly result?: unknown;
  readonly error?: { readonly code?: number; readonly message?: string; readonly data?: unknown };
}

/** Codes by which providers say "not now" rather than "no": limits exceeded, internal error of a loaded node. */
const BUSY_CODES: ReadonlySet<number> = new Set([-32005, -32016, 429]);

export const encodeBatch = (requests: readonly RpcRequest[], firstId: number): object[] =>
  requests.map(({ method, params }, index) => ({ jsonrpc: '2.0', id: firstId + index, method, params }));

/** The results of a batch from its answers, which may come in any order. */
export function decodeBatch(shownUrl: string, answers: unknown, firstId: number, count: number): unknown[] {
  const list = (Array.isArray(answers) ? answers : [answers]) as readonly RpcAnswer[];
  const byId = new Map(list.map((answer) => [answer?.id, answer]));
  return Array.from({ length: count }, (_, index) => {
    const answer = byId.get(firstId + index);
    if (answer === undefined) {
      const refusal = list[0]?.error?.message ?? 'no answer to a request';
      throw new RpcUnavailableError(`${shownUrl}: ${refusal}`, { url: shownUrl });
    }
    if (answer.error === undefined) return answer.result;
    const { code = 0, message = 'unknown error', data } = answer.error;
    if (BUSY_CODES.has(code))
      throw new RpcUnavailableError(`${shownUrl}: ${message}`, { url: shownUrl, rpcCode: code });
    throw new RpcResponseError(code, message, data);
  });
}

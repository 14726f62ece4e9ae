import { RpcError } from './errors.js';
import type { RpcHandler, RpcParams } from './rpc-methods.js';

interface RpcFailure {
  readonly code: number;
  readonly message: string;
  readonly data?: unknown;
}

export interface RpcAnswer {
  readonly jsonrpc: '2.0';
  readonly id: string | number | null;
  readonly result?: unknown;
  readonly error?: RpcFailure;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Return data of a reverted call as wallets expect it: the bytes themselves. */
function revertData(error: unknown): unknown {
  if (!isObject(error) || !('data' in error)) return undefined;
  return isObject(error['data']) ? error['data']['data'] : error['data'];
}

function toFailure(error: unknown): RpcFailure {
  if (error instanceof RpcError) return { code: error.rpcCode, message: error.message };
  const code = isObject(error) && typeof error['code'] === 'number' ? error['code'] : -32603;
  const message = error instanceof Error ? error.message : 'Internal error';
  const data = revertData(error);
  return data === undefined || data === null ? { code, message } : { code, message, data };
}

const failed = (id: RpcAnswer['id'], error: unknown): RpcAnswer => ({
  jsonrpc: '2.0',
  id,
  error: toFailure(error),
});

async function answerOne(request: unknown, handler: RpcHandler): Promise<RpcAnswer> {
  if (!isObject(request) || typeof request['method'] !== 'string') {
    return failed(null, new RpcError(-32600, 'Invalid request'));
  }
  const id = typeof request['id'] === 'string' || typeof request['id'] === 'number' ? request['id'] : null;
  const params: unknown = request['params'] ?? [];
  if (!Array.isArray(params)) return failed(id, new RpcError(-32602, 'Params must be a list'));
  try {
    return { jsonrpc: '2.0', id, result: (await handler(request['method'], params as RpcParams)) ?? null };
  } catch (error) {
    return failed(id, error);
  }
}

/** Answers one request or a batch, given as text. */
export async function answer(text: string, handler: RpcHandler): Promise<RpcAnswer | readonly RpcAnswer[]> {
  let request: unknown;
  try {
    request = JSON.parse(text);
  } catch {
    return failed(null, new RpcError(-32700, 'Parse error'));
  }
  if (!Array.isArray(request)) return answerOne(request, handler);
  if (request.length === 0) return failed(null, new RpcError(-32600, 'Invalid request: empty batch'));
  return Promise.all(request.map((one) => answerOne(one, handler)));
}

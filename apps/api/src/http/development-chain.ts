import type { FastifyInstance } from 'fastify';

/** What a wallet asks of a chain to send a transaction, and no more. */
const METHODS = new Set([
  ...['eth_chainId', 'eth_blockNumber', 'eth_getBalance', 'eth_getTransactionCount', 'eth_gasPrice'],
  ...['eth_estimateGas', 'eth_call', 'eth_sendRawTransaction', 'eth_getTransactionReceipt'],
]);
const ANSWER_MS = 15_000;
/** JSON-RPC's own codes. */
const [INVALID_REQUEST, METHOD_NOT_FOUND, SERVER_ERROR] = [-32_600, -32_601, -32_000];

interface Call {
  readonly id: number | string | null;
  readonly method: string;
  readonly params: readonly unknown[];
}

/**
 * Passes on to the embedded chain what the web app's development wallets ask: a page may ask nobody but the API. Served only where there
 * are development accounts, which is where every part is embedded.
 * @param rpcUrl null: it is not served
 */
export function serveDevelopmentChain(fastify: FastifyInstance, rpcUrl: string | null): void {
  if (rpcUrl === null) return;
  fastify.post('/development/chain', async (request, reply) => {
    const call = callOf(request.body);
    if (call === null) return reply.code(400).send(refusal(null, INVALID_REQUEST, 'One JSON-RPC request'));
    if (!METHODS.has(call.method))
      return reply.code(403).send(refusal(call.id, METHOD_NOT_FOUND, `${call.method} is not passed on`));
    return reply.type('application/json').send(await asked(rpcUrl, call));
  });
}

async function asked(rpcUrl: string, call: Call): Promise<unknown> {
  try {
    const response = await fetch(rpcUrl, {
      ...{ method: 'POST', headers: { 'content-type': 'application/json' } },
      body: JSON.stringify({ jsonrpc: '2.0', ...call }),
      signal: AbortSignal.timeout(ANSWER_MS),
    });
    return await response.json();
  } catch {
    return refusal(call.id, SERVER_ERROR, 'The chain does not answer');
  }
}

function callOf(body: unknown): Call | null {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return null;
  const { id = null, method, params = [] } = body as Readonly<Record<string, unknown>>;
  const isId = id === null || typeof id === 'number' || typeof id === 'string';
  if (!isId || typeof method !== 'string' || !Array.isArray(params)) return null;
  return { id, method, params };
}

const refusal = (id: Call['id'], code: number, message: string) => ({
  ...{ jsonrpc: '2.0', id },
  error: { code, message },
});

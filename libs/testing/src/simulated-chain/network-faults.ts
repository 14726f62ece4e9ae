import type { RpcError } from './node-answers.js';
import type { Asked, ProviderFault } from './provider-fault.js';

/** How providers say that a range has too much in it, as their users report. */
const TOO_MUCH: readonly RpcError[] = [
  { code: -32005, message: 'query returned more than 10000 results' },
  {
    code: -32602,
    message: 'Log response size exceeded. You can make eth_getLogs requests with up to a 2K block range',
  },
  { code: -32000, message: 'eth_getLogs is limited to a 5 range' },
  { code: -32600, message: 'block range is too wide' },
  { code: -32614, message: 'eth_getLogs is limited to 3 blocks' },
  { code: -32603, message: 'query exceeds max results 20000, retry with the range 1-2' },
  { code: -32701, message: 'Please specify less number of addresses: exceed maximum block range: 3' },
];
const RANGE_MAX = 3;
const BATCH_MAX = 4;

function isTooWide({ method, params: [filter] }: Asked): boolean {
  if (method !== 'eth_getLogs') return false;
  const { fromBlock, toBlock } = filter as { readonly fromBlock?: string; readonly toBlock?: string };
  return Number(toBlock) - Number(fromBlock) >= RANGE_MAX;
}

/** Providers that are slow, busy, limited, cut off, or see another moment of the chain. */
export const NETWORK_FAULTS: readonly ProviderFault[] = [
  { name: 'answers late', part: 3, delayMs: (random) => 100 + random.below(900) },
  { name: 'deaf', part: 10, deaf: true },
  { name: 'connections cut', part: 3, cuts: true },
  { name: 'internal errors', part: 3, refusal: () => ({ code: -32603, message: 'Internal error' }) },
  { name: 'header not found', part: 3, refusal: () => ({ code: -32000, message: 'header not found' }) },
  {
    name: 'a page of a proxy',
    part: 3,
    http: () => ({ status: 502, body: '<html><body>Bad Gateway</body></html>' }),
  },
  {
    name: 'too many requests',
    part: 4,
    http: () => ({
      status: 429,
      body: '{"error":{"code":429,"message":"Too Many Requests"}}',
      headers: { 'retry-after': '1' },
    }),
  },
  {
    name: 'compute units exceeded',
    part: 4,
    refusal: () => ({ code: 429, message: 'Your app has exceeded its compute units per second capacity' }),
  },
  {
    name: 'ranges refused',
    refusal: (asked, random) => (isTooWide(asked) ? random.pick(TOO_MUCH) : null),
  },
  {
    name: 'batches refused',
    batch: (count) =>
      count > BATCH_MAX
        ? { jsonrpc: '2.0', id: null, error: { code: -32000, message: `batch limit ${BATCH_MAX} exceeded` } }
        : null,
  },
  { name: 'a body too large', http: () => ({ status: 413, body: 'Payload Too Large' }), part: 4 },
  {
    name: 'a head that goes back',
    view: ({ blocks }, random) => (random.chance(0.3) ? blocks.slice(0, -1 - random.below(6)) : blocks),
  },
  { name: 'a node that is behind', view: ({ blocks }) => blocks.slice(0, Math.max(1, blocks.length - 5)) },
  {
    name: 'nodes behind one address',
    view: ({ blocks }, random) => blocks.slice(0, Math.max(1, blocks.length - random.below(4))),
  },
  { name: 'a branch that was taken back', view: ({ blocks, branches }) => branches.at(-1) ?? blocks },
];

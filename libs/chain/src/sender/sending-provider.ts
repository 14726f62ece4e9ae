import {
  FetchRequest,
  JsonRpcProvider,
  type JsonRpcPayload,
  type JsonRpcResult,
  Network,
  type Provider,
} from 'ethers';

/** What the sender asks of a chain. */
export type SendingProvider = Pick<
  Provider,
  | 'broadcastTransaction'
  | 'call'
  | 'estimateGas'
  | 'getFeeData'
  | 'getTransaction'
  | 'getTransactionCount'
  | 'getTransactionReceipt'
>;

const REQUEST_TIMEOUT_MS = 10_000;

/** Asks the first endpoint that answers, beginning with the one that answered last. Nothing is cached: nonces move. */
export class FailoverProvider extends JsonRpcProvider {
  private preferred = 0;

  /** @param rpcUrls HTTP endpoints of one chain, the preferred first */
  constructor(
    private readonly rpcUrls: readonly string[],
    chainId: number,
  ) {
    const [first] = rpcUrls;
    if (first === undefined) throw new TypeError('an endpoint is needed');
    const options = { staticNetwork: Network.from(chainId), cacheTimeout: -1, batchMaxCount: 1 };
    super(first, chainId, options);
  }

  override async _send(payload: JsonRpcPayload | JsonRpcPayload[]): Promise<JsonRpcResult[]> {
    let failure: unknown;
    for (let attempt = 0; attempt < this.rpcUrls.length; attempt += 1) {
      const index = (this.preferred + attempt) % this.rpcUrls.length;
      try {
        const results = await post(this.rpcUrls[index] as string, payload);
        this.preferred = index;
        return results;
      } catch (error) {
        failure = error;
      }
    }
    throw failure;
  }
}

async function post(url: string, payload: JsonRpcPayload | JsonRpcPayload[]): Promise<JsonRpcResult[]> {
  const request = new FetchRequest(url);
  request.timeout = REQUEST_TIMEOUT_MS;
  request.body = JSON.stringify(payload);
  request.setHeader('content-type', 'application/json');
  const response = await request.send();
  response.assertOk();
  const body = response.bodyJson as JsonRpcResult | JsonRpcResult[];
  return Array.isArray(body) ? body : [body];
}

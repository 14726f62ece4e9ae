import { JsonRpcApiProvider, type JsonRpcPayload, type JsonRpcResult, Network, type Provider } from 'ethers';
import type { ChainRpc } from '../rpc/chain-rpc.js';
import { RpcResponseError } from '../rpc/errors.js';

/** What the sender asks of a chain. */
export type SendingProvider = Pick<
  Provider,
  | 'broadcastTransaction'
  | 'call'
  | 'estimateGas'
  | 'getBalance'
  | 'getBlock'
  | 'getFeeData'
  | 'getTransaction'
  | 'getTransactionCount'
  | 'getTransactionReceipt'
>;

/** ethers over our own RPC, whichever of its endpoints answers. Nothing is cached: nonces move. */
export class ChainRpcProvider extends JsonRpcApiProvider {
  constructor(
    private readonly rpc: ChainRpc,
    chainId: number,
  ) {
    super(chainId, { staticNetwork: Network.from(chainId), cacheTimeout: -1, batchMaxCount: 1 });
  }

  override async send(method: string, params: unknown[] | Record<string, unknown>): Promise<unknown> {
    this._start();
    return super.send(method, params) as Promise<unknown>;
  }

  override _send(payload: JsonRpcPayload | JsonRpcPayload[]): Promise<JsonRpcResult[]> {
    const payloads = Array.isArray(payload) ? payload : [payload];
    return Promise.all(payloads.map((one) => this.answer(one)));
  }

  private async answer({ id, method, params }: JsonRpcPayload): Promise<JsonRpcResult> {
    try {
      const list = Array.isArray(params) ? (params as unknown[]) : [params];
      return { id, result: await this.rpc.request(method, ...list) };
    } catch (error) {
      if (!(error instanceof RpcResponseError)) throw error;
      const { rpcCode, message, data } = error;
      return { id, error: { code: rpcCode, message, data } } as unknown as JsonRpcResult;
    }
  }
}

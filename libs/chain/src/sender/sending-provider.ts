import { JsonRpcApiProvider, type JsonRpcPayload, type JsonRpcResult, Network, type Provider } from 'ethers';
import type { Hash } from '@abland/domain';
import type { DataFeeTold } from '../blocks/data-fee-field.js';
import type { ChainRpc } from '../rpc/chain-rpc.js';
import { RpcResponseError } from '../rpc/errors.js';
import { Reading } from '../rpc/reading.js';
import { dataFeeTold, isOfMined, isOfTransaction } from './told-transaction.js';

/** What the sender asks of a chain. */
export interface SendingProvider extends Pick<
  Provider,
  | 'broadcastTransaction'
  | 'call'
  | 'estimateGas'
  | 'getBalance'
  | 'getBlock'
  | 'getFeeData'
  | 'getTransactionCount'
> {
  /** Whether a transaction is mined, executed or reverted. */
  isMined(txHash: Hash): Promise<boolean>;
  /** What it paid beside gas for its data on the chain below, in wei; null where it is not mined. */
  dataFeeOf(txHash: Hash): Promise<bigint | null>;
  /** Whether it is mined or waits. */
  isKnown(txHash: Hash): Promise<boolean>;
}

/** ethers over our own RPC, whichever of its endpoints answers. Nothing is cached: nonces move. */
export class ChainRpcProvider extends JsonRpcApiProvider implements SendingProvider {
  constructor(
    private readonly rpc: Pick<ChainRpc, 'request'>,
    chainId: number,
    private readonly dataFee: DataFeeTold = 'DETECT',
  ) {
    super(chainId, { staticNetwork: Network.from(chainId), cacheTimeout: -1, batchMaxCount: 1 });
  }

  async isMined(txHash: Hash): Promise<boolean> {
    const answer = await this.rpc.request('eth_getTransactionReceipt', txHash);
    return isOfMined(receiptOf(txHash), answer, txHash);
  }

  async dataFeeOf(txHash: Hash): Promise<bigint | null> {
    const answer = await this.rpc.request('eth_getTransactionReceipt', txHash);
    return dataFeeTold(receiptOf(txHash), answer, txHash, this.dataFee);
  }

  async isKnown(txHash: Hash): Promise<boolean> {
    if (await this.isMined(txHash)) return true;
    const answer = await this.rpc.request('eth_getTransactionByHash', txHash);
    return isOfTransaction(new Reading('the provider', `the transaction ${txHash}`), answer, txHash);
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

const receiptOf = (txHash: Hash): Reading => new Reading('the provider', `the receipt of ${txHash}`);

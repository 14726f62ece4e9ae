import type { HexData } from '@abland/domain';
import { Transaction, type TransactionRequest } from 'ethers';
import { ChainUnavailableError, RelayerFeeCappedError } from './errors.js';
import type { SendingProvider } from './sending-provider.js';

/** EIP-1559 fees in wei per gas. */
export interface Fees {
  readonly maxFeePerGas: bigint;
  readonly maxPriorityFeePerGas: bigint;
}

/** What the chain asks at its newest block. */
export interface Price {
  readonly blockNumber: number;
  /** In wei per gas. */
  readonly baseFee: bigint;
  /** What the provider takes for enough: twice the newest base fee, so that it still is some blocks later. */
  readonly fees: Fees;
}

/** @throws ChainUnavailableError where the provider does not say, or the chain has no EIP-1559 fees */
export async function currentPrice(
  provider: Pick<SendingProvider, 'getBlock' | 'getFeeData'>,
): Promise<Price> {
  const [block, { maxFeePerGas, maxPriorityFeePerGas }] = await Promise.all([
    provider.getBlock('latest'),
    provider.getFeeData(),
  ]);
  const baseFee = block?.baseFeePerGas ?? null;
  if (block === null || baseFee === null || maxFeePerGas === null || maxPriorityFeePerGas === null) {
    throw new ChainUnavailableError('The provider tells no EIP-1559 fees');
  }
  return { blockNumber: block.number, baseFee, fees: { maxFeePerGas, maxPriorityFeePerGas } };
}

/** The least that a transaction with a tip must offer to be mined now and a block later: a base fee grows by an eighth at most. */
export const leastFor = ({ baseFee }: Price, tip: bigint): bigint => dearer(baseFee) + tip;

/**
 * What a new transaction offers. Less than the provider advises where that is above the cap and less is still enough.
 * @throws RelayerFeeCappedError
 */
export function newFees(price: Price, cap: bigint): Fees {
  const { maxFeePerGas, maxPriorityFeePerGas } = price.fees;
  if (maxFeePerGas <= cap) return price.fees;
  const least = leastFor(price, maxPriorityFeePerGas);
  if (least > cap) throw new RelayerFeeCappedError(least, cap);
  return { maxFeePerGas: cap, maxPriorityFeePerGas };
}

/** An eighth more, and more in any case: nodes take the place of a waiting transaction for a tenth more of both fees. */
export const dearer = (wei: bigint): bigint => wei + (wei < 8n ? 1n : (wei + 7n) / 8n);

export interface SignedCall {
  readonly call: TransactionRequest;
  readonly gas: bigint;
  readonly fees: Fees;
}

/** What a transaction may cost, in wei. @param dataFee what must be there beside gas, in wei */
export const mostOf = ({ fees, gas }: Pick<SignedCall, 'fees' | 'gas'>, dataFee: bigint): bigint =>
  gas * fees.maxFeePerGas + dataFee;

/** What a recorded transaction of ours does and offers; all are of type 2. */
export function signedCall(rawTransaction: HexData): SignedCall {
  const { to, data, value, gasLimit, maxFeePerGas, maxPriorityFeePerGas } = Transaction.from(rawTransaction);
  return {
    call: { to, data, value },
    gas: gasLimit,
    fees: { maxFeePerGas: maxFeePerGas ?? 0n, maxPriorityFeePerGas: maxPriorityFeePerGas ?? 0n },
  };
}

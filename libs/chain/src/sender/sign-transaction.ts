import type { Hash, HexData } from '@abland/domain';
import { keccak256, type TransactionRequest, type Wallet } from 'ethers';
import { ChainUnavailableError } from './errors.js';
import type { SendingProvider } from './sending-provider.js';

/** EIP-1559 fees in wei per gas. */
export interface Fees {
  readonly maxFeePerGas: bigint;
  readonly maxPriorityFeePerGas: bigint;
}

export interface UnsignedTransaction {
  readonly call: TransactionRequest;
  readonly gas: bigint;
  readonly fees: Fees;
  readonly chainId: number;
  readonly nonce: number;
}

/** What the provider takes for enough: twice the newest base fee, so that it still is some blocks later. */
export async function currentFees(provider: SendingProvider): Promise<Fees> {
  const { maxFeePerGas, maxPriorityFeePerGas } = await provider.getFeeData();
  if (maxFeePerGas === null || maxPriorityFeePerGas === null) {
    throw new ChainUnavailableError('The provider tells no EIP-1559 fees');
  }
  return { maxFeePerGas, maxPriorityFeePerGas };
}

export async function signTransaction(
  wallet: Wallet,
  { call, gas, fees, chainId, nonce }: UnsignedTransaction,
): Promise<{ txHash: Hash; rawTransaction: HexData }> {
  const rawTransaction = await wallet.signTransaction({
    type: 2,
    chainId,
    nonce,
    to: call.to ?? null,
    data: call.data ?? null,
    value: call.value ?? null,
    gasLimit: gas,
    ...fees,
  });
  return { txHash: keccak256(rawTransaction), rawTransaction };
}

import type { Hash, HexData } from '@abland/domain';
import { keccak256, type Wallet } from 'ethers';
import type { SignedCall } from './price.js';

export interface UnsignedTransaction extends SignedCall {
  readonly chainId: number;
  readonly nonce: number;
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

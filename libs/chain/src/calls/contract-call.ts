import type { Interface } from 'ethers';
import type { Address, AmountText, HexData, Uuid } from '@abland/domain';
import { tagCalldata } from './command-tag.js';

/** What a wallet needs to sign: the rest (nonce, gas, fees) is its own. */
export interface ContractCall {
  readonly to: Address;
  readonly data: HexData;
  /** Wei. */
  readonly value: AmountText;
}

/** Encodes a call that carries the tag of its command. */
export function encodeTaggedCall(
  contract: Interface,
  to: Address,
  method: string,
  args: readonly unknown[],
  commandId: Uuid,
  valueWei = 0n,
): ContractCall {
  const data = tagCalldata(contract.encodeFunctionData(method, args), commandId);
  return { to, data, value: valueWei.toString() };
}

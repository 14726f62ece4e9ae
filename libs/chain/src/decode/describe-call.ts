import { type Interface, type ParamType, Result } from 'ethers';
import type { Address, HexData } from '@abland/domain';
import type { FollowedContracts } from '../blocks/chain-block.js';
import { INTERFACES } from '../contracts/interfaces.js';

/** The router may be any client's: nothing is known by it. */
export type KnownContract = Exclude<keyof typeof INTERFACES, 'ABRouter'>;

export interface CallArgument {
  /** Empty where the contract gives it none. */
  readonly name: string;
  /** Its type in Solidity. */
  readonly type: string;
  /** Integers in decimal, bytes in hexadecimal, texts as they are, lists in brackets. */
  readonly value: string;
}

export interface DescribedCall {
  readonly contract: KnownContract;
  readonly function: string;
  /** `setSwapFee(uint256)`. */
  readonly signature: string;
  readonly arguments: readonly CallArgument[];
  /** `ABLiquidityManager.setSwapFee(25)`; texts in it are quoted. */
  readonly text: string;
}

/** Which of our contracts lies at an address; null where none does. Launched tokens are not among them. */
export function contractAt(contracts: FollowedContracts, address: Address): KnownContract | null {
  const { tokenFactory, liquidityManager, forwarder, governance, checkpoint } = contracts;
  const known: readonly (readonly [KnownContract, string | null | undefined])[] = [
    ['ABTokenFactory', tokenFactory],
    ['ABLiquidityManager', liquidityManager],
    ['ABForwarder', forwarder],
    ['ABGovernance', governance?.governor],
    ['ABTimelock', governance?.timelock],
    ['ABToken', governance?.token],
    ['ABCheckpoint', checkpoint],
  ];
  const found = known.find(([, at]) => at?.toLowerCase() === address.toLowerCase());
  return found === undefined ? null : found[0];
}

/**
 * What a call means to a person; null where the contract has no such function, or the bytes are not the arguments that
 * Solidity's encoder would give, so that nothing is shown that might be read otherwise on the chain.
 */
export function describeCall(contract: KnownContract, calldata: HexData): DescribedCall | null {
  const abi: Interface = INTERFACES[contract];
  try {
    const call = abi.parseTransaction({ data: calldata });
    if (call === null || abi.encodeFunctionData(call.fragment, call.args) !== calldata.toLowerCase())
      return null;
    const values = call.args.toArray() as readonly unknown[];
    const { inputs } = call.fragment;
    const shown = inputs.map((input, index) => written(values[index], input, true));
    return {
      contract,
      function: call.name,
      signature: call.signature,
      arguments: inputs.map((input, index) => ({
        name: input.name,
        type: input.type,
        value: written(values[index], input, false),
      })),
      text: `${contract}.${call.name}(${shown.join(', ')})`,
    };
  } catch {
    return null; // too short, or a text that is no UTF-8
  }
}

function written(value: unknown, { type }: ParamType, quoted: boolean): string {
  if (value instanceof Result)
    return `[${value
      .toArray()
      .map((item) => listed(item))
      .join(', ')}]`;
  if (quoted && type === 'string') return JSON.stringify(value);
  return String(value);
}

/** Inside of a list a text needs its quotes: its commas would be read as the list's. */
function listed(value: unknown): string {
  if (value instanceof Result) return `[${value.toArray().map(listed).join(', ')}]`;
  return typeof value === 'string' && !/^0x[0-9a-fA-F]*$/.test(value) ? JSON.stringify(value) : String(value);
}

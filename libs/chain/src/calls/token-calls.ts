import type { Address, Uuid } from '@abland/domain';
import { encodeTaggedCall, type ContractCall } from './contract-call.js';
import { INTERFACES } from '../contracts/interfaces.js';

export interface CreateTokenArguments {
  readonly name: string;
  readonly symbol: string;
  /** Base units. */
  readonly totalSupply: bigint;
  readonly decimals: number;
  readonly metadataURI: string;
  /** What the factory asks for, exactly; wei. */
  readonly creationFeeWei: bigint;
}

export function encodeCreateToken(
  tokenFactory: Address,
  args: CreateTokenArguments,
  commandId: Uuid,
): ContractCall {
  const values = [args.name, args.symbol, args.totalSupply, args.decimals, args.metadataURI];
  return encodeTaggedCall(
    INTERFACES.ABTokenFactory,
    tokenFactory,
    'createToken',
    values,
    commandId,
    args.creationFeeWei,
  );
}

export function encodeDeactivateToken(tokenFactory: Address, token: Address, commandId: Uuid): ContractCall {
  return encodeTaggedCall(INTERFACES.ABTokenFactory, tokenFactory, 'deactivateToken', [token], commandId);
}

/** Lets a contract move an amount of the caller's tokens; sent before the call that needs it, so it carries no tag. */
export function encodeApproval(token: Address, spender: Address, amount: bigint): ContractCall {
  return { to: token, data: INTERFACES.ABToken.encodeFunctionData('approve', [spender, amount]), value: '0' };
}

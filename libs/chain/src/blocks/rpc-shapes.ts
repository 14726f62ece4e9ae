import type { HexData } from '@abland/domain';
import { InconsistentBlockError } from '../rpc/errors.js';

/** The fields of JSON-RPC answers that are read here. */
export interface RpcTransaction {
  readonly hash: HexData;
  readonly from: HexData;
  readonly to: HexData | null;
  readonly input: HexData;
  readonly value: HexData;
  readonly gas: HexData;
}

export interface RpcHeader {
  readonly number: HexData;
  readonly hash: HexData;
  readonly parentHash: HexData;
  readonly timestamp: HexData;
  readonly logsBloom: HexData;
}

export interface RpcBlock extends RpcHeader {
  readonly transactions: readonly RpcTransaction[];
}

export interface RpcLog {
  readonly address: HexData;
  readonly topics: readonly HexData[];
  readonly data: HexData;
  readonly blockHash: HexData;
  readonly blockNumber: HexData;
  readonly transactionHash: HexData;
  readonly logIndex: HexData;
  readonly removed?: boolean;
}

export interface RpcReceipt {
  readonly transactionHash: HexData;
  readonly blockHash: HexData;
  readonly status: HexData;
}

export const quantity = (value: number): HexData => `0x${value.toString(16)}`;

/** A block that the provider said exists. */
export function requirePresent<Value>(value: Value | null | undefined, what: string): Value {
  if (value === null || value === undefined) {
    throw new InconsistentBlockError(`The provider does not have ${what}`, { what });
  }
  return value;
}

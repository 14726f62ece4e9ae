import type { JsonObject } from '@abland/kernel';

/** Data of one version as data of the next. */
export type Upcaster = (data: JsonObject) => JsonObject;

/** By event type, then by the version that it starts from. */
export type Upcasters = Readonly<Record<string, Readonly<Record<number, Upcaster>>>>;

/**
 * One step for each version that was ever left behind:
 * `PoolCreated: { 1: (data) => ({ ...data, fee: '30' }) }` makes version 2 of version 1.
 */
export const UPCASTERS: Upcasters = {
  // Version 2 says who has another chain than ours.
  ChainHalted: { 1: (data) => ({ ...data, seen: null }) },
  // Version 2 says what the transaction sends, and with what it calls.
  TransactionPaid: { 1: (data) => ({ ...data, value: null, input: null, inputBytes: null }) },
  // Version 2 knows more kinds of operations; those of version 1 are among them.
  OperationRequested: { 1: (data) => data },
};

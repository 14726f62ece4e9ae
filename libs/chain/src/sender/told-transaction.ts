import type { Hash } from '@abland/domain';
import { amountOf, type DataFeeTold, dataFeeField } from '../blocks/data-fee-field.js';
import { operatorFeeOf } from '../blocks/operator-fee.js';
import type { Reading } from '../rpc/reading.js';

/**
 * Whether an answer to `eth_getTransactionReceipt` is the receipt of a mined transaction; null is none, and so is one of a block that
 * is not there yet. Whether it was executed or reverted is nothing to the sender: its nonce is used. So a `status` that is absent,
 * null, or replaced by a state root (before Byzantium), and a `type` that is unknown here, change nothing.
 * @throws MalformedAnswerError where it is no receipt of this transaction
 */
export function isOfMined(reading: Reading, answer: unknown, txHash: Hash): boolean {
  if (answer === null) return false;
  const fields = requireOf(reading, answer, 'transactionHash', txHash);
  if (isPending(fields)) return false;
  reading.hash(fields, 'blockHash');
  reading.quantity(fields, 'blockNumber');
  return true;
}

/**
 * What a mined transaction paid beside its gas, for its data on the chain below and to who operates its chain, in wei, by an answer to
 * `eth_getTransactionReceipt`: 0 where its receipt tells none. Null where it is not mined.
 * @throws MalformedAnswerError as above
 */
export function dataFeeTold(
  reading: Reading,
  answer: unknown,
  txHash: Hash,
  dataFee: DataFeeTold,
): bigint | null {
  if (!isOfMined(reading, answer, txHash)) return null;
  const receipt = reading.object(answer);
  const field = dataFeeField(dataFee, receipt);
  const forData = field?.unit === 'WEI' ? amountOf(reading, receipt, field.field) : 0n;
  return forData + operatorFeeOf(reading, receipt, dataFee);
}

/** Whether an answer to `eth_getTransactionByHash` is that transaction, mined or not. @throws MalformedAnswerError as above */
export function isOfTransaction(reading: Reading, answer: unknown, txHash: Hash): boolean {
  if (answer === null) return false;
  requireOf(reading, answer, 'hash', txHash);
  return true;
}

type Fields = Readonly<Record<string, unknown>>;

function requireOf(reading: Reading, answer: unknown, name: string, txHash: Hash): Fields {
  const fields = reading.object(answer);
  if (reading.hash(fields, name) !== txHash.toLowerCase()) throw reading.fault(name, fields[name]);
  return fields;
}

const isPending = ({ blockHash = null, blockNumber = null }: Fields): boolean =>
  blockHash === null && blockNumber === null;

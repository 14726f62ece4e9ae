import type { BlockProof } from '@abland/domain';
import { InconsistentBlockError } from '../rpc/errors.js';
import type { Provider } from '../rpc/provider.js';
import { type Fields, isAbsent, Reading, typeOf } from '../rpc/reading.js';
import type { Receipt, Transaction } from './answers.js';
import type { MinedCost } from './chain-block.js';
import { amountOf, type DataFeeTold, dataFeeField } from './data-fee-field.js';
import { operatorFeeOf } from './operator-fee.js';
import { receiptsIfHad } from './fetch-blocks.js';
import type { Evidence } from './prove-block.js';

/** Up to which types transactions are priced by Ethereum's rules (EIP-7702). */
const ETHEREUM_TYPE_MAX = 4;

export interface CostOptions {
  readonly evidence: Evidence;
  /** What shows that the block's receipts are those of its header. */
  readonly proof: BlockProof;
  readonly dataFee: DataFeeTold;
}

/**
 * What transactions of a block cost whoever sent them, in its order; without those whose receipts the provider does not give.
 * @throws InconsistentBlockError where a receipt contradicts those before it, what its transaction offers, or is of another block
 * @throws MalformedAnswerError
 */
export async function costsOf(
  provider: Provider,
  transactions: readonly Transaction[],
  options: CostOptions,
): Promise<readonly MinedCost[]> {
  if (transactions.length === 0) return [];
  const { evidence } = options;
  const receipts = evidence.receipts ?? (await receiptsIfHad(provider, transactions));
  const byHash = new Map(receipts.map((receipt) => [receipt.transactionHash, receipt]));
  return transactions.flatMap((transaction) => {
    const receipt = byHash.get(transaction.hash);
    if (receipt === undefined) return [];
    const cost = costOf(provider, transaction, receipt, options.dataFee);
    const problem = problemOf(transaction, receipt, cost, options);
    if (problem === null) return [cost];
    const { hash, number } = evidence.block.header;
    const details = { provider: provider.shownUrl, number, hash, txHash: transaction.hash };
    throw new InconsistentBlockError(
      `${provider.shownUrl}: the receipt of ${transaction.hash} ${problem}`,
      details,
    );
  });
}

function costOf(
  { shownUrl }: Provider,
  { fields, from, hash }: Transaction,
  receipt: Receipt,
  dataFee: DataFeeTold,
): MinedCost {
  const reading = new Reading(shownUrl, `the receipt of ${hash}`);
  const told = receipt.fields;
  const gasUsed = BigInt(reading.number(told, 'gasUsed'));
  // Before EIP-1559 it is what the transaction offers, and some nodes do not repeat it.
  const priced = isAbsent(told['effectiveGasPrice']) && !isAbsent(fields['gasPrice']);
  const gasPrice = priced
    ? amountOf(reading, fields, 'gasPrice')
    : amountOf(reading, told, 'effectiveGasPrice');
  const beside = dataFeeOf(reading, { told, fields, gasPrice }, dataFee);
  const operatorFee = typeOf(fields) > ETHEREUM_TYPE_MAX ? 0n : operatorFeeOf(reading, told, dataFee);
  const total = gasUsed * gasPrice + (beside?.unit === 'WEI' ? beside.wei : 0n) + operatorFee;
  const inDecimal = { gasUsed: String(gasUsed), gasPrice: String(gasPrice), total: String(total) };
  return { hash, from, ...inDecimal, dataFee: beside === null ? null : String(beside.wei) };
}

function dataFeeOf(
  reading: Reading,
  { told, fields, gasPrice }: { told: Fields; fields: Fields; gasPrice: bigint },
  dataFee: DataFeeTold,
): { readonly unit: 'WEI' | 'GAS'; readonly wei: bigint } | null {
  const found = dataFeeField(dataFee, told);
  // What comes from the chain below, by a type of the chain's own, pays there.
  if (found === null || (isAbsent(told[found.field]) && typeOf(fields) > ETHEREUM_TYPE_MAX)) return null;
  const amount = amountOf(reading, told, found.field);
  return { unit: found.unit, wei: found.unit === 'WEI' ? amount : amount * gasPrice };
}

/** Null where it fits; where nothing shows that the receipts are the block's it is believed. */
function problemOf(
  { fields }: Transaction,
  receipt: Receipt,
  { gasPrice, gasUsed }: MinedCost,
  { evidence: { block, receipts }, proof }: CostOptions,
): string | null {
  if (receipt.blockHash !== block.header.hash) return `is of block ${receipt.blockHash}`;
  if (receipts === null || proof !== 'RECEIPTS') return null;
  const before = receipts[receipts.indexOf(receipt) - 1];
  const used = cumulative(receipt) - (before === undefined ? 0n : cumulative(before));
  if (used !== BigInt(gasUsed)) return `says ${gasUsed} gas, and by those before it it is ${used}`;
  const offered = fields['maxFeePerGas'] ?? fields['gasPrice'];
  if (typeOf(fields) > ETHEREUM_TYPE_MAX || typeof offered !== 'string') return null;
  return BigInt(gasPrice) > BigInt(offered)
    ? `says ${gasPrice} wei per gas, and ${BigInt(offered)} is offered`
    : null;
}

/** Its root is made of it: it is a number. */
const cumulative = ({ fields }: Receipt): bigint => BigInt(fields['cumulativeGasUsed'] as string);

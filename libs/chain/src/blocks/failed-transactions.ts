import type { HexData } from '@abland/domain';
import { INTERFACES } from '../contracts/interfaces.js';
import { InconsistentBlockError, RpcResponseError } from '../rpc/errors.js';
import type { ChainRpc } from '../rpc/chain-rpc.js';
import type { Provider } from '../rpc/provider.js';
import { Reading } from '../rpc/reading.js';
import { readCommandTag } from '../calls/command-tag.js';
import { describeRevert } from '../calls/revert-reason.js';
import { quantity, readReceipt, type Receipt, type Transaction } from './answers.js';
import type { FailedTransaction } from './chain-block.js';
import type { Evidence } from './prove-block.js';

const HEX = /^0x([0-9a-f]{2})*$/i;
/** Reverted transactions of a block that are explained: anyone may send as many as a block holds, and each is executed again. */
const EXPLAINED_MAX = 10;

/** Where providers put what a reverted call returned: as the data itself or in an object around it. */
function returnedBytes(data: unknown): HexData | null {
  if (typeof data === 'string') return HEX.test(data) ? data : null;
  if (typeof data === 'object' && data !== null && 'data' in data) return returnedBytes(data.data);
  return null;
}

interface Call {
  readonly from: HexData;
  readonly to: HexData;
  readonly data: HexData;
  readonly value: HexData;
  readonly gas: HexData;
}

/** Executes a call again on the state before its block; null where it succeeds there or the provider does not tell. */
async function reasonOf(provider: Provider, call: Call, parentNumber: number): Promise<string | null> {
  try {
    await provider.request('eth_call', call, quantity(parentNumber));
    return null;
  } catch (error) {
    if (!(error instanceof RpcResponseError)) throw error;
    const bytes = returnedBytes(error.data);
    return bytes === null ? null : describeRevert(bytes);
  }
}

/** The forwarder hides why its inner call failed; as ERC-2771 has it, the call carries its signer's address at the end. */
function innerCall(call: Call): Call | null {
  const parsed = INTERFACES.ABForwarder.parseTransaction({ data: call.data });
  if (parsed?.name !== 'execute') return null;
  const request = parsed.args[0] as {
    readonly from: HexData;
    readonly to: HexData;
    readonly data: HexData;
  };
  return {
    ...call,
    from: call.to,
    to: request.to,
    data: `${request.data}${request.from.slice(2).toLowerCase()}`,
  };
}

async function explain(
  provider: Provider,
  transaction: Transaction,
  parentNumber: number,
): Promise<string | null> {
  const { from, to, input, value, gas } = transaction;
  const call: Call = { from, to: to ?? '0x', data: input, value, gas };
  const inner = innerCall(call);
  const hidden = inner === null ? null : await reasonOf(provider, inner, parentNumber);
  return hidden ?? reasonOf(provider, call, parentNumber);
}

/** Which of the candidates (transactions to our contracts that left no log) were reverted, and why; of many only some are explained. */
export async function findFailures(
  provider: Provider,
  { block, receipts }: Evidence,
  candidates: readonly Transaction[],
): Promise<FailedTransaction[]> {
  const { hash: blockHash, number } = block.header;
  const known = receipts ?? (await fetchReceipts(provider, candidates));
  const byHash = new Map(known.map((receipt) => [receipt?.transactionHash, receipt]));
  const reverted = candidates.filter(({ hash }) => {
    const receipt = byHash.get(hash);
    if (receipt?.blockHash === blockHash) return !receipt.succeeded;
    const details = { provider: provider.shownUrl, hash: blockHash };
    throw new InconsistentBlockError(`${provider.shownUrl}: ${hash} is no longer in ${blockHash}`, details);
  });
  const reasons = await explainSome(provider, reverted, Math.max(0, number - 1));
  return reverted.map(({ from, hash, to }) => ({
    ...{ hash, from, to: to ?? '0x', reason: reasons.get(hash) ?? null },
  }));
}

/** Why some were reverted, those that carry a command before others; all at once, for a block waits for it. By transaction. */
async function explainSome(
  provider: Provider,
  reverted: readonly Transaction[],
  parentNumber: number,
): Promise<ReadonlyMap<string, string | null>> {
  const isCommanded = ({ input }: Transaction): boolean => readCommandTag(input) !== null;
  const inOrder = [
    ...reverted.filter(isCommanded),
    ...reverted.filter((transaction) => !isCommanded(transaction)),
  ];
  const explained = inOrder.slice(0, EXPLAINED_MAX).map(async (transaction) => {
    const reason = await explain(provider, transaction, parentNumber);
    return [transaction.hash, reason] as const;
  });
  return new Map(await Promise.all(explained));
}

/**
 * Those of what one provider tells to be reverted that more providers have so than not, itself counted; who does not have the block
 * is asked for nothing. What is left out may be settled by what comes later, what is told is told for good.
 */
export async function undisputed(
  rpc: Pick<ChainRpc, 'askOthers'>,
  provider: Provider,
  blockHash: HexData,
  told: readonly FailedTransaction[],
): Promise<readonly FailedTransaction[]> {
  const others = await rpc.askOthers(provider, async (other) =>
    (await fetchReceipts(other, told)).map(
      (receipt) => receipt?.blockHash === blockHash && (receipt.succeeded ? 'SUCCEEDED' : 'REVERTED'),
    ),
  );
  const votes = (index: number, vote: string): number =>
    others.filter((given) => given?.[index] === vote).length;
  return told.filter((_, index) => 1 + votes(index, 'REVERTED') > votes(index, 'SUCCEEDED'));
}

/** Null for one that the provider does not have. */
async function fetchReceipts(
  provider: Provider,
  transactions: readonly { readonly hash: HexData }[],
): Promise<readonly (Receipt | null)[]> {
  const given = await provider.batch(
    transactions.map(({ hash }) => ({ method: 'eth_getTransactionReceipt', params: [hash] })),
  );
  return transactions.map(({ hash }, index) => {
    const value = given[index] ?? null;
    return value === null
      ? null
      : readReceipt(new Reading(provider.shownUrl, `the receipt of ${hash}`), value);
  });
}

import type { HexData } from '@abland/domain';
import { FORWARDER_CALLS } from '../calls/interfaces.js';
import type { ChainRpc } from '../rpc/chain-rpc.js';
import { InconsistentBlockError, RpcResponseError } from '../rpc/errors.js';
import { describeRevert } from '../calls/revert-reason.js';
import type { FailedTransaction } from './chain-block.js';
import {
  quantity,
  requirePresent,
  type RpcBlock,
  type RpcReceipt,
  type RpcTransaction,
} from './rpc-shapes.js';

const HEX = /^0x([0-9a-f]{2})*$/i;

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
async function reasonOf(rpc: ChainRpc, call: Call, parentNumber: number): Promise<string | null> {
  try {
    await rpc.request('eth_call', call, quantity(parentNumber));
    return null;
  } catch (error) {
    if (!(error instanceof RpcResponseError)) throw error;
    const bytes = returnedBytes(error.data);
    return bytes === null ? null : describeRevert(bytes);
  }
}

/** The forwarder hides why its inner call failed; as ERC-2771 has it, the call carries its signer's address at the end. */
function innerCall(call: Call): Call | null {
  const parsed = FORWARDER_CALLS.parseTransaction({ data: call.data });
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
  rpc: ChainRpc,
  transaction: RpcTransaction,
  parentNumber: number,
): Promise<string | null> {
  const { from, to, input, value, gas } = transaction;
  const call: Call = { from, to: to ?? '0x', data: input, value, gas };
  const inner = innerCall(call);
  const hidden = inner === null ? null : await reasonOf(rpc, inner, parentNumber);
  return hidden ?? reasonOf(rpc, call, parentNumber);
}

/** Which of the candidates (transactions to our contracts that left no log) were reverted, and why. */
export async function findFailures(
  rpc: ChainRpc,
  block: RpcBlock,
  candidates: readonly RpcTransaction[],
): Promise<FailedTransaction[]> {
  const receipts = (await rpc.batch(
    candidates.map(({ hash }) => ({ method: 'eth_getTransactionReceipt', params: [hash] })),
  )) as readonly (RpcReceipt | null)[];
  const failures: FailedTransaction[] = [];
  for (const [index, transaction] of candidates.entries()) {
    const receipt = requirePresent(receipts[index], `the receipt of ${transaction.hash}`);
    if (receipt.blockHash !== block.hash) {
      throw new InconsistentBlockError(`${transaction.hash} is no longer in ${block.hash}`, {
        hash: block.hash,
      });
    }
    if (Number(receipt.status) !== 0) continue;
    failures.push({
      hash: transaction.hash,
      from: transaction.from,
      to: transaction.to ?? '0x',
      reason: await explain(rpc, transaction, Math.max(0, Number(block.number) - 1)),
    });
  }
  return failures;
}

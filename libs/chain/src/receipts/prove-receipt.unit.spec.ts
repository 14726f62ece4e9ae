import { describe, expect, it } from '@jest/globals';
import { canonicalJson, type JsonValue, type ReceiptProof, verifyReceipt } from '@abland/audit-verify';
import { makeBlock, type MadeBlock } from '../blocks/made-blocks.fixture.js';
import { RpcResponseError } from '../rpc/errors.js';
import type { Provider } from '../rpc/provider.js';
import { type FactPlace, proveReceipt } from './prove-receipt.js';

const TRANSFER = '0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef';
const TOKEN = `0x${'a1'.repeat(20)}`;
const [FROM, TO] = [`0x${'b2'.repeat(20)}`, `0x${'c3'.repeat(20)}`];
const word = (value: string | number): string => Number(value).toString(16).padStart(64, '0');
const topicOf = (address: string): string => `0x${'0'.repeat(24)}${address.slice(2)}`;
const transfer = (amount: number) => ({
  ...{ address: TOKEN, topics: [TRANSFER, topicOf(FROM), topicOf(TO)], data: `0x${word(amount)}` },
});

/** Of so many transactions, each with two transfers whose amounts tell them apart. */
const blockOf = (transactions: number): MadeBlock =>
  makeBlock(
    7,
    `0x${'1'.repeat(64)}`,
    Array.from({ length: transactions }, (_, at) => [transfer(2 * at + 1), transfer(2 * at + 2)]),
  );

interface Answers {
  readonly block?: unknown;
  readonly receipts?: unknown;
  readonly gives?: boolean;
}

function rpcOf(block: MadeBlock, { gives = true, ...answers }: Answers = {}) {
  const header = { ...block.header, transactions: block.transactions.map(({ hash }) => hash) };
  const receipts = answers.receipts === undefined ? block.receipts : answers.receipts;
  const answer = (method: string, [hash]: readonly unknown[]): unknown => {
    if (method === 'eth_getBlockByHash') return answers.block === undefined ? header : answers.block;
    if (method === 'eth_getTransactionReceipt')
      return block.receipts.find(({ transactionHash }) => transactionHash === hash) ?? null;
    if (!gives) throw new RpcResponseError(-32601, 'Method not found', null);
    return receipts;
  };
  const provider = {
    ...{ shownUrl: 'made', has: () => true },
    request: async (method: string, ...params: unknown[]) => answer(method, params),
    batch: async (requests: readonly { method: string; params: readonly unknown[] }[]) =>
      requests.map(({ method, params }) => answer(method, params)),
  };
  return { ask: <Result>(work: (one: Provider) => Promise<Result>) => work(provider as unknown as Provider) };
}

/** The place of a log of the block, and the entry that the log of events would have of it. */
function factOf(block: MadeBlock, index: number): { place: FactPlace; entry: JsonValue } {
  const log = block.logs[index] ?? {};
  const [blockHash, txHash] = [String(block.header['hash']), String(log['transactionHash'])];
  const chain = { chainId: 7, blockNumber: 7, blockHash, blockTime: 1_700_000_007, txHash, logIndex: index };
  const data = { contract: TOKEN, from: FROM, to: TO, amount: String(index + 1) };
  const entry = { id: 'x', type: 'Transfer', version: 1, data, metadata: { chain } };
  return { place: { blockHash, blockNumber: 7, txHash, logIndex: index }, entry: entry as JsonValue };
}

const faultOf = (entry: JsonValue, proof: ReceiptProof): string | null => {
  try {
    verifyReceipt(entry, proof);
    return null;
  } catch (error) {
    return (error as { fault: string }).fault;
  }
};

describe('the receipt of a fact', () => {
  it.each([1, 2, 3, 16, 17, 127, 128, 129, 300])(
    'proves each of its logs to whoever has the block’s hash alone, of %d transactions',
    async (transactions) => {
      const block = blockOf(transactions);
      for (let index = 0; index < 2 * transactions; index += transactions > 20 ? 37 : 1) {
        const { entry, place } = factOf(block, index);
        const proof = await proveReceipt(rpcOf(block), place);
        expect(verifyReceipt(entry, proof)).toMatchObject({ chainId: 7, blockNumber: 7, address: TOKEN });
      }
    },
  );

  it('is had one by one where the provider does not give all of a block', async () => {
    const block = blockOf(5);
    const { entry, place } = factOf(block, 6);
    expect(faultOf(entry, await proveReceipt(rpcOf(block, { gives: false }), place))).toBeNull();
  });

  it('proves nothing with any byte of it changed', async () => {
    const block = blockOf(40);
    const { entry, place } = factOf(block, 33);
    const proof = await proveReceipt(rpcOf(block), place);
    const flipped = (text: string, at: number): string =>
      text.slice(0, at) + (Number.parseInt(text[at] ?? '0', 16) ^ 1).toString(16) + text.slice(at + 1);
    for (let at = 0; at < proof.header.length; at += 1)
      expect(faultOf(entry, { ...proof, header: flipped(proof.header, at) })).not.toBeNull();
    for (const [which, node] of proof.nodes.entries())
      for (let at = 0; at < node.length; at += 1)
        expect(
          faultOf(entry, { ...proof, nodes: proof.nodes.with(which, flipped(node, at)) }),
        ).not.toBeNull();
    for (const other of [proof.transaction - 1, proof.transaction + 1, 0])
      expect(faultOf(entry, { ...proof, transaction: other })).toBe('NOT_ON_CHAIN');
    expect(faultOf(entry, { ...proof, log: 1 - proof.log })).toBe('NOT_ON_CHAIN');
    expect(faultOf(entry, { ...proof, nodes: [...proof.nodes, proof.header] })).toBe('NOT_ON_CHAIN');
    expect(faultOf(entry, { ...proof, nodes: proof.nodes.slice(0, -1) })).toBe('NOT_ON_CHAIN');
  });

  it('proves no other fact than the one of its log', async () => {
    const block = blockOf(4);
    const { entry, place } = factOf(block, 3);
    const proof = await proveReceipt(rpcOf(block), place);
    const text = canonicalJson(entry);
    const changes = [
      ['"amount":"4"', '"amount":"5"'],
      [FROM, TO],
      [TOKEN, FROM],
      ['"Transfer"', '"Approval"'],
      ['"blockNumber":7', '"blockNumber":8'],
      ['"blockTime":1700000007', '"blockTime":1700000008'],
      [String(block.header['hash']), `0x${'9'.repeat(64)}`],
    ] as const;
    for (const [from, to] of changes) {
      expect(text).toContain(from);
      expect(faultOf(JSON.parse(text.replaceAll(from, to)) as JsonValue, proof)).toBe('NOT_ON_CHAIN');
    }
  });

  it('is used only where it proves itself', async () => {
    const block = blockOf(3);
    const { place } = factOf(block, 2);
    const prove = (answers: Answers) => proveReceipt(rpcOf(block, answers), place);
    await expect(prove({ block: null })).rejects.toMatchObject({ code: 'RECEIPT_NOT_THERE' });
    await expect(prove({ receipts: block.receipts.slice(1) })).rejects.toMatchObject({
      code: 'CHAIN_DATA_INCONSISTENT',
    });
    const other = blockOf(4);
    await expect(prove({ receipts: other.receipts })).rejects.toMatchObject({ code: 'RECEIPT_NOT_THERE' });
    const header = { ...block.header, stateRoot: `0x${'5'.repeat(64)}`, transactions: [] };
    await expect(prove({ block: header })).rejects.toMatchObject({ code: 'RECEIPT_NOT_PROVABLE' });
    await expect(proveReceipt(rpcOf(block), { ...place, logIndex: null })).rejects.toMatchObject({
      code: 'RECEIPT_NOT_PROVABLE',
    });
    await expect(proveReceipt(rpcOf(block), { ...place, logIndex: 99 })).rejects.toMatchObject({
      code: 'CHAIN_DATA_INCONSISTENT',
    });
  });
});

import { describe, expect, it } from '@jest/globals';
import { RpcResponseError } from '../rpc/errors.js';
import type { Provider } from '../rpc/provider.js';
import { Reading } from '../rpc/reading.js';
import { readBlock, readReceipt } from './answers.js';
import type { DataFeeTold } from './data-fee-field.js';
import { type Json, makeBlock } from './made-blocks.fixture.js';
import { costsOf } from './transaction-costs.js';

const PARENT = `0x${'01'.repeat(32)}`;
const made = makeBlock(5, PARENT, [[], [], []]);
const reading = new Reading('http://node', 'a block');

interface Told {
  /** In the receipt of the second transaction. */
  readonly receipt?: Json;
  readonly transaction?: Json;
  readonly dataFee?: DataFeeTold;
  readonly proof?: 'NONE' | 'BLOOM' | 'RECEIPTS';
  /** Whether the block was read with its receipts. Default: it was. */
  readonly isWhole?: boolean;
  readonly lacks?: boolean;
}

/** What the second transaction of the block cost. */
async function costWhere(told: Told = {}) {
  const { dataFee = 'DETECT', isWhole = true, lacks = false, proof = 'RECEIPTS' } = told;
  const receipts = made.receipts.with(1, { ...made.receipts[1], ...told.receipt });
  const transactions = made.transactions.with(1, { ...made.transactions[1], ...told.transaction });
  const block = readBlock(reading, { ...made.header, transactions });
  const provider = {
    ...{ shownUrl: 'http://node', has: () => true, lacks: () => undefined },
    batch: (asked: readonly unknown[]) =>
      lacks
        ? Promise.reject(new RpcResponseError(-32601, 'the method does not exist', null))
        : Promise.resolve(asked.map(() => receipts[1])),
  } as unknown as Provider;
  const read = isWhole ? receipts.map((one) => readReceipt(reading, one)) : null;
  const asked = block.transactions.slice(1, 2);
  const costs = await costsOf(provider, asked, {
    evidence: { block, logs: [], receipts: read },
    proof,
    dataFee,
  });
  return costs[0] ?? null;
}

describe('what a transaction cost', () => {
  it('is its gas at the price that it came to, where nothing else is paid', async () => {
    expect(await costWhere()).toEqual({
      ...{ hash: made.transactions[1]?.['hash'], from: made.transactions[1]?.['from'] },
      ...{ gasUsed: '21000', gasPrice: '7', dataFee: null, total: '147000' },
    });
    expect(await costWhere({ isWhole: false, proof: 'NONE' })).toEqual(await costWhere());
  });

  it.each<[string, Told, object]>([
    ['beside the gas on the OP stack', { receipt: { l1Fee: '0x64' } }, { dataFee: '100', total: '147100' }],
    ['in the gas on Arbitrum', { receipt: { gasUsedForL1: '0x64' } }, { dataFee: '700', total: '147000' }],
    [
      'in the field that is named',
      { receipt: { rollupFee: '0x64', l1Fee: '0x1' }, dataFee: { unit: 'WEI', field: 'rollupFee' } },
      { dataFee: '100', total: '147100' },
    ],
    [
      'as gas in the field that is named',
      { receipt: { rollupGas: '0x1' }, dataFee: { unit: 'GAS', field: 'rollupGas' } },
      { dataFee: '7', total: '147000' },
    ],
    [
      'nowhere where it is said so',
      { receipt: { l1Fee: '0x64' }, dataFee: 'NONE' },
      { dataFee: null, total: '147000' },
    ],
    ['nowhere where the field is null', { receipt: { l1Fee: null } }, { dataFee: null, total: '147000' }],
  ])('has its data fee %s', async (_, told, cost) => {
    expect(await costWhere(told)).toMatchObject(cost);
  });

  const OPERATOR = { l1Fee: '0x64', operatorFeeScalar: '0x7a120', operatorFeeConstant: '0x9' };
  it.each<[string, Told, string]>([
    ['as Isthmus reckons it', { receipt: OPERATOR }, String(147_100 + 10_500 + 9)],
    [
      'as Jovian reckons it',
      { receipt: { ...OPERATOR, daFootprintGasScalar: '0x190' } },
      String(147_100 + 500_000 * 21_000 * 100 + 9),
    ],
    ['of no part by gas', { receipt: { ...OPERATOR, operatorFeeScalar: null } }, String(147_100 + 9)],
    ['not where a deposit pays none', { receipt: OPERATOR, transaction: { type: '0x7e' } }, '147100'],
    [
      'not where it is said that nothing is paid beside gas',
      { receipt: OPERATOR, dataFee: 'NONE' },
      '147000',
    ],
  ])('counts what the operator of an OP stack chain takes, %s', async (_, told, total) => {
    expect(await costWhere(told)).toMatchObject({ total });
  });

  it('is that of a deposit from the chain below, which pays there, whatever field is named', async () => {
    const named = { dataFee: { unit: 'WEI', field: 'l1Fee' } } as const;
    expect(await costWhere({ ...named, transaction: { type: '0x7e' } })).toMatchObject({ dataFee: null });
    await expect(costWhere(named)).rejects.toThrow('l1Fee of the receipt');
  });

  it('is reckoned by what it offers where a receipt names no price, as before EIP-1559', async () => {
    const receipt = { effectiveGasPrice: undefined };
    expect(await costWhere({ receipt, transaction: { gasPrice: '0x5' } })).toMatchObject({ total: '105000' });
    await expect(costWhere({ receipt })).rejects.toThrow('effectiveGasPrice of the receipt');
  });

  it.each<[string, Json]>([
    ['no gas', { gasUsed: null }],
    ['gas that is no number', { gasUsed: 21_000 }],
    ['more gas than can be', { gasUsed: `0x${'f'.repeat(20)}` }],
    ['a price that cannot be', { effectiveGasPrice: `0x${'f'.repeat(40)}` }],
    ['a data fee that cannot be', { l1Fee: `0x${'f'.repeat(64)}` }],
    ['a data fee that is no number', { l1Fee: '100' }],
    ['a part of the operator that is no number', { operatorFeeScalar: 'much' }],
    ['less gas than by those before it', { gasUsed: '0x1' }],
    ['more for a unit of gas than is offered', { effectiveGasPrice: '0x8' }],
    ['another block', { blockHash: PARENT }],
  ])('is not told by a receipt with %s: that is the provider’s fault', async (_, receipt) => {
    await expect(costWhere({ receipt })).rejects.toMatchObject({ code: expect.stringMatching(/^CHAIN_/) });
  });

  it('is believed where nothing shows that the receipt is the block’s', async () => {
    const receipt = { gasUsed: '0x1', effectiveGasPrice: '0x8' };
    expect(await costWhere({ receipt, proof: 'BLOOM' })).toMatchObject({ total: '8' });
  });

  it('is not known where the provider gives no receipts', async () => {
    expect(await costWhere({ isWhole: false, lacks: true, proof: 'NONE' })).toBeNull();
  });
});

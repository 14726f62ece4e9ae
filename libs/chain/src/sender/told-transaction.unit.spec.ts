import { describe, expect, it } from '@jest/globals';
import type { Json } from '@abland/kernel';
import type { DataFeeTold } from '../blocks/data-fee-field.js';
import { ChainRpcProvider } from './sending-provider.js';

const HASH = `0x${'ab'.repeat(32)}`;
const BLOCK = { blockHash: `0x${'cd'.repeat(32)}`, blockNumber: '0x10' };
/** As geth writes one, with all that is of no use here. */
const RECEIPT = {
  ...{ ...BLOCK, transactionHash: HASH, transactionIndex: '0x0', from: `0x${'11'.repeat(20)}`, to: null },
  ...{ cumulativeGasUsed: '0x5208', gasUsed: '0x5208', effectiveGasPrice: '0x1', contractAddress: null },
  ...{ logs: [], logsBloom: `0x${'00'.repeat(256)}`, status: '0x1', type: '0x2' },
};
const { status: _status, ...WITHOUT_STATUS } = RECEIPT;

const asking = (answers: Readonly<Record<string, Json>>): ChainRpcProvider =>
  new ChainRpcProvider(
    { request: async (method: string) => Promise.resolve(answers[method] as never) },
    31337,
  );
const isMined = (receipt: unknown): Promise<boolean> =>
  asking({ eth_getTransactionReceipt: receipt as Json }).isMined(HASH);

describe('a receipt as providers write it', () => {
  it.each([
    ['of one that was executed', RECEIPT],
    ['of one that was reverted', { ...RECEIPT, status: '0x0' }],
    ['with a state root in the place of its status', { ...WITHOUT_STATUS, root: `0x${'ef'.repeat(32)}` }],
    ['without status and root', WITHOUT_STATUS],
    ['whose status is null', { ...RECEIPT, status: null }],
    ['of a type that is not known here', { ...RECEIPT, type: '0x7e', depositNonce: '0x1' }],
    ['without a type, a price and logs', { ...BLOCK, transactionHash: HASH }],
    ['with its hash in upper case', { ...RECEIPT, transactionHash: `0x${'AB'.repeat(32)}` }],
  ])('%s is that of a mined transaction', async (_, receipt) => {
    expect(await isMined(receipt)).toBe(true);
  });

  it.each([
    ['null', null],
    ['of a block that is not there yet', { ...RECEIPT, blockHash: null, blockNumber: null }],
  ])('that is %s is none', async (_, receipt) => {
    expect(await isMined(receipt)).toBe(false);
  });

  it.each([
    ['of another transaction', { ...RECEIPT, transactionHash: BLOCK.blockHash }, 'transactionHash'],
    ['in half a block', { ...RECEIPT, blockHash: null }, 'blockHash'],
    ['whose block is no number', { ...RECEIPT, blockNumber: 16 }, 'blockNumber'],
    ['that is a text', 'mined', 'the answer'],
    ['that is absent', undefined, 'the answer'],
  ])('%s is refused by the name of what is wrong', async (_, receipt, field) => {
    await expect(isMined(receipt)).rejects.toMatchObject({
      code: 'CHAIN_ANSWER_MALFORMED',
      details: { field },
    });
  });

  it.each<[string, object, DataFeeTold, bigint | null]>([
    ['nothing, where it has no field for it', {}, 'DETECT', 0n],
    ['so many wei on the OP stack', { l1Fee: '0x64' }, 'DETECT', 100n],
    ['nothing beside its gas, of which it is a part on Arbitrum', { gasUsedForL1: '0x64' }, 'DETECT', 0n],
    [
      'so many wei, and more to its operator, on the OP stack',
      { l1Fee: '0x64', gasUsed: '0x5208', operatorFeeScalar: '0x7a120', operatorFeeConstant: '0x9' },
      'DETECT',
      10_609n,
    ],
    ['so many wei in a field that is named', { fee: '0x64' }, { unit: 'WEI', field: 'fee' }, 100n],
    ['nothing, where it is said so', { l1Fee: '0x64' }, 'NONE', 0n],
    [
      'nothing that is known, where it is not mined',
      { ...{ blockHash: null, blockNumber: null } },
      'DETECT',
      null,
    ],
  ])('tells that %s was paid for data on the chain below', async (_, fields, dataFee, paid) => {
    const request = async (): Promise<never> => Promise.resolve({ ...RECEIPT, ...fields } as never);
    expect(await new ChainRpcProvider({ request }, 31337, dataFee).dataFeeOf(HASH)).toBe(paid);
  });

  it('is not needed to know a transaction that waits', async () => {
    const waits = { hash: HASH, blockHash: null, type: '0x7e' };
    const provider = asking({ eth_getTransactionReceipt: null, eth_getTransactionByHash: waits });
    expect([await provider.isMined(HASH), await provider.isKnown(HASH)]).toEqual([false, true]);
    const unknown = asking({ eth_getTransactionReceipt: null, eth_getTransactionByHash: null });
    expect(await unknown.isKnown(HASH)).toBe(false);
  });
});

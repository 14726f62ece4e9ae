import { describe, expect, it } from '@jest/globals';
import { Reading } from '../rpc/reading.js';
import { readBlock, readLog, readReceipt } from './answers.js';
import { headerHash } from './header-hash.js';
import { type Json, makeBlock, type MadeBlock, type MadeLog } from './made-blocks.fixture.js';
import { type Evidence, proveBlock } from './prove-block.js';
import { receiptsRoot } from './receipts-root.js';

const PARENT = `0x${'01'.repeat(32)}`;
const RULES = { hashed: true, least: 'BLOOM' } as const;
const swap: MadeLog = { address: `0x${'b2'.repeat(20)}`, topics: [`0x${'11'.repeat(32)}`], data: '0x1234' };
const other: MadeLog = { ...swap, topics: [`0x${'22'.repeat(32)}`] };

const reading = new Reading('http://node', 'a block');
const evidence = (made: MadeBlock, change: Partial<MadeBlock> = {}, withReceipts = true): Evidence => {
  const { header, logs, receipts, transactions } = { ...made, ...change };
  return {
    block: readBlock(reading, { ...header, transactions }),
    logs: logs.map((log) => readLog(reading, log)),
    receipts: withReceipts ? receipts.map((receipt) => readReceipt(reading, receipt)) : null,
  };
};
const proof = (given: Evidence, rules: Parameters<typeof proveBlock>[1] = RULES): string => {
  const result = proveBlock(given, rules);
  return result.outcome === 'PROVEN' ? result.proof : result.what;
};
const without = (logs: readonly Json[], index: number): Json[] => logs.filter((_, at) => at !== index);

describe('the hash of a header', () => {
  it('is that of the first block of Ethereum', () => {
    const empty = '0x56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421';
    const zero = `0x${'00'.repeat(32)}`;
    const genesis = {
      ...{ parentHash: zero, miner: `0x${'00'.repeat(20)}`, mixHash: zero, nonce: '0x0000000000000042' },
      sha3Uncles: '0x1dcc4de8dec75d7aab85b567b6ccd41ad312451b948a7413f0a142fd40d49347',
      stateRoot: '0xd7f8974fb5ac78d9ac099b9ad5018bedc2ce0a72dad1827a1709da30580f0544',
      ...{ transactionsRoot: empty, receiptsRoot: empty, logsBloom: `0x${'00'.repeat(256)}` },
      ...{ difficulty: '0x400000000', number: '0x0', gasLimit: '0x1388', gasUsed: '0x0', timestamp: '0x0' },
      extraData: '0x11bbe8db4e347b4e8c937c1c8370e4b5ed33adb3db69cbdb7a38e1e50b1b82fa',
    };
    expect(headerHash(genesis)).toBe('0xd4e56740f876aef8c010b86a40d5f56745a118d0906a34e69aec8c0db1cb8fa3');
    expect(receiptsRoot([])).toBe(empty);
    expect(headerHash({ ...genesis, stateRoot: undefined })).toBeNull();
  });
});

describe('the proof of a block', () => {
  const made = makeBlock(5, PARENT, [[swap, other], [], [swap]]);

  it('is its receipts, else its bloom filter; the logs come in order', () => {
    expect(proof(evidence(made))).toBe('RECEIPTS');
    expect(proof(evidence(made, {}, false))).toBe('BLOOM');
    const shuffled = evidence(made, { logs: made.logs.toReversed() }, false);
    expect(proveBlock(shuffled, RULES)).toMatchObject({
      logs: [{ logIndex: 0 }, { logIndex: 1 }, { logIndex: 2 }],
    });
  });

  it('notices a log that is left out of the middle, is there twice, or of which the bloom filter does not know', () => {
    expect(proof(evidence(made, { logs: without(made.logs, 0) }, false))).toBe('LOG_INDEX');
    expect(proof(evidence(made, { logs: [...made.logs, made.logs[2] ?? {}] }, false))).toBe('LOG_INDEX');
    expect(proof(evidence(made, { logs: [] }, false))).toBe('BLOOM');
    const strange = { ...made.logs[2], address: `0x${'99'.repeat(20)}` };
    expect(proof(evidence(made, { logs: [...without(made.logs, 2), strange] }, false))).toBe('BLOOM');
  });

  it('needs receipts to notice that the last of two like logs is left out, which a bloom filter cannot tell', () => {
    const logs = without(made.logs, 2);
    expect(proof(evidence(made, { logs }, false))).toBe('BLOOM');
    const receipts = made.receipts.with(2, { ...made.receipts[2], logs: [] });
    expect(proof(evidence(made, { logs, receipts }))).toBe('RECEIPTS_ROOT');
    // What the receipts tell is taken, whatever was said of the logs.
    expect(proveBlock(evidence(made, { logs }), RULES)).toMatchObject({ logs: { length: 3 } });
  });

  it('notices receipts that are not those of its transactions', () => {
    expect(proof(evidence(made, { receipts: made.receipts.slice(1) }))).toBe('RECEIPTS');
    const receipts = made.receipts.map((receipt) => ({ ...receipt, cumulativeGasUsed: '0x1' }));
    expect(proof(evidence(made, { receipts }))).toBe('RECEIPTS_ROOT');
  });

  it('notices a header with another hash than its fields give, where headers are of a kind that is known', () => {
    const header = { ...made.header, timestamp: '0x1' };
    expect(proof(evidence(made, { header }))).toBe('HEADER_HASH');
    expect(proof(evidence(made, { header }), { ...RULES, hashed: false })).toBe('RECEIPTS');
  });

  it('notices transactions left out, altered or exchanged, also where there is no log to tell', () => {
    const silent = makeBlock(5, PARENT, [[], []]);
    const [first = {}, second = {}] = silent.transactions;
    const withTransactions = (...transactions: Json[]): Evidence =>
      evidence(silent, { transactions, receipts: [] }, false);
    expect(proof(withTransactions(first, second))).toBe('BLOOM');
    const wrong = [
      [first],
      [],
      [second, first],
      [first, second, second],
      [first, { ...second, input: '0x12' }],
      [first, { ...second, to: `0x${'99'.repeat(20)}` }],
      [first, { ...second, hash: PARENT }],
      [first, { ...second, r: null }],
    ];
    for (const transactions of wrong) {
      expect(proof(withTransactions(...transactions))).toBe('TRANSACTIONS');
      expect(proof(withTransactions(...transactions), { ...RULES, hashed: false })).toBe('BLOOM');
    }
  });

  it('leaves transactions of types unknown here to their receipts', () => {
    const [first = {}, second = {}] = made.transactions;
    const deposit = { ...first, type: '0x7e' };
    expect(proof(evidence(made, { transactions: [deposit, second, ...made.transactions.slice(2)] }))).toBe(
      'RECEIPTS',
    );
    expect(proof(evidence(made, { transactions: [deposit, second], receipts: made.receipts.slice(1) }))).toBe(
      'RECEIPTS',
    );
  });

  it('notices logs of another block or of no transaction of it', () => {
    const foreign = { ...made.logs[0], blockHash: PARENT };
    expect(proof(evidence(made, { logs: made.logs.with(0, foreign) }, false))).toBe('FOREIGN_LOG');
    const unknown = { ...made.logs[0], transactionHash: PARENT };
    expect(proof(evidence(made, { logs: made.logs.with(0, unknown) }, false))).toBe('UNKNOWN_TRANSACTION');
    const removed = { ...made.logs[0], removed: true };
    expect(proof(evidence(made, { logs: made.logs.with(0, removed) }, false))).toBe('FOREIGN_LOG');
  });

  it('is at least what is asked for: more than can be had is none', () => {
    const strict = { hashed: true, least: 'RECEIPTS' } as const;
    expect(proof(evidence(made), strict)).toBe('RECEIPTS');
    expect(proof(evidence(made, {}, false), strict)).toBe('RECEIPTS_ROOT');
    // An empty filter under the right hash leaves no doubt.
    expect(proof(evidence(makeBlock(6, PARENT, [[]]), {}, false), strict)).toBe('BLOOM');
  });

  it('is not had by a log made up in a block whose bloom filter is empty, whatever else of it is right', () => {
    const silent = makeBlock(6, PARENT, [[]]);
    const { hash, transactions } = { hash: silent.header['hash'], transactions: silent.transactions };
    const madeUp = { ...made.logs[0], blockHash: hash, blockNumber: '0x6' };
    const logs = [{ ...madeUp, transactionHash: transactions[0]?.['hash'] }];
    const given = evidence(silent, { logs }, false);
    for (const least of ['BLOOM', 'RECEIPTS'] as const)
      expect(proveBlock(given, { hashed: true, least })).toMatchObject({
        ...{ outcome: 'DISCREPANCY', what: 'BLOOM' },
      });
    expect(proof(given, { hashed: true, least: 'NONE' })).toBe('NONE');
  });

  it('is none, and refused by its name where any is wanted, of headers that tell of other blocks’ logs (ponder#2390)', () => {
    const settled = makeBlock(4, PARENT, [[other]]);
    const { logsBloom, receiptsRoot } = settled.header;
    const header = { ...made.header, logsBloom, receiptsRoot, settledHeight: '0x4' };
    const silent = { ...makeBlock(6, PARENT, [[]]).header, settledHeight: '0x5' };
    for (const withReceipts of [true, false]) {
      const given = evidence(made, { header }, withReceipts);
      const taken = proveBlock(given, { hashed: false, least: 'NONE' });
      expect(taken).toMatchObject({ outcome: 'PROVEN', proof: 'NONE', logs: { length: 3 } });
      for (const least of ['BLOOM', 'RECEIPTS'] as const)
        expect(proveBlock(given, { hashed: false, least })).toMatchObject({
          ...{ outcome: 'DISCREPANCY', what: 'BLOOM', reason: expect.stringContaining('ACP-194') },
        });
    }
    const empty = evidence(makeBlock(6, PARENT, [[]]), { header: silent });
    expect(proof(empty, { hashed: false, least: 'NONE' })).toBe('NONE');
    // Whoever only says so of a header whose hash is known hides nothing by it.
    const claimed = { ...made.header, settledHeight: '0x4' };
    const receipts = made.receipts.with(2, { ...made.receipts[2], logs: [] });
    expect(proof(evidence(made, { header: claimed }))).toBe('RECEIPTS');
    expect(proof(evidence(made, { header: claimed, receipts }), { ...RULES, least: 'NONE' })).toBe(
      'RECEIPTS_ROOT',
    );
  });

  it('is none on chains that leave the bloom filter empty, where that is taken (stratus#1134, zksync-era#4580)', () => {
    const header = { ...made.header, logsBloom: `0x${'00'.repeat(256)}` };
    const blind = evidence(made, { header }, false);
    expect(proof(blind, { hashed: false, least: 'NONE' })).toBe('NONE');
    expect(proof(blind, { hashed: false, least: 'BLOOM' })).toBe('BLOOM');
    expect(
      proof(evidence(made, { logs: without(made.logs, 1), header }, false), { hashed: false, least: 'NONE' }),
    ).toBe('LOG_INDEX');
  });

  it('is that of receipts in any number', () => {
    for (const count of [1, 2, 16, 17, 127, 128, 129, 300]) {
      const many = makeBlock(
        7,
        PARENT,
        Array.from({ length: count }, () => [swap]),
      );
      expect(proof(evidence(many))).toBe('RECEIPTS');
    }
  });
});

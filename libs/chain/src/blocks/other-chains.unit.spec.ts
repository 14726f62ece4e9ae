import { createMPT } from '@ethereumjs/mpt';
import { RLP } from '@ethereumjs/rlp';
import { describe, expect, it } from '@jest/globals';
import { keccak256 } from 'ethers';
import { Reading } from '../rpc/reading.js';
import { readBlock, readLog, readReceipt } from './answers.js';
import { headerHash } from './header-hash.js';
import { type Json, makeBlock, type MadeBlock, type MadeLog } from './made-blocks.fixture.js';
import { type Evidence, isHashed, proveBlock, type ProofRules } from './prove-block.js';
import { proveOurs } from './prove-ours.js';

const PARENT = `0x${'01'.repeat(32)}`;
const NOBODY = `0x${'00'.repeat(20)}`;
const ROOT_OF_NOTHING = '0x56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421';
const swap: MadeLog = { address: `0x${'b2'.repeat(20)}`, topics: [`0x${'11'.repeat(32)}`], data: '0x1234' };
const made = makeBlock(5, PARENT, [[], [swap], [swap, { ...swap, data: '0x' }]]);

/** Of a receipt of the OP stack since Canyon, in the order of its encoding. */
const DEPOSIT = { depositNonce: '0x2c28b9', depositReceiptVersion: '0x1' };

const reading = new Reading('http://node', 'a block');
const evidenceOf = ({ header, logs, receipts, transactions }: MadeBlock, withReceipts = true): Evidence => ({
  block: readBlock(reading, { ...header, transactions }),
  logs: logs.map((log) => readLog(reading, log)),
  receipts: withReceipts ? receipts.map((receipt) => readReceipt(reading, receipt)) : null,
});
function proofOf(evidence: Evidence, least: ProofRules['least']): string {
  const result = proveBlock(evidence, { hashed: isHashed(evidence.block.header), least });
  return result.outcome === 'PROVEN' ? `${result.proof}, ${result.logs.length} logs` : result.what;
}
const changed = (list: readonly Json[], index: number, change: Json): Json[] =>
  list.map((one, at) => (at === index ? { ...one, ...change } : one));

/** The same block where its first transaction is of a type of the chain's own, under the receipts' root by a general library. */
async function withFirstOfType(type: string, beside: Readonly<Record<string, string>>): Promise<MadeBlock> {
  const receipts = changed(made.receipts, 0, { type, ...beside });
  const trie = await createMPT();
  for (const [index, receipt] of receipts.entries()) {
    const { cumulativeGasUsed, logsBloom, status } = receipt;
    const logs = (receipt['logs'] as Json[]).map(({ address, data, topics }) => [address, topics, data]);
    const more = index === 0 ? Object.values(beside) : [];
    const body = RLP.encode([status, cumulativeGasUsed, logsBloom, logs, ...more] as Parameters<
      typeof RLP.encode
    >[0]);
    const kind = Number(receipt['type']);
    await trie.put(RLP.encode(index), kind === 0 ? body : Buffer.concat([Buffer.from([kind]), body]));
  }
  const header: Json = { ...made.header, receiptsRoot: `0x${Buffer.from(trie.root()).toString('hex')}` };
  const hash = headerHash(header);
  const of = (one: Json): Json => ({ ...one, blockHash: hash });
  return {
    header: { ...header, hash },
    transactions: changed(made.transactions, 0, { type }).map(of),
    logs: made.logs.map(of),
    receipts: receipts.map((one) => ({ ...of(one), logs: (one['logs'] as Json[]).map(of) })),
  };
}

describe('the blocks of other chains', () => {
  it.each([
    ['of Arbitrum’s types, encoded as all are (arbitrum-classic#1891)', '0x6a', {}, 'RECEIPTS_ROOT'],
    ['of what is deposited, with two fields more (op-geth#152)', '0x7e', DEPOSIT, 'RECEIPTS_ROOT'],
    // Where it is not known how a receipt is encoded, another root tells nothing.
    ['of what was deposited before Canyon', '0x7e', {}, 'BLOOM, 1 logs'],
    ['of a type unknown here that is encoded so too', '0x76', {}, 'BLOOM, 1 logs'],
  ])('are proved by receipts %s', async (_, type, beside, oneWithoutLogs) => {
    const block = await withFirstOfType(type, beside);
    expect(proofOf(evidenceOf(block), 'RECEIPTS')).toBe('RECEIPTS, 3 logs');
    const short = { ...block, receipts: changed(block.receipts, 2, { logs: [] }) };
    expect(proofOf(evidenceOf(short), 'BLOOM')).toBe(oneWithoutLogs);
    expect(proofOf(evidenceOf(short), 'RECEIPTS')).toBe('RECEIPTS_ROOT');
  });

  describe('that bring in what happened on another (Polygon until PIP-74)', () => {
    const key = `0x${Buffer.from('matic-bor-receipt-').toString('hex')}${'5'.padStart(16, '0')}`;
    const hash = keccak256(`${key}${String(made.header['hash']).slice(2)}`);
    const place = { blockHash: made.header['hash'], blockNumber: '0x5', transactionIndex: '0x3' };
    const listed = {
      ...made.transactions[0],
      ...{ ...place, hash, type: '0x0', from: NOBODY, to: NOBODY, input: '0x', gas: '0x0' },
    };
    const log = { ...made.logs[0], address: `0x${'99'.repeat(20)}`, transactionHash: hash, logIndex: '0x3' };
    const receipt = { ...made.receipts[0], ...place, transactionHash: hash, cumulativeGasUsed: '0x0' };
    const synced = (logs: Json[], receipts: readonly Json[] = [...made.receipts, { ...receipt, logs }]) => ({
      ...{ header: made.header, transactions: [...made.transactions, listed] },
      ...{ logs: [...made.logs, ...logs], receipts },
    });

    it('are proved by what their header covers, where nothing else has a log', () => {
      expect(proofOf(evidenceOf(synced([])), 'RECEIPTS')).toBe('RECEIPTS, 3 logs');
      expect(proofOf(evidenceOf(synced([]), false), 'BLOOM')).toBe('BLOOM, 3 logs');
    });

    it('are taken with its logs where nothing is to be proved, else refused by their name (squid-sdk#420)', () => {
      const forms = [
        evidenceOf(synced([log])),
        evidenceOf(synced([log], made.receipts)),
        evidenceOf(synced([log]), false),
      ];
      for (const evidence of forms) {
        expect(proofOf(evidence, 'NONE')).toBe('NONE, 4 logs');
        for (const least of ['BLOOM', 'RECEIPTS'] as const)
          expect(proveBlock(evidence, { hashed: true, least })).toMatchObject({
            ...{ what: 'UNROOTED_LOG', reason: expect.stringContaining('proof none') },
          });
      }
      expect(proveOurs({ ...evidenceOf(synced([log]), false), read: 'FILTERED' })).toMatchObject({
        ...{ outcome: 'PROVEN', proof: 'NONE', logs: { length: 4 } },
      });
    });

    it('hide nothing under the name of it', () => {
      expect(evidenceOf(synced([log])).block.transactions.map((one) => one.hash)).not.toContain(hash);
      for (const other of [{ hash: PARENT }, { from: PARENT.slice(0, 42) }, { to: PARENT.slice(0, 42) }]) {
        const transactions = [...made.transactions, { ...listed, ...other }];
        expect(proofOf(evidenceOf({ ...synced([]), transactions }), 'NONE')).toBe('TRANSACTIONS');
      }
    });
  });

  it('have logs of transactions that are listed nowhere, which are taken where nothing is to be proved (squid-sdk#495)', () => {
    const unlisted = { ...made.logs[0], transactionHash: PARENT, logIndex: '0x3' };
    const evidence = evidenceOf({ ...made, logs: [...made.logs, unlisted] }, false);
    expect(proofOf(evidence, 'NONE')).toBe('NONE, 4 logs');
    expect(proofOf(evidence, 'BLOOM')).toBe('UNKNOWN_TRANSACTION');
    expect(proveOurs({ ...evidence, read: 'FILTERED' })).toMatchObject({ outcome: 'PROVEN', proof: 'NONE' });
  });

  it('tell by the root of nothing that they have none, where their hash is not that of their fields (ethermint#812)', () => {
    for (const receiptsRoot of [ROOT_OF_NOTHING, `0x${'00'.repeat(32)}`]) {
      const header: Json = { ...made.header, receiptsRoot };
      expect(proofOf(evidenceOf({ ...made, header }), 'BLOOM')).toBe('BLOOM, 3 logs');
      expect(proofOf(evidenceOf({ ...made, header }), 'RECEIPTS')).toBe('RECEIPTS_ROOT');
      const hash = headerHash(header);
      const of = (one: Json): Json => ({ ...one, blockHash: hash });
      const receipts = made.receipts.map((one) => ({ ...of(one), logs: (one['logs'] as Json[]).map(of) }));
      const block = { header: { ...header, hash }, transactions: made.transactions, logs: [], receipts };
      expect(proofOf(evidenceOf(block), 'BLOOM')).toBe('RECEIPTS_ROOT');
    }
    const other = { ...made.header, receiptsRoot: PARENT };
    expect(proofOf(evidenceOf({ ...made, header: other }), 'BLOOM')).toBe('RECEIPTS_ROOT');
  });

  it('are read though a transaction of an own type has no call of its own (tempo#1184)', () => {
    const { input: _input, to: _to, value: _value, ...bare } = made.transactions[0] ?? {};
    const withFirst = (first: Json) => ({ ...made.header, transactions: [first] });
    const { transactions } = readBlock(reading, withFirst({ ...bare, type: '0x76', calls: [] }));
    expect(transactions).toMatchObject([{ to: null, input: '0x', value: '0x0' }]);
    expect(() => readBlock(reading, withFirst({ ...bare, type: '0x2' }))).toThrow(
      'input of a block is absent',
    );
    expect(() => readBlock(reading, withFirst({ ...bare, type: '0x76', input: 7 }))).toThrow('input');
  });
});

import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RecordedEvent } from '@abland/kernel';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ReportQuery } from '../folding/query.js';
import { rowsOf, type Rows, writtenReport } from '../written-report.fixture.js';

const ORDER = '11111111-1111-4111-8111-111111111111';
const REFUSED = '22222222-2222-4222-8222-222222222222';
const [ALICE, BOB, GOLD, IRON, MANAGER] = ['a', 'b', '1', '2', 'c'].map((digit) => `0x${digit.repeat(40)}`);
const [POOL, TX, ZERO] = [`0x${'9'.repeat(64)}`, `0x${'7'.repeat(64)}`, `0x${'0'.repeat(40)}`];
const GENESIS = 1_800_000_000;
const QUERY: ReportQuery = { kind: 'RECORDS', chainId: 7, from: null, until: null };

let position = 0n;
const recorded = (stream: string, type: string, data: object, metadata: object = {}): RecordedEvent =>
  ({
    ...{ id: randomUUID(), stream, type, version: 1, data, revision: position, position: (position += 1n) },
    recordedAt: new Date((GENESIS + Number(position)) * 1_000 + 345).toISOString(),
    metadata: { correlationId: 'c', causationId: null, actor: 'test', ...metadata },
  }) as unknown as RecordedEvent;
const stage = (type: string, data: object): RecordedEvent =>
  recorded(`request-${ORDER}`, type, { commandId: ORDER, chainId: 7, ...data });
/** A block with these facts, whose transactions carry the order. */
function block(number: number, hash: string, facts: readonly (readonly [string, object])[]): RecordedEvent[] {
  const place = { chainId: 7, blockNumber: number, blockHash: hash, blockTime: GENESIS + number };
  const ingested = { number, hash, proof: 'RECEIPTS', providers: 1, facts: facts.length };
  return [...facts, ['BlockIngested', ingested] as const].map(([type, data], logIndex) =>
    recorded('chain-7', type, data, { chain: { ...place, txHash: TX, logIndex, commandId: ORDER } }),
  );
}
const swap = (user: string | undefined): readonly [string, object] => [
  'Swap',
  {
    contract: MANAGER,
    user,
    poolId: POOL,
    tokenIn: GOLD,
    tokenOut: IRON,
    amountIn: '10000',
    amountOut: '39',
  },
];
const OPENING = [
  ['SwapFeeUpdated', { contract: MANAGER, oldFee: '0', newFee: '30' }],
  ['ProtocolFeeUpdated', { contract: MANAGER, oldFee: '0', newFee: '10' }],
  ['Transfer', { contract: GOLD, from: ZERO, to: ALICE, amount: '500000' }],
  ['TokenCreated', { tokenAddress: GOLD, creator: ALICE, name: 'Gold', symbol: 'AU', totalSupply: '500000' }],
  ['TokenMetadataUpdated', { tokenAddress: GOLD, decimals: 6, metadataURI: '' }],
] as const;
const terms = { poolId: POOL, tokenIn: GOLD, tokenOut: IRON, amountIn: '10000', amountOutMin: '38' };
const confirmed = { txHash: TX, outcome: { kind: 'SWAP', amountIn: '10000', amountOut: '39' } };

const LOG: readonly RecordedEvent[] = [
  ...block(1, '0xa1', OPENING),
  stage('SwapRequested', {
    ...{ requester: ALICE, execution: 'WALLET', deadline: '2027-01-15T08:30:00.000Z', terms },
  }),
  stage('RequestSubmitted', { txHash: TX }),
  ...block(2, '0xa2', [swap(ALICE)]),
  stage('RequestConfirmed', confirmed),
  recorded('chain-7', 'BlocksReverted', { fromNumber: 2, toNumber: 2, hashes: ['0xa2'] }),
  stage('RequestRetracted', { txHash: TX, blockHash: '0xa2' }),
  ...block(2, '0xb2', [
    swap(ALICE),
    ['TransactionPaid', { txHash: TX, payer: ALICE, total: '210000', inputBytes: 228 }],
  ]),
  stage('RequestConfirmed', confirmed),
  recorded('chain-7', 'BlocksFinalized', { number: 2, hash: '0xb2' }),
  stage('RequestFinalized', { blockNumber: 2 }),
  ...block(3, '0xb3', [swap(BOB)]),
  recorded(`user-${ALICE}`, 'CommandRejected', {
    ...{ commandId: REFUSED, chainId: 7, address: ALICE, command: 'swap', code: 'AMOUNT_TOO_SMALL' },
    reason: 'Nothing would be paid',
  }),
];

describe('the records of orders and transactions', () => {
  let into: string;
  let report: { readonly path: string };
  beforeAll(async () => {
    into = await mkdtemp(join(tmpdir(), 'records-'));
    report = await writtenReport(QUERY, LOG, into);
  });
  afterAll(() => rm(into, { recursive: true, force: true }));
  const only = (rows: Rows, ...columns: readonly string[]): readonly unknown[] =>
    rows.map((row) => columns.map((column) => row[column]));

  it('let each stage of an order be seen, what a reorg took back as well', async () => {
    const orders = await rowsOf(report, 'orders');
    expect(
      only(orders, 'stage', 'newOrder', 'orderStatus', 'remainingQuantity', 'tradedConsideration'),
    ).toEqual([
      ['SwapRequested', 'NEWO', 'ACTI', '10000', null],
      ['RequestSubmitted', null, 'ACTI', '10000', null],
      ['RequestConfirmed', null, 'INAC', '0', '39'],
      ['RequestRetracted', null, 'ACTI', '10000', null],
      ['RequestConfirmed', null, 'INAC', '0', '39'],
      ['RequestFinalized', null, 'INAC', '0', null],
      ['CommandRejected', null, 'INAC', null, null],
    ]);
    expect(orders[0]).toMatchObject({
      ...{ orderIdentificationCode: ORDER, client: ALICE, buySell: 'SELL', cryptoAsset: GOLD },
      ...{ initialQuantity: '10000', limitConsideration: '38', priceCryptoAsset: IRON },
      ...{ orderTypeClassification: 'LMTO', validityPeriod: 'GTSV', tradingCapacity: 'AOTC' },
      validUntil: '2027-01-15T08:30:00.000000Z',
    });
    expect(orders[0]?.['time']).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.345000Z$/);
    expect(orders.at(-1)).toMatchObject({
      ...{ orderIdentificationCode: REFUSED, client: ALICE },
      reason: 'AMOUNT_TOO_SMALL: Nothing would be paid',
    });
  });

  it('have each transaction that stands, with its order only where who traded is who asked', async () => {
    const transactions = await rowsOf(report, 'transactions');
    const columns = ['seller', 'orderIdentificationCode', 'quantity', 'consideration', 'fee', 'final'];
    expect(only(transactions, ...columns)).toEqual([
      [ALICE, ORDER, '10000', '39', '30', 'true'],
      [BOB, null, '10000', '39', '30', 'false'],
    ]);
    expect(transactions[0]).toMatchObject({ cryptoAssetName: 'Gold', tradingPlatform: 'XXXX', buyer: POOL });
  });

  it('have of each what its chain says, and what it cost where the log has that', async () => {
    const [transactions, onchain] = [await rowsOf(report, 'transactions'), await rowsOf(report, 'onchain')];
    expect(only(onchain, 'networkFee', 'dataSize', 'totalSupply', 'from')).toEqual([
      ['210000', '228', '500000', ALICE],
      [null, null, '500000', BOB],
    ]);
    const links = [transactions, onchain].map((rows) => only(rows, 'transactionRecordNumber'));
    expect(links[0]).toEqual(links[1]);
    expect(await rowsOf(report, 'cryptoassets')).toEqual([
      {
        cryptoAsset: GOLD,
        name: 'Gold',
        symbol: 'AU',
        decimals: '6',
        toldBy: 'FACTORY',
        totalSupply: '500000',
      },
      { cryptoAsset: IRON, name: null, symbol: null, decimals: null, toldBy: null, totalSupply: null },
    ]);
  });

  it('have an order that the chain carried out after it had failed', async () => {
    const failed = stage('RequestFailed', { code: 'REFUSED_BY_SIMULATION', reason: 'late' });
    const submitted = LOG.findIndex(({ type }) => type === 'RequestSubmitted');
    const log = LOG.toSpliced(submitted + 1, 0, { ...failed, position: LOG[submitted]?.position ?? 0n });
    const report = await writtenReport(QUERY, log, into);
    const stages = (await rowsOf(report, 'orders')).map(({ stage: name }) => name);
    expect(stages.slice(2, 4)).toEqual(['RequestFailed', 'RequestConfirmed']);
    expect(stages).toContain('RequestFinalized');
    expect((await rowsOf(report, 'transactions'))[0]?.['orderIdentificationCode']).toBe(ORDER);
  });

  it('have both of a swap whose block goes on behind the checkpoint, with the name that its block tells last', async () => {
    const last = LOG.findLastIndex(({ type }) => type === 'BlockIngested');
    const place = LOG[last]?.metadata.chain;
    const described = {
      ...recorded('chain-7', 'TokenDescribed', { token: GOLD, name: 'Told', symbol: 'T', decimals: 1 }),
      metadata: { ...LOG[last]?.metadata, chain: place },
    } as RecordedEvent;
    const report = await writtenReport(QUERY, [...LOG.slice(0, last), described], into);
    const [transactions, onchain] = [await rowsOf(report, 'transactions'), await rowsOf(report, 'onchain')];
    expect(transactions.map(({ cryptoAssetName }) => cryptoAssetName)).toEqual(['Gold', 'Told']);
    expect(onchain).toHaveLength(2);
  });

  it('of a period have nothing of before or after it, of an order that was asked before it as well', async () => {
    const at = (seconds: number): string =>
      new Date((GENESIS + seconds) * 1_000).toISOString().replace('.000Z', 'Z');
    const retracted = LOG.findIndex(({ type }) => type === 'RequestRetracted');
    const from = at(Math.floor(Date.parse(LOG[retracted]?.recordedAt ?? '') / 1_000) - GENESIS);
    const later = await writtenReport({ ...QUERY, from }, LOG, into);
    const stages = (await rowsOf(later, 'orders')).map(({ stage: name }) => name);
    expect(stages).toEqual(['RequestRetracted', 'RequestConfirmed', 'RequestFinalized', 'CommandRejected']);
    expect(await rowsOf(later, 'transactions')).toEqual([]);
  });
});

import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { trustCheckpoint } from '@abland/audit-verify';
import { requestStream, userStream } from '@abland/domain';
import { MemoryEventStore } from '@abland/event-store';
import type { NewEvent, RecordedEvent } from '@abland/kernel';
import { MANAGER, type MarketState } from '@abland/testing/market';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { SimulatedChain } from '../../../projections/src/testing/simulated-chain.js';
import { CHAIN_ID } from '../../../projections/src/testing/simulated-chain.js';
import type { ReportQuery } from './folding/query.js';
import { csvOf } from './tables.js';
import { verifyFolder } from './verify-report.js';
import { all, marketLog } from './market-log.fixture.js';
import { type WrittenReport, writeReport } from './write-report.js';
import { reading, type Rows, rowsOf, SIGNER, TRUST, writtenReport } from './written-report.fixture.js';

const GENESIS = 1_700_000_000;
const instant = (seconds: number): string => new Date(seconds * 1_000).toISOString().replace('.000Z', 'Z');
const WHOLE = { from: null, until: null };
const MARKET: ReportQuery = { kind: 'MARKET', chainId: CHAIN_ID, poolId: null, ...WHOLE };

/** The same without the facts of blocks that were taken back, and without a word of that. */
function withoutReverted(events: readonly RecordedEvent[], chain: SimulatedChain): readonly RecordedEvent[] {
  const left = new Set(chain.blocks.map(({ hash }) => hash));
  return events.filter(
    ({ metadata, type }) =>
      type !== 'BlocksReverted' && (metadata.chain === undefined || left.has(metadata.chain.blockHash)),
  );
}

describe('reports', () => {
  let into: string;
  let log: Awaited<ReturnType<typeof marketLog>>;
  let state: MarketState;
  beforeAll(async () => {
    into = await mkdtemp(join(tmpdir(), 'reports-'));
    log = await marketLog(400, true);
    state = log.chain.state;
  });
  afterAll(() => rm(into, { recursive: true, force: true }));

  const write = (query: ReportQuery, events = log.events, folder = into): Promise<WrittenReport> =>
    writtenReport(query, events, folder);
  const sum = (rows: Rows, column: string): string =>
    rows.reduce((total, row) => total + BigInt(row[column] ?? 0), 0n).toString();

  it('of a market reconcile each pool’s reserves with the sum of its swaps and changes of liquidity', async () => {
    const report = await write(MARKET);
    const [pools, swaps] = [await rowsOf(report, 'pools'), await rowsOf(report, 'swaps')];
    expect(pools.length).toBe(state.pools.size);
    expect(swaps.length).toBeGreaterThan(20);
    for (const pool of pools) {
      const { poolId = '', tokenA, tokenB } = pool;
      expect([pool['unexplainedA'], pool['unexplainedB']]).toEqual(['0', '0']);
      const { reserveA, reserveB } = state.pools.get(poolId) ?? {};
      expect([pool['closingA'], pool['closingB']]).toEqual([`${reserveA}`, `${reserveB}`]);
      const own = swaps.filter((swap) => swap['poolId'] === poolId);
      const of = (token: string | undefined): Rows => own.filter(({ tokenIn }) => tokenIn === token);
      expect(pool['swaps']).toBe(`${own.length}`);
      expect([pool['swappedInA'], pool['swappedInB']]).toEqual([
        sum(of(tokenA), 'amountIn'),
        sum(of(tokenB), 'amountIn'),
      ]);
      expect([pool['swappedOutA'], pool['swappedOutB']]).toEqual([
        sum(of(tokenB), 'amountOut'),
        sum(of(tokenA), 'amountOut'),
      ]);
      expect([pool['feesA'], pool['feesB']]).toEqual([sum(of(tokenA), 'fee'), sum(of(tokenB), 'fee')]);
    }
  });

  it('tell what no event explains', async () => {
    const events = withoutReverted(log.events, log.chain);
    const lost = events.findLastIndex(({ type }) => type === 'Swap');
    const pools = await rowsOf(await write(MARKET, events.toSpliced(lost, 1)), 'pools');
    expect(pools.filter((pool) => pool['unexplainedA'] !== '0')).toHaveLength(1);
  });

  it('of a day begin with what the pool had before it', async () => {
    const [from, until] = [instant(GENESIS + 12 * 150), instant(GENESIS + 12 * 250)];
    const report = await write({ ...MARKET, from, until });
    const pools = await rowsOf(report, 'pools');
    for (const pool of pools) expect([pool['unexplainedA'], pool['unexplainedB']]).toEqual(['0', '0']);
    expect(pools.some((pool) => pool['openingA'] !== '0')).toBe(true);
    const swaps = await rowsOf(report, 'swaps');
    const all = (await rowsOf(await write(MARKET), 'swaps')).filter(
      ({ time = '' }) => Date.parse(time) >= Date.parse(from) && Date.parse(time) < Date.parse(until),
    );
    expect(swaps).toEqual(all);
    expect(swaps.length).toBeGreaterThan(0);
  });

  it('of an account end with what the chain says that it has', async () => {
    const holders = new Set([...state.balances.values()].flatMap((holdings) => [...holdings.keys()]));
    expect(holders.size).toBeGreaterThan(3);
    for (const address of holders) {
      const report = await write({
        kind: 'ACCOUNT',
        chainId: CHAIN_ID,
        address: address.toLowerCase(),
        ...WHOLE,
      });
      const has = [...state.balances].map(([token, of]) => [token, of.get(address) ?? 0n] as const);
      const told = (await rowsOf(report, 'balances')).filter(
        ({ balance }) => balance !== null && balance !== '0',
      );
      expect(new Map(told.map(({ balance, token }) => [token, balance]))).toEqual(
        new Map(has.filter(([, balance]) => balance > 0n).map(([token, balance]) => [token, `${balance}`])),
      );
      if (address === MANAGER) continue;
      const shares = [...state.pools].map(
        ([poolId, pool]) => [poolId, pool.shares.get(address) ?? 0n] as const,
      );
      const positions = (await rowsOf(report, 'positions')).filter(({ liquidity }) => liquidity !== '0');
      expect(new Map(positions.map(({ liquidity, poolId }) => [poolId, liquidity]))).toEqual(
        new Map(shares.filter(([, of]) => of > 0n).map(([poolId, of]) => [poolId, `${of}`])),
      );
      const swaps = await rowsOf(report, 'swaps');
      const pairs = new Set(
        swaps.flatMap(({ tokenIn, tokenOut }) => [`${tokenIn} ${tokenOut}`, `${tokenOut} ${tokenIn}`]),
      );
      const profits = await rowsOf(report, 'profits');
      expect(new Set(profits.map(({ quoteToken, token }) => `${token} ${quoteToken}`))).toEqual(pairs);
      for (const profit of profits)
        expect(BigInt(profit['matchedCost'] ?? 0) + BigInt(profit['openCost'] ?? 0)).toBe(
          BigInt(profit['paid'] ?? 0),
        );
    }
  });

  it('of an account have each step of its own orders, and nobody else’s', async () => {
    const [own, other] = ['11111111-1111-4111-8111-111111111111', '22222222-2222-4222-8222-222222222222'];
    const [ALICE, BOB] = [`0x${'a'.repeat(40)}`, `0x${'b'.repeat(40)}`];
    const store = new MemoryEventStore();
    const tell = (id: string, type: string, data: object): Promise<unknown> =>
      store.append(
        requestStream(id),
        [
          {
            ...{
              id: crypto.randomUUID(),
              type,
              version: 1,
              data: { commandId: id, chainId: CHAIN_ID, ...data },
            },
            metadata: { correlationId: id, causationId: null, actor: ALICE },
          } as NewEvent,
        ],
        'any',
      );
    await tell(own, 'SwapRequested', { requester: ALICE });
    await tell(other, 'SwapRequested', { requester: BOB });
    await tell(own, 'RequestSubmitted', { txHash: '0x1' });
    await tell(other, 'RequestExpired', {});
    await tell(own, 'RequestRetracted', { txHash: '0x1' });
    const query = { kind: 'ACCOUNT', chainId: CHAIN_ID, address: ALICE, ...WHOLE } as const;
    const orders = await rowsOf(await write(query, await all(store)), 'orders');
    expect(orders.map(({ commandId, type }) => [commandId, type])).toEqual([
      [own, 'SwapRequested'],
      [own, 'RequestSubmitted'],
      [own, 'RequestRetracted'],
    ]);
  });

  it('of a token give every holder, the largest first, and their sum as its supply', async () => {
    for (const token of state.balances.keys()) {
      if (state.strangers.has(token)) continue;
      const query = { kind: 'TOKEN', chainId: CHAIN_ID, token: token.toLowerCase(), ...WHOLE } as const;
      const report = await write(query);
      const holders = await rowsOf(report, 'holders');
      const there = [...(state.balances.get(token) ?? [])].filter(([, balance]) => balance > 0n);
      expect(new Map(holders.map(({ balance, holder }) => [holder, balance]))).toEqual(
        new Map(there.map(([holder, balance]) => [holder, `${balance}`])),
      );
      const sizes = holders.map(({ balance }) => BigInt(balance ?? 0));
      expect(sizes).toEqual(sizes.toSorted((one, two) => (one > two ? -1 : one < two ? 1 : 0)));
      expect((await rowsOf(report, 'supply')).at(-1)?.['supply']).toBe(sum(holders, 'balance'));
    }
  });

  it('say of which tokens the log has no transfers, and of the votes token what was minted', async () => {
    const [votes, stranger, ALICE] = ['5', '6', 'a'].map((digit) => `0x${digit.repeat(40)}`);
    const at = withoutReverted(log.events, log.chain).findLast(
      ({ type }) => type === 'Swap',
    ) as RecordedEvent;
    const minted = { contract: votes, to: ALICE, amount: '70' };
    const swap = { ...at.data, user: ALICE, tokenIn: stranger };
    const events = [
      ...log.events,
      { ...at, type: 'GovernanceTokenMinted', data: minted },
      { ...at, type: 'Swap', data: swap },
    ] as unknown as readonly RecordedEvent[];
    const of = (token: string | undefined): Promise<WrittenReport> =>
      write({ kind: 'TOKEN', chainId: CHAIN_ID, token: token ?? '', ...WHOLE }, events);
    const supply = await rowsOf(await of(votes), 'supply');
    expect(supply.map(({ account, amount, supply: all }) => [account, amount, all])).toEqual([
      [ALICE, '70', '70'],
    ]);
    const followed = [
      votes,
      stranger,
      [...state.balances.keys()].find((token) => !state.strangers.has(token)),
    ];
    const told = [];
    for (const token of followed)
      told.push((await rowsOf(await of(token?.toLowerCase()), 'subject'))[0]?.['followed']);
    expect(told).toEqual(['MINTS', 'NOTHING', 'TRANSFERS']);
    const account = await write(
      { kind: 'ACCOUNT', chainId: CHAIN_ID, address: ALICE ?? '', ...WHOLE },
      events,
    );
    const unknown = (await rowsOf(account, 'balances')).filter((row) => row['followed'] === 'false');
    expect(unknown).toEqual([{ token: stranger, balance: null, followed: 'false' }]);
  });

  it('of acts have what was refused, who was erased and what operators did, in the period alone', async () => {
    const types = [
      'CommandRejected',
      'UserErased',
      'OperationRequested',
      'UserRoleGranted',
      'ReportRequested',
    ];
    const store = new MemoryEventStore(() => (GENESIS + 60) * 1_000);
    const events = [...types, 'SwapRequested'].map((type) => ({
      ...{ id: crypto.randomUUID(), type, version: 1, data: { what: type } },
      metadata: { correlationId: 'c', causationId: null, actor: 'operator:test' },
    }));
    await store.append(userStream(`0x${'a'.repeat(40)}`), events, 'any');
    const acts = (from: number): ReportQuery => ({
      kind: 'ACTS',
      from: instant(GENESIS + from),
      until: null,
    });
    const report = await write(acts(0), await all(store));
    for (const [at, file] of ['rejected', 'erasures', 'operations', 'access', 'reports'].entries())
      expect((await rowsOf(report, file)).map(({ actor, type }) => [type, actor])).toEqual([
        [types[at], 'operator:test'],
      ]);
    const later = await write(acts(61), await all(store));
    expect(later.manifest.files.filter(({ rows }) => rows > 0)).toEqual([]);
  });

  it('have no fact of a block that was taken back, and say how many were', async () => {
    const names = ['swaps', 'liquidity', 'pools'];
    const [reorganized, plain] = [
      await write(MARKET),
      await write(MARKET, withoutReverted(log.events, log.chain)),
    ];
    for (const name of names) expect(await rowsOf(reorganized, name)).toEqual(await rowsOf(plain, name));
    const [blocks] = await rowsOf(reorganized, 'blocks');
    expect(blocks).toMatchObject({
      ...{ chainId: `${CHAIN_ID}`, firstBlock: '1', lastBlock: `${log.chain.head?.number}`, gaps: '0' },
      ...{ blocks: `${log.chain.blocks.length}`, finalBlock: `${log.chain.finalized}`, notProved: '0' },
      provedByBloom: `${log.chain.blocks.length}`,
    });
    expect(Number(blocks?.['revertedBlocks'])).toBeGreaterThan(20);
  });

  it('name what was parked and not told since', async () => {
    const parked = (id: string, type: string, data: object): RecordedEvent =>
      ({ ...log.events[20], id, type, data }) as unknown as RecordedEvent;
    const at = (log.events[20]?.metadata.chain ?? null) !== null;
    expect(at).toBe(true);
    const events = [
      ...log.events,
      parked('one', 'LogParked', { code: 'LOG_UNDECODABLE', reason: 'short' }),
      parked('two', 'LogParked', { code: 'FACT_IMPOSSIBLE', reason: 'long' }),
      parked('three', 'ParkedLogResolved', { eventId: 'one', resolution: 'RETRIED' }),
      parked('four', 'ParkedLogResolved', { eventId: 'two', resolution: 'SKIPPED' }),
    ];
    const rows = await rowsOf(await write(MARKET, events), 'parked');
    expect(rows.map(({ code, eventId }) => [eventId, code])).toEqual([['two', 'FACT_IMPOSSIBLE']]);
  });

  it('are the same folder each time, and are what they say', async () => {
    const [one, other] = [await write(MARKET), await write(MARKET, log.events, join(into, 'again'))];
    expect(other.name).toBe(one.name);
    const files = await readdir(one.path);
    expect(await readdir(other.path)).toEqual(files);
    for (const file of files)
      expect(await readFile(join(other.path, file))).toEqual(await readFile(join(one.path, file)));
    const verified = await verifyFolder(one.path, TRUST);
    expect(verified.manifest.log.size).toBe(log.events.length);
    // Nothing of a try is left beside it.
    expect((await readdir(join(into, 'again'))).filter((name) => name.startsWith('.'))).toEqual([]);
  });

  it('have each row in both files, and in CSV no formula of a stranger', async () => {
    const { path } = await write(MARKET);
    const [header = '', ...lines] = (await readFile(join(path, 'swaps.csv'), 'utf8')).split('\r\n');
    const rows = await rowsOf({ path }, 'swaps');
    expect(lines).toEqual([
      ...rows.map((row) =>
        header
          .split(',')
          .map((column) => row[column] ?? '')
          .join(','),
      ),
      '',
    ]);
    expect(['=1+1', '-5', '-5-5', 'a,"b"', '', null, '\r\n', '@x'].map(csvOf)).toEqual([
      ...["'=1+1", '-5', "'-5-5", '"a,""b"""', '""', '', '"\'\r\n"', "'@x"],
    ]);
  });

  it('are not made where the log says of its reorgs what it did not say before', async () => {
    const folder = join(into, 'reorgs');
    const checkpoint = SIGNER.checkpoint({ size: log.events.length, root: Buffer.alloc(32, 7) });
    const options = { query: MARKET, checkpoint, signer: SIGNER, into: folder };
    const last = log.events.findLastIndex(({ type }) => type === 'BlocksReverted');
    const written = writeReport({
      ...{ ...options, head: trustCheckpoint(checkpoint, TRUST), ...reading(log.events) },
      standing: reading(log.events.toSpliced(last, 1)).standing,
    });
    await expect(written).rejects.toMatchObject({ code: 'LOG_REWRITTEN' });
    expect(await readdir(folder)).toEqual([]);
  });

  it('leave nothing where they fail', async () => {
    const folder = join(into, 'failed');
    const failing = writeReport({
      ...{ query: MARKET, checkpoint: '', signer: SIGNER, into: folder },
      head: { ...trustCheckpoint(SIGNER.checkpoint({ size: 1, root: Buffer.alloc(32) }), TRUST) },
      ...reading(log.events),
      events: async function* () {
        yield log.events.slice(0, 90);
        throw new Error('The log was changed');
      },
    });
    await expect(failing).rejects.toThrow('The log was changed');
    expect(await readdir(folder)).toEqual([]);
  });
});

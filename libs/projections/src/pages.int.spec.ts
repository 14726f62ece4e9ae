import { afterEach, describe, expect, it } from '@jest/globals';
import { MemoryEventStore } from '@abland/event-store';
import { type NewEvent, silentLogger } from '@abland/kernel';
import { SeededRandom } from '@abland/testing/seeded-random';
import fc from 'fast-check';
import { parkedEvents } from './parked-events.js';
import { listFeeChanges } from './contracts/fees-queries.js';
import { listProposals } from './governance/proposals-query.js';
import { listHolders, listHoldings } from './holdings/queries.js';
import { listOperations } from './operations/queries.js';
import { listPools } from './pools/queries.js';
import { listLiquidityChanges, listPositions } from './positions/queries.js';
import type { ReadModel } from './read-model/database.js';
import { CursorExpiredError, InvalidCursorError } from './read-model/errors.js';
import type { Page, PageRequest } from './read-model/page.js';
import { listRequests } from './requests/queries.js';
import { listSwaps } from './swaps/queries.js';
import { rebuildProjection } from './rebuild-projections.js';
import { ChangingMarket, ofTransaction } from './testing/changing-market.js';
import { type Deed, PEOPLE, ZERO_ADDRESS } from '@abland/testing/market';
import { ProjectionBench } from './testing/projection-bench.js';
import { CHAIN_ID, CHAIN_STREAM, SimulatedChain } from './testing/simulated-chain.js';
import { asked, ASKS } from './testing/simulated-requests.js';
import { newEvent } from './testing/told-events.js';
import { listTokens } from './tokens/list-tokens.js';
import { listTransactions } from './transactions/queries.js';

const here = { chainId: CHAIN_ID };
type Listing = (page: PageRequest) => Promise<Page<unknown>>;

/** Every list there is, in every order. */
function everyList(market: ChangingMarket): Readonly<Record<string, Listing>> {
  const { bench, chain } = market;
  const db: ReadModel = bench.db;
  const token = [...chain.state.balances.keys()][0] ?? '';
  const poolId = [...chain.state.pools.keys()][0] ?? '';
  const owner = PEOPLE[0] ?? '';
  const now = market.now;
  return {
    holders: (page) => listHolders(db, { ...here, token, page }),
    'holdings of a person': (page) => listHoldings(db, { ...here, holder: owner, page }),
    'positions of a person': (page) => listPositions(db, { ...here, filter: { owner }, page }),
    'positions of a pool': (page) => listPositions(db, { ...here, filter: { poolId }, page }),
    'tokens, newest': (page) => listTokens(db, { ...here, now, page }),
    'active tokens': (page) => listTokens(db, { ...here, now, filter: { statuses: ['DEPLOYED'] }, page }),
    'tokens by holders': (page) => listTokens(db, { ...here, now: market.now, sort: 'HOLDERS', page }),
    'tokens found, by holders': (page) =>
      listTokens(db, { ...here, now: market.now, sort: 'HOLDERS', filter: { search: 'token' }, page }),
    'tokens by market cap': (page) => listTokens(db, { ...here, now: market.now, sort: 'MARKET_CAP', page }),
    'tokens by liquidity': (page) => listTokens(db, { ...here, now: market.now, sort: 'LIQUIDITY', page }),
    'tokens by volume': (page) => listTokens(db, { ...here, now: market.now, sort: 'VOLUME', page }),
    'pools, newest': (page) => listPools(db, { ...here, page }),
    'pools by liquidity': (page) => listPools(db, { ...here, sort: 'LIQUIDITY', page }),
    'pools of a token by liquidity': (page) =>
      listPools(db, { ...here, sort: 'LIQUIDITY', filter: { token }, page }),
    'pools by swaps': (page) => listPools(db, { ...here, sort: 'SWAPS', page }),
    transactions: (page) => listTransactions(db, { ...here, pendingOf: 'ALL', page }),
    'pending transactions': (page) =>
      listTransactions(db, { ...here, pendingOf: 'ALL', filter: { statuses: ['PENDING'] }, page }),
    'transactions that swap': (page) => listTransactions(db, { ...here, filter: { types: ['SWAP'] }, page }),
    swaps: (page) => listSwaps(db, { ...here, page }),
    'changes of liquidity': (page) => listLiquidityChanges(db, { ...here, filter: {}, page }),
    'changes of fees': (page) => listFeeChanges(db, { ...here, page }),
    proposals: (page) => listProposals(db, { ...here, page }),
    'active proposals': (page) => listProposals(db, { ...here, filter: { state: 'ACTIVE' }, page }),
    requests: (page) => listRequests(db, { page }),
    'open requests': (page) => listRequests(db, { filter: { statuses: ['ACCEPTED', 'SUBMITTED'] }, page }),
    operations: (page) => listOperations(db, { page }),
  };
}

/** A reader of a list, and what all of it was when they began. */
interface Reader {
  readonly whole: readonly unknown[];
  readonly seen: unknown[];
  /** The chain's head then. */
  readonly head: number;
  /** The oldest block that was taken back since. */
  takenBack: number;
  after: string | null;
}

const PAGE = 3;

async function begin(list: Listing, head: number): Promise<Reader> {
  const whole = await list({ first: 200 });
  const first = await list({ first: PAGE });
  expect(first.pageInfo.hasNextPage).toBe(whole.edges.length > PAGE);
  const { endCursor, hasNextPage } = first.pageInfo;
  return {
    whole: whole.edges.map(({ node }) => node),
    seen: first.edges.map(({ node }) => node),
    head,
    takenBack: Infinity,
    after: hasNextPage ? endCursor : null,
  };
}

/** Reads the next page. @throws CursorExpiredError */
async function readOn(list: Listing, reader: Reader): Promise<void> {
  if (reader.after === null) return;
  const { edges, pageInfo } = await list({ first: PAGE, after: reader.after });
  reader.seen.push(...edges.map(({ node }) => node));
  reader.after = pageInfo.hasNextPage ? pageInfo.endCursor : null;
}

const STORIES = Number(process.env['ABLAND_PAGE_STORIES'] ?? 4);
const story = fc.record({
  seed: fc.integer({ min: 0, max: 2 ** 31 }),
  batchSize: fc.integer({ min: 1, max: 60 }),
});

describe('the pages of a list that changes while it is read', () => {
  const opened: { close(): Promise<void> }[] = [];
  afterEach(async () => {
    for (const one of opened.splice(0)) await one.close();
  });

  it('are together what the list was at the first one, for every list and order; else a reorg took that state back', async () => {
    let expired = 0;
    let ended = 0;
    await fc.assert(
      fc.asyncProperty(story, async ({ seed, batchSize }) => {
        const market = await ChangingMarket.open(seed, batchSize);
        opened.push(market);
        const readers = new Map<string, Reader>();
        const lists = everyList(market);
        const head = (): number => market.chain.head?.number ?? 0;
        for (const [name, list] of Object.entries(lists)) readers.set(name, await begin(list, head()));
        for (let round = 0; round < 12; round += 1) {
          const takenBack = (await market.change()) ?? Infinity;
          for (const [name, reader] of readers) {
            reader.takenBack = Math.min(reader.takenBack, takenBack);
            const list = lists[name] as Listing;
            try {
              await readOn(list, reader);
            } catch (error) {
              if (!(error instanceof CursorExpiredError))
                throw new Error(`reading ${name}`, { cause: error });
              expect([name, reader.takenBack <= reader.head]).toEqual([name, true]);
              expired += 1;
              readers.set(name, await begin(list, head()));
              continue;
            }
            expect([name, reader.seen]).toEqual([name, reader.whole.slice(0, reader.seen.length)]);
            if (reader.after !== null) continue;
            expect([name, reader.seen.length]).toEqual([name, reader.whole.length]);
            ended += 1;
            readers.set(name, await begin(list, head()));
          }
        }
        expect(await parkedEvents(market.bench.pool)).toEqual([]);
      }),
      { numRuns: STORIES, examples: [[{ seed: 908_769_406, batchSize: 7 }]] }, // reorgs that readers meet
    );
    expect(ended).toBeGreaterThan(0);
    expect(expired).toBeGreaterThan(0);
  }, 300_000);

  describe('of one market', () => {
    const TOKEN = `0x${'1'.repeat(40)}`;
    const HOLDERS = Array.from({ length: 17 }, (_, index) => `0x${(index + 16).toString(16).repeat(20)}`);
    const MINUTE = 60;
    let bench: ProjectionBench;
    let chain: SimulatedChain;
    /** Seconds since the epoch. */
    let time = 0;

    const move =
      (from: string, to: string, amount: bigint): Deed =>
      () => [{ type: 'Transfer', data: { contract: TOKEN, from, to, amount: `${amount}` } }];
    const append = (events: readonly NewEvent[]) => bench.store.append(CHAIN_STREAM, events, 'any');
    const mine = async (...deeds: readonly Deed[]): Promise<void> => {
      await append(chain.mine(deeds));
      time = Math.max(time, chain.head?.time ?? 0);
      await bench.level();
    };
    const holders = (page: PageRequest) => listHolders(bench.db, { ...here, token: TOKEN, page });

    /** Seventeen hold 100 to 1,700. */
    async function open(secondsABlock = 1): Promise<void> {
      bench = await ProjectionBench.open(new MemoryEventStore());
      opened.push(bench);
      chain = new SimulatedChain(new SeededRandom(3), secondsABlock);
      const clock = (): number => time * 1_000;
      bench.start({ clock, timing: { now: clock }, journalKeptMs: 15 * MINUTE * 1_000 });
      await mine(...HOLDERS.map((holder, index) => move(ZERO_ADDRESS, holder, BigInt(index + 1) * 100n)));
    }

    async function readAll(list: Listing, first: number, between: () => Promise<void>): Promise<unknown[]> {
      const seen: unknown[] = [];
      for (let after: string | null = null; ; await between()) {
        const { edges, pageInfo } = await list({ first, after });
        seen.push(...edges.map(({ node }) => node));
        if (!pageInfo.hasNextPage) return seen;
        after = pageInfo.endCursor;
      }
    }

    it('has all who held throughout exactly once, while balances change between the pages', async () => {
      await open();
      const { edges } = await holders({ first: 50 });
      const [low, high] = [HOLDERS.slice(0, 8), HOLDERS.slice(9)];
      let turn = 0;
      const seen = await readAll(holders, 5, async () => {
        const [from, to] = [high[turn] ?? '', low[turn] ?? ''];
        turn += 1;
        await mine(move(from, to, 900n), move(ZERO_ADDRESS, `0x${'e'.repeat(39)}${turn}`, 5_000n));
      });
      expect(turn).toBe(3);
      expect(seen).toEqual(edges.map(({ node }) => node));
      expect(new Set(seen.map((node) => (node as { holder: string }).holder))).toEqual(new Set(HOLDERS));
    });

    it('goes on over a reorg of what came after it, and ends at a reorg of its own block', async () => {
      await open();
      await mine(move(HOLDERS[16] ?? '', HOLDERS[0] ?? '', 10n));
      const whole = (await holders({ first: 50 })).edges.map(({ node }) => node);
      const first = await holders({ first: 5 });
      const { endCursor: after } = first.pageInfo;
      await mine(move(HOLDERS[16] ?? '', HOLDERS[1] ?? '', 1_000n));
      await append(chain.revert(1));
      await mine(move(HOLDERS[15] ?? '', HOLDERS[2] ?? '', 1_000n));
      const second = await holders({ first: 50, after });
      expect([...first.edges, ...second.edges].map(({ node }) => node)).toEqual(whole);
      await append(chain.revert(2));
      await mine();
      await expect(holders({ first: 5, after })).rejects.toThrow(CursorExpiredError);
      await expect(holders({ first: 5, after: first.pageInfo.startCursor })).rejects.toThrow(
        CursorExpiredError,
      );
      expect((await holders({ first: 50 })).edges).toHaveLength(17);
    });

    it('goes on for as long as history is kept, and the journal keeps nothing older', async () => {
      await open();
      const whole = (await holders({ first: 50 })).edges.map(({ node }) => node);
      const { endCursor: after } = (await holders({ first: 5 })).pageInfo;
      await mine(move(HOLDERS[16] ?? '', HOLDERS[0] ?? '', 1_000n));
      await mine();
      await append(chain.finalize(0));
      time += 15 * MINUTE - 10;
      await mine();
      await append(chain.finalize(0));
      await bench.level();
      expect((await holders({ first: 50, after })).edges.map(({ node }) => node)).toEqual(whole.slice(5));
      time += 20;
      await mine();
      await append(chain.finalize(0));
      await bench.level();
      await expect(holders({ first: 50, after })).rejects.toThrow(CursorExpiredError);
      const last = chain.finalized;
      time += 20; // some read models let go of it a moment later than others
      await mine();
      await bench.level();
      expect((await bench.journaledBlocks()).filter((number) => number <= last)).toEqual([]);
    });

    it('goes on where the read model was rebuilt meanwhile', async () => {
      await open();
      const whole = (await holders({ first: 50 })).edges.map(({ node }) => node);
      const { endCursor: after } = (await holders({ first: 5 })).pageInfo;
      await mine(move(HOLDERS[16] ?? '', HOLDERS[0] ?? '', 1_000n));
      const { pool, store } = bench;
      const clock = () => time * 1_000;
      await rebuildProjection({ pool, store, projection: 'holdings', logger: silentLogger, clock });
      expect((await holders({ first: 50, after })).edges.map(({ node }) => node)).toEqual(whole.slice(5));
    });

    it('has each transaction once that is mined between the pages', async () => {
      await open();
      const hashes = ['a', 'b', 'c', 'd'].map((digit) => `0x${digit.repeat(64)}`);
      for (const [index, txHash] of hashes.entries()) {
        const commandId = `00000000-0000-4000-8000-00000000000${index}`;
        const data = asked({ commandId, chainId: CHAIN_ID, requester: HOLDERS[0] ?? '' }, ASKS.SwapRequested);
        await bench.store.append(
          `request-${commandId}`,
          [
            newEvent(`10000000-0000-4000-8000-00000000000${index}`, 'SwapRequested', data),
            newEvent(`20000000-0000-4000-8000-00000000000${index}`, 'RequestSubmitted', {
              ...{ commandId, chainId: CHAIN_ID, txHash },
            }),
          ],
          'any',
        );
      }
      await bench.level();
      const transactions: Listing = (page) => listTransactions(bench.db, { ...here, pendingOf: 'ALL', page });
      const whole = (await transactions({ first: 50 })).edges.map(({ node }) => node);
      const seen = await readAll(transactions, 3, async () => {
        const txHash = hashes.pop();
        if (txHash === undefined) return;
        const events = chain.mine([move(HOLDERS[16] ?? '', HOLDERS[0] ?? '', 1n)]);
        await append(events.map((event) => ofTransaction(event, txHash)));
        await bench.level();
      });
      expect(seen).toEqual(whole);
    });

    it('of what logs told goes on after any time, and ends where a reorg took the last row seen', async () => {
      await open();
      const changed =
        (newFee: number): Deed =>
        () => [{ type: 'SwapFeeUpdated', data: { oldFee: '30', newFee: `${newFee}` } }];
      for (const fee of [41, 42, 43, 44]) await mine(changed(fee));
      const changes = (page: PageRequest) =>
        listFeeChanges(bench.db, { ...here, filter: { kind: 'SWAP' }, page });
      const [newest, next] = (await changes({ first: 2 })).edges.map(({ cursor }) => cursor);
      time += 7 * 24 * 60 * MINUTE;
      await append(chain.revert(1));
      await mine(changed(45));
      const rest = await changes({ first: 2, after: next ?? '' });
      expect(rest.edges.map(({ node }) => node.newValue)).toEqual(['42', '41']);
      await expect(changes({ first: 2, after: newest ?? '' })).rejects.toThrow(CursorExpiredError);
    });

    it('is refused where the cursor names a state that nobody has reached, or none', async () => {
      await open();
      const { endCursor } = (await holders({ first: 5 })).pageInfo;
      const forged = (change: (parts: string[]) => string[]): string => {
        const parts = JSON.parse(Buffer.from(endCursor ?? '', 'base64url').toString()) as string[];
        return Buffer.from(JSON.stringify(change(parts))).toString('base64url');
      };
      const [future, many, text] = [
        forged(([name = '', , ...key]) => [name, '99999999999999999999', ...key]),
        forged(([name = '', position = '', ...key]) => [name, `${position},${position}`, ...key]),
        forged(([name = '', , ...key]) => [name, '1; DROP', ...key]),
      ];
      await expect(holders({ first: 5, after: future })).rejects.toThrow(CursorExpiredError);
      await expect(holders({ first: 5, after: many })).rejects.toThrow(InvalidCursorError);
      await expect(holders({ first: 5, after: text })).rejects.toThrow(InvalidCursorError);
    });
  });
});

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@abland/testing';
import { SeededRandom } from '@abland/testing/seeded-random';
import { type RunningApi, startApi } from '../src/index.js';
import { Registry } from 'prom-client';
import { signInToken } from './api-client.js';
import { CONTRACTS } from './contracts.js';
import {
  type Market,
  openMarket,
  RESERVE_A,
  RESERVE_B,
  TOKEN_A,
  TOKEN_B,
  TOKEN_C,
  UNIT,
} from './market-fixture.js';
import { SubscriptionClient } from './subscription-client.js';
import { startTestApi, type TestApi } from './test-api.js';
import { deactivationFact, swapFacts, transferFact } from './test-chain.js';

const HEAD = `cursor position finality { status confirmations blockNumber blockHash }
  retraction { fromBlock toBlock blockHashes ids }`;
const SWAP =
  'id poolId user tokenIn tokenOut amountIn amountOut fee protocolFee txHash blockNumber logIndex time commandId';
const DOCUMENTS = {
  swaps: `subscription ($since: BigIntString, $after: Cursor, $filter: SwapFilterInput) {
    swaps(since: $since, after: $after, filter: $filter) { ${HEAD} swaps { ${SWAP} finality { blockNumber } } }
  }`,
  candles: `subscription ($since: BigIntString, $after: Cursor, $poolId: Hash!) {
    candles(since: $since, after: $after, poolId: $poolId, interval: ONE_MINUTE) { ${HEAD} candles { time swaps close { a b } } }
  }`,
  tokens: `subscription ($since: BigIntString, $after: Cursor, $addresses: [Address!]) {
    tokens(since: $since, after: $after, addresses: $addresses) { ${HEAD} tokens { address status } }
  }`,
  pools: `subscription ($since: BigIntString, $after: Cursor, $ids: [Hash!]) {
    pools(since: $since, after: $after, ids: $ids) { ${HEAD} pools { id reserveA reserveB swapCount tokenA { symbol } } }
  }`,
  portfolio: `subscription ($since: BigIntString, $after: Cursor, $address: Address!) {
    portfolio(since: $since, after: $after, address: $address) {
      ${HEAD} portfolio { address holdings { edges { node { tokenAddress balance } } } }
    }
  }`,
} as const;
type Followed = keyof typeof DOCUMENTS;

/** The shape of a message is what a test is about: it says itself what it expects. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
type Loose = any;

let api: TestApi;
let market: Market;
let jwt: string;
const sockets: SubscriptionClient[] = [];
const others: RunningApi[] = [];
/** Of what reads the log for those who follow: aborted where it ended. */
const readers: AbortSignal[] = [];

async function connect(url = api.client.url): Promise<SubscriptionClient> {
  const client = await SubscriptionClient.connect(url, { authorization: `Bearer ${jwt}` });
  sockets.push(client);
  await client.message(({ type }) => type === 'connection_ack');
  return client;
}

async function follow(what: Followed, variables: object = {}, url?: string): Promise<SubscriptionClient> {
  const since = 'after' in variables ? {} : { since: `${await api.store.head()}` };
  const client = await connect(url);
  client.subscribe('1', DOCUMENTS[what], { ...since, ...variables });
  return client;
}
const told = (client: SubscriptionClient, what: Followed): Loose[] =>
  client.messages.filter(({ type }) => type === 'next').map(({ payload }) => payload.data?.[what]);
const wait = async (
  client: SubscriptionClient,
  what: Followed,
  wanted: (message: Loose) => boolean,
): Promise<Loose> => {
  const found = await client.message(
    ({ payload, type }) => type === 'next' && wanted(payload.data?.[what] ?? {}),
  );
  return found.payload.data[what];
};
const ofBlock =
  (number: number) =>
  ({ finality, retraction }: Loose): boolean =>
    retraction === null && finality.blockNumber === number;

let [reserveA, reserveB] = [RESERVE_A, RESERVE_B];
const swapOf = (amountIn = UNIT, user = market.wallet.address) => {
  const amountOut = amountIn / 3n;
  [reserveA, reserveB] = [reserveA + amountIn, reserveB - amountOut];
  const { poolId } = market;
  const manager = CONTRACTS.liquidityManager;
  return {
    txHash: api.chain.nextTxHash(),
    facts: swapFacts({
      ...{
        poolId,
        user,
        manager,
        tokenIn: TOKEN_A,
        tokenOut: TOKEN_B,
        amountIn,
        amountOut,
        reserveA,
        reserveB,
      },
    }),
  };
};

beforeAll(async () => {
  api = await startTestApi({ config: { subscriptionLimits: { socketsPerPersonMax: 1_000 } } });
  const subscribe = api.store.subscribeToAll.bind(api.store);
  api.store.subscribeToAll = (options) => {
    if (options.filter?.types?.includes('BlockIngested') === true) readers.push(options.signal);
    return subscribe(options);
  };
  market = await openMarket(api);
  jwt = await signInToken(api.client, market.wallet);
});
afterAll(async () => {
  for (const { socket } of sockets) socket.terminate();
  for (const other of others) await other.stop();
  await api.stop();
});

describe('following a market', () => {
  it('tells each block with swaps, and after a reorg which swaps were taken back', async () => {
    const follower = await follow('swaps');
    const number = await api.chain.mine(swapOf(), swapOf(2n * UNIT));
    const message = await wait(follower, 'swaps', ofBlock(number));
    expect(message).toMatchObject({
      finality: { status: 'CONFIRMED', confirmations: 1, blockHash: api.chain.blockHash(number) },
      swaps: [
        { amountIn: `${UNIT}`, fee: `${(UNIT * 30n) / 10_000n}`, blockNumber: number },
        { amountIn: `${2n * UNIT}`, finality: { blockNumber: number } },
      ],
    });
    const answer = await api.client.send(
      `{ swaps(first: 2) { edges { node { ${SWAP} finality { blockNumber } } } } }`,
      {},
      { 'x-min-position': message.position },
    );
    expect(answer.data.swaps.edges.map(({ node }: Loose) => node).reverse()).toEqual(message.swaps);
    const hash = api.chain.blockHash(number);
    await api.chain.revert(1);
    const { finality, retraction, swaps } = await wait(follower, 'swaps', (one) => one.retraction !== null);
    expect({ finality, retraction, swaps }).toMatchObject({
      finality: { blockNumber: number - 1 },
      retraction: {
        ...{ fromBlock: number, toBlock: number, blockHashes: [hash] },
        ids: message.swaps.map(({ id }: Loose) => id),
      },
      swaps: [],
    });
  });

  it('tells what was missed after a cursor, also what was taken back meanwhile', async () => {
    const first = await follow('swaps');
    const seen = await api.chain.mine(swapOf());
    const { cursor } = await wait(first, 'swaps', ofBlock(seen));
    first.socket.terminate();
    const gone = await api.chain.mine(swapOf(7n * UNIT));
    await api.chain.revert(1);
    const again = await api.chain.mine(swapOf(11n * UNIT));
    await api.settle();
    const second = await follow('swaps', { after: cursor });
    await wait(second, 'swaps', ({ swaps }) => swaps?.[0]?.amountIn === `${11n * UNIT}`);
    const messages = told(second, 'swaps');
    expect(
      messages.map(({ retraction, swaps }) => [
        retraction?.ids,
        swaps.map(({ amountIn }: Loose) => amountIn),
      ]),
    ).toEqual([
      [undefined, [`${7n * UNIT}`]],
      [messages[0].swaps.map(({ id }: Loose) => id), []],
      [undefined, [`${11n * UNIT}`]],
    ]);
    expect([gone, again]).toEqual([seen + 1, seen + 1]);
  });

  it('tells candles, tokens, pools and a portfolio as the queries do, and again after a reorg', async () => {
    const { poolId, wallet } = market;
    const [candles, tokens, pools, portfolio] = await Promise.all([
      follow('candles', { poolId }),
      follow('tokens', { addresses: [TOKEN_A, TOKEN_C] }),
      follow('pools', { ids: [poolId] }),
      follow('portfolio', { address: wallet.address }),
    ]);
    const before = await api.client.query(`{ pool(id: "${poolId}") { reserveA swapCount } }`);
    const number = await api.chain.mine(swapOf(5n * UNIT));
    const pool = await wait(pools, 'pools', ofBlock(number));
    expect(pool.pools).toEqual([
      {
        ...{ id: poolId, reserveA: `${reserveA}`, reserveB: `${reserveB}`, tokenA: { symbol: 'AUR' } },
        swapCount: before.pool.swapCount + 1,
      },
    ]);
    expect((await wait(tokens, 'tokens', ofBlock(number))).tokens).toMatchObject([{ address: TOKEN_A }]);
    const holdings = (await wait(portfolio, 'portfolio', ofBlock(number))).portfolio.holdings.edges;
    expect(holdings.length).toBeGreaterThan(0);
    const { candles: changed } = await wait(candles, 'candles', ofBlock(number));
    expect(changed[0].close).toEqual({ a: `${5n * UNIT}`, b: `${(5n * UNIT) / 3n}` });

    await api.chain.revert(1);
    const back = ({ retraction }: Loose): boolean => retraction?.fromBlock === number;
    const poolBack = await wait(pools, 'pools', back);
    expect(poolBack.retraction.ids).toEqual([poolId]);
    expect(poolBack.pools).toMatchObject([before.pool]);
    expect((await wait(tokens, 'tokens', back)).retraction.ids).toEqual([TOKEN_A]);
    expect((await wait(candles, 'candles', back)).retraction.ids).toEqual([changed[0].time]);
    expect((await wait(portfolio, 'portfolio', back)).retraction.ids).toEqual([wallet.address]);
    const deactivation = await api.chain.mine({
      facts: [deactivationFact(TOKEN_C)],
      txHash: api.chain.nextTxHash(),
    });
    const ofC = (one: Loose): boolean => one.tokens?.[0]?.address === TOKEN_C;
    expect(await wait(tokens, 'tokens', ofC)).toMatchObject({
      finality: { blockNumber: deactivation },
      tokens: [{ status: 'DEACTIVATED' }],
    });
  });

  it('tells what comes from now on where no beginning is named', async () => {
    const before = await api.chain.mine(swapOf());
    await api.settle();
    const client = await connect();
    client.subscribe('1', DOCUMENTS.swaps);
    await eventually(async () => {
      await api.chain.mine(swapOf());
      expect(told(client, 'swaps').length).toBeGreaterThan(0);
    });
    const [first] = told(client, 'swaps');
    expect(first.finality.blockNumber).toBeGreaterThan(before);
  });

  it('reads the log once for all who follow a chain, while anyone does', async () => {
    const reading = () => readers.filter(({ aborted }) => !aborted).length;
    const [one, other] = [await follow('swaps'), await follow('pools')];
    const number = await api.chain.mine(swapOf());
    await Promise.all([wait(one, 'swaps', ofBlock(number)), wait(other, 'pools', ofBlock(number))]);
    expect(reading()).toBe(1);
    other.send({ id: '1', type: 'complete' });
    for (const { socket } of sockets) if (socket !== other.socket) socket.terminate();
    await eventually(() => expect(reading()).toBe(0));
  });

  it('tells only what was asked for', async () => {
    const { poolId } = market;
    const stranger = '0x4444444444444444444444444444444444444444';
    const [ofStranger, ofOthers] = await Promise.all([
      follow('swaps', { filter: { user: stranger, poolId } }),
      follow('portfolio', { address: stranger }),
    ]);
    await api.chain.mine(swapOf());
    const transfer = transferFact(TOKEN_C, market.wallet.address, stranger, 3n);
    const paid = await api.chain.mine({ facts: [transfer], txHash: api.chain.nextTxHash() });
    const swapped = await api.chain.mine(swapOf(UNIT, stranger), swapOf());
    await wait(ofOthers, 'portfolio', ofBlock(swapped));
    expect(told(ofOthers, 'portfolio').map(({ finality }) => finality.blockNumber)).toEqual([paid, swapped]);
    const { swaps } = await wait(ofStranger, 'swaps', ofBlock(swapped));
    expect(swaps).toMatchObject([{ user: stranger }]);
    expect(told(ofStranger, 'swaps')).toHaveLength(1);
  });

  it('refuses cursors of nothing, of another topic and of another log by typed errors', async () => {
    const follower = await follow('swaps');
    const number = await api.chain.mine(swapOf());
    const { cursor } = await wait(follower, 'swaps', ofBlock(number));
    const [name, chain, revision] = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as string[];
    const made = (...parts: unknown[]) => Buffer.from(JSON.stringify(parts)).toString('base64url');
    const elsewhere = '00000000-0000-4000-8000-000000000000';
    const refused = async (what: Followed, variables: object): Promise<string> => {
      const client = await follow(what, variables);
      const { payload } = await client.message(({ type }) => type === 'error' || type === 'next');
      const [error] = payload.errors ?? payload;
      return `${error.extensions.code} ${error.extensions.field}`;
    };
    for (const after of [
      'nonsense',
      '',
      made('swaps', '1'),
      made(name, '1', revision, elsewhere),
      made(name, chain, '-1', elsewhere),
    ])
      expect(await refused('swaps', { after })).toBe('INVALID_PAGINATION after');
    expect(await refused('pools', { after: cursor })).toBe('INVALID_PAGINATION after');
    for (const place of [revision, '0', '99999999999'])
      expect(await refused('swaps', { after: made(name, chain, place, elsewhere) })).toBe(
        'CURSOR_EXPIRED after',
      );
    expect(await refused('pools', { ids: [], after: null })).toBe('INVALID_ARGUMENT ids');
    for (const since of ['-1', 'x', '1e3', '99999999999999999999'])
      expect(await refused('swaps', { since, after: null })).toBe('INVALID_ARGUMENT since');
    expect(await refused('swaps', { since: '1', after: cursor })).toBe('INVALID_ARGUMENT since');
    expect(await refused('tokens', { addresses: ['0x12'] })).toBe('INVALID_ADDRESS addresses.0');
  });

  it('tells a client that is killed again and again everything once, by whichever instance, and as the tables have it', async () => {
    const second = await startApi({ ...api.dependencies, metrics: new Registry() });
    others.push(second);
    const random = new SeededRandom(4711);
    const urls = [api.client.url, second.url];
    const first = await follow('swaps');
    const begun = await api.chain.mine(swapOf());
    const start = await wait(first, 'swaps', ofBlock(begun));
    const got: Loose[] = [start];
    let kills = 0;
    let mined = begun;
    for (let step = 0; step < 30; step += 1) {
      const client = await connect(random.pick(urls));
      client.subscribe('1', DOCUMENTS.swaps, { after: got.at(-1).cursor });
      for (let changes = 1 + random.below(3); changes > 0; changes -= 1) {
        if (mined > begun && random.chance(0.3)) {
          const depth = 1 + random.below(Math.min(3, mined - begun));
          await api.chain.revert(depth);
          mined -= depth;
        } else {
          mined = await api.chain.mine(...Array.from({ length: random.below(3) }, () => swapOf()));
        }
      }
      for (let turns = random.below(4); turns > 0; turns -= 1)
        await new Promise((resolve) => setTimeout(resolve, 20));
      client.socket.terminate();
      await client.closed;
      got.push(...told(client, 'swaps'));
      kills += 1;
    }
    await api.chain.mine(swapOf(1_234n));
    const last = await follow('swaps', { after: got.at(-1).cursor }, second.url);
    await wait(last, 'swaps', ({ swaps }) => swaps?.[0]?.amountIn === '1234');
    got.push(...told(last, 'swaps'));
    expect(kills).toBe(30);

    const whole = await follow('swaps', { after: start.cursor });
    await wait(whole, 'swaps', ({ swaps }) => swaps?.[0]?.amountIn === '1234');
    const same = ({ cursor, retraction, swaps }: Loose) => ({ cursor, retraction, swaps });
    expect(got.slice(1).map(same)).toEqual(told(whole, 'swaps').map(same));

    const standing = new Map<string, Loose>();
    for (const { retraction, swaps } of got) {
      for (const id of retraction?.ids ?? []) expect(standing.delete(id)).toBe(true);
      for (const swap of swaps) {
        expect(standing.has(swap.id)).toBe(false);
        standing.set(swap.id, swap);
      }
    }
    const { rows } = await api.pool.query<{ id: string; amount_in: string; tx_hash: string }>(
      `SELECT chain_id || '-' || block_number || '-' || log_index AS id, amount_in::text, tx_hash
       FROM read_model.swaps WHERE block_number >= $1`,
      [begun],
    );
    const shown = [...standing.values()].map(({ amountIn, id, txHash }) => ({
      id,
      amount_in: amountIn,
      tx_hash: txHash,
    }));
    const byId = (one: { id: string }, other: { id: string }): number => (one.id < other.id ? -1 : 1);
    expect(shown.sort(byId)).toEqual(rows.sort(byId));
  });
});

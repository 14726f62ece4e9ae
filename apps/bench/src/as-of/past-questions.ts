import {
  type At,
  explainedTable,
  feesInForceNow,
  listCandles,
  listHolders,
  listHoldings,
  listPools,
  listPositions,
  listRowChanges,
  listTokens,
  poolById,
  poolHistory,
  portfolio,
  type ReadModel,
  tokenAnalytics,
  tokenByAddress,
} from '@abland/projections';
import type { SeededRandom } from '@abland/testing/seeded-random';
import type { Pool } from 'pg';

export interface Question {
  readonly name: string;
  readonly ask: (db: ReadModel, at: At, random: SeededRandom) => Promise<unknown>;
}

/** What is asked about: those that most happened to. */
interface Subjects {
  readonly chainId: number;
  readonly tokens: readonly string[];
  readonly pools: readonly string[];
  readonly people: readonly string[];
}

const PAGE = { first: 20 };

/** What is asked of the past: pages of twenty of the largest lists, and what hangs on one row. */
export async function pastQuestions(pool: Pool): Promise<readonly Question[]> {
  const subjects = await subjectsIn(pool);
  return [
    ...aboutMarket(subjects),
    ...aboutTokens(subjects),
    ...aboutPeople(subjects),
    ...aboutPools(subjects),
  ];
}

async function subjectsIn(pool: Pool): Promise<Subjects> {
  const texts = async (query: string): Promise<readonly string[]> =>
    (await pool.query<{ id: string }>(query)).rows.map(({ id }) => id);
  const [chain] = await texts('SELECT chain_id AS id FROM read_model.chain_heads');
  return {
    chainId: Number(chain),
    tokens: await texts('SELECT token AS id FROM read_model.token_supplies ORDER BY holders DESC LIMIT 20'),
    pools: await texts('SELECT pool_id AS id FROM read_model.pools ORDER BY swap_count DESC LIMIT 50'),
    people: await texts(
      'SELECT holder AS id FROM read_model.holdings GROUP BY holder ORDER BY count(*) DESC, holder LIMIT 200',
    ),
  };
}

function aboutMarket({ chainId }: Subjects): readonly Question[] {
  const tokens = (sort: 'NEWEST' | 'HOLDERS' | 'MARKET_CAP' | 'LIQUIDITY' | 'VOLUME'): Question => ({
    name: `tokens by ${sort}`,
    ask: (db, at) => listTokens(db, { chainId, sort, now: at.time, page: PAGE, at }),
  });
  const pools = (sort: 'NEWEST' | 'LIQUIDITY' | 'SWAPS'): Question => ({
    name: `pools by ${sort}`,
    ask: (db, at) => listPools(db, { chainId, sort, page: PAGE, at }),
  });
  const orders = [
    tokens('NEWEST'),
    tokens('HOLDERS'),
    tokens('MARKET_CAP'),
    tokens('LIQUIDITY'),
    tokens('VOLUME'),
  ];
  return [...orders, pools('NEWEST'), pools('LIQUIDITY'), pools('SWAPS')];
}

const aboutTokens = ({ chainId, tokens }: Subjects): readonly Question[] => [
  {
    name: 'a token with its figures',
    ask: async (db, at, random) => {
      const address = random.pick(tokens);
      await tokenByAddress(db, { chainId, address, at });
      await tokenAnalytics(db, { chainId, addresses: [address], now: at.time, at });
    },
  },
  {
    name: 'holders of a token that many hold',
    ask: (db, at, random) => listHolders(db, { chainId, token: random.pick(tokens), page: PAGE, at }),
  },
  {
    name: 'why a token is worth what it is',
    ask: async (db, _, random) => {
      const table = explainedTable('token_markets');
      const key = [`${chainId}`, random.pick(tokens)];
      if (table !== null) await listRowChanges(db, { table, key, page: PAGE });
    },
  },
];

const aboutPeople = ({ chainId, people }: Subjects): readonly Question[] => [
  {
    name: 'holdings and positions of a person',
    ask: async (db, at, random) => {
      const holder = random.pick(people);
      await listHoldings(db, { chainId, holder, page: PAGE, at });
      await listPositions(db, { chainId, filter: { owner: holder }, page: PAGE, at });
    },
  },
  {
    name: 'a portfolio',
    ask: (db, at, random) => portfolio(db, { chainId, address: random.pick(people), at }),
  },
];

const aboutPools = ({ chainId, pools }: Subjects): readonly Question[] => [
  {
    name: 'a pool and the fees, as a quote reads them',
    ask: (db, at, random) =>
      Promise.all([poolById(db, { chainId, id: random.pick(pools), at }), feesInForceNow(db, chainId, at)]),
  },
  {
    name: 'hundred candles',
    ask: (db, at, random) =>
      listCandles(db, {
        ...{ chainId, poolId: random.pick(pools), interval: '5m', from: 0, to: at.time, limit: 100, at },
      }),
  },
  {
    name: 'a pool hour by hour for a week',
    ask: (db, at, random) => {
      const span = { interval: '1h', from: at.time - 7 * 86_400, to: at.time, now: at.time } as const;
      return poolHistory(db, { ...span, chainId, poolId: random.pick(pools), at });
    },
  },
];

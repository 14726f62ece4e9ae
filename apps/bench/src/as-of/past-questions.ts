import {
  type At,
  listCandles,
  listHolders,
  listHoldings,
  listPools,
  listPositions,
  listTokens,
  poolHistory,
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

/** What is asked of the past: pages of twenty of the largest lists, and what hangs on one row. */
export async function pastQuestions(pool: Pool): Promise<readonly Question[]> {
  const texts = async (query: string): Promise<readonly string[]> =>
    (await pool.query<{ id: string }>(query)).rows.map(({ id }) => id);
  const [chain] = await texts('SELECT chain_id AS id FROM read_model.chain_heads');
  const tokens = await texts(
    'SELECT token AS id FROM read_model.token_supplies ORDER BY holders DESC LIMIT 20',
  );
  const pools = await texts('SELECT pool_id AS id FROM read_model.pools ORDER BY swap_count DESC LIMIT 50');
  const people = await texts(
    `SELECT holder AS id FROM read_model.holdings GROUP BY holder ORDER BY count(*) DESC, holder LIMIT 200`,
  );
  const chainId = Number(chain);
  const page = { first: 20 };
  const list = (sort: 'NEWEST' | 'HOLDERS' | 'MARKET_CAP' | 'LIQUIDITY' | 'VOLUME'): Question => ({
    name: `tokens by ${sort}`,
    ask: (db, at) => listTokens(db, { chainId, sort, now: at.time, page, at }),
  });
  const pooled = (sort: 'NEWEST' | 'LIQUIDITY' | 'SWAPS'): Question => ({
    name: `pools by ${sort}`,
    ask: (db, at) => listPools(db, { chainId, sort, page, at }),
  });
  return [
    list('NEWEST'),
    list('HOLDERS'),
    list('MARKET_CAP'),
    list('LIQUIDITY'),
    list('VOLUME'),
    pooled('NEWEST'),
    pooled('LIQUIDITY'),
    pooled('SWAPS'),
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
      ask: (db, at, random) => listHolders(db, { chainId, token: random.pick(tokens), page, at }),
    },
    {
      name: 'holdings and positions of a person',
      ask: async (db, at, random) => {
        const holder = random.pick(people);
        await listHoldings(db, { chainId, holder, page, at });
        await listPositions(db, { chainId, filter: { owner: holder }, page, at });
      },
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
        const now = 1_600_000_000 + 7 * 86_400;
        const span = { interval: '1h', from: now - 7 * 86_400, to: now, now } as const;
        return poolHistory(db, { ...span, chainId, poolId: random.pick(pools), at });
      },
    },
  ];
}

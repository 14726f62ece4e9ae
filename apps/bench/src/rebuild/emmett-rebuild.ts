import { SQL } from '@event-driven-io/dumbo';
import {
  getPostgreSQLEventStore,
  postgreSQLRawSQLProjection,
  rebuildPostgreSQLProjections,
} from '@event-driven-io/emmett-postgresql';
import type { EventStore } from '@abland/kernel';
import pg from 'pg';
import { NAIVE_TABLES } from './naive-tables.js';

const EVENTS_AN_APPEND = 500;

interface Fact {
  readonly type: string;
  readonly data: Readonly<Record<string, string>> & { readonly block: number; readonly time: number };
}
type Evolve = (fact: Fact) => SQL[];

/** The first events of our log in Emmett's, with the place on the chain among their data. */
export async function fillEmmett(url: string, store: EventStore, events: number): Promise<void> {
  const emmett = getPostgreSQLEventStore(url);
  for await (const page of store.readAll({ maxCount: events, pageSize: EVENTS_AN_APPEND })) {
    await emmett.appendToStream(
      'chain',
      page.map(({ data, metadata: { chain }, type }) => {
        const place = { block: chain?.blockNumber ?? 0, time: chain?.blockTime ?? 0 };
        return { type, data: { ...data, ...place, log: chain?.logIndex ?? 0, tx: chain?.txHash ?? '' } };
      }),
    );
  }
  await emmett.close();
}

/** Emmett's own rebuild of the five tables, each a projection of SQL. Returns how many events it went over. */
export async function emmettRebuild(url: string): Promise<number> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query('DROP SCHEMA IF EXISTS emmett_tables CASCADE; CREATE SCHEMA emmett_tables');
  for (const [name, { after, columns }] of Object.entries(NAIVE_TABLES)) {
    const table = `emmett_tables.${name}`;
    await client.query(`CREATE TABLE ${table} (${columns})`);
    for (const what of after)
      await client.query(
        what.startsWith('INDEX')
          ? `CREATE INDEX ON ${table} ${what.slice(6)}`
          : `ALTER TABLE ${table} ${what}`,
      );
  }
  // Its rebuild goes on from where the one before it ended, if it is not made to forget that.
  await client.query('TRUNCATE emt_processors, emt_projections');
  const projections = Object.entries(EVOLVE).map(([name, { evolve, types }]) =>
    postgreSQLRawSQLProjection<Fact>({ name, canHandle: types, evolve: (fact) => evolve(fact) }),
  );
  const consumer = rebuildPostgreSQLProjections({ connectionString: url, projections });
  await consumer.start();
  await consumer.close();
  const { rows } = await client.query<{ count: string; swaps: string }>(
    'SELECT (SELECT count(*) FROM emt_messages) AS count, (SELECT count(*) FROM emmett_tables.swaps) AS swaps',
  );
  await client.end();
  if (!(Number(rows[0]?.swaps) > 0)) throw new Error('Emmett ended its rebuild without a row');
  return Number(rows[0]?.count);
}

const NOBODY = `0x${'0'.repeat(40)}`;

const move = (data: Fact['data'], holder: string | undefined, change: string): SQL[] =>
  holder === NOBODY
    ? []
    : [
        SQL`INSERT INTO emmett_tables.holdings AS h VALUES (${data['contract']}, ${holder}, ${change}::numeric, ${data.block})
            ON CONFLICT (token, holder) DO UPDATE SET balance = h.balance + EXCLUDED.balance, block = EXCLUDED.block`,
      ];

const EVOLVE: Readonly<Record<string, { readonly types: string[]; readonly evolve: Evolve }>> = {
  tokens: {
    types: ['TokenCreated'],
    evolve: ({ data }) => [
      SQL`INSERT INTO emmett_tables.tokens VALUES (${data['tokenAddress']}, ${data['creator']}, ${data['name']}, ${data['symbol']},
          ${data['totalSupply']}::numeric, ${data.block}) ON CONFLICT DO NOTHING`,
    ],
  },
  pools: {
    types: ['PoolCreated', 'Sync', 'Swap'],
    evolve: ({ data, type }) => {
      if (type === 'PoolCreated')
        return [
          SQL`INSERT INTO emmett_tables.pools VALUES (${data['poolId']}, ${data['tokenA']}, ${data['tokenB']}, 0, 0, 0, 0, ${data.block})
              ON CONFLICT DO NOTHING`,
        ];
      if (type === 'Swap')
        return [SQL`UPDATE emmett_tables.pools SET swaps = swaps + 1 WHERE id = ${data['poolId']}`];
      return [
        SQL`UPDATE emmett_tables.pools SET reserve_a = ${data['reserveA']}::numeric, reserve_b = ${data['reserveB']}::numeric,
              block = ${data.block} WHERE id = ${data['poolId']}`,
      ];
    },
  },
  swaps: {
    types: ['Swap'],
    evolve: ({ data }) => [
      SQL`INSERT INTO emmett_tables.swaps VALUES (${data.block}, ${data['log']}, ${data['poolId']}, ${data['user']}, ${data['tokenIn']},
          ${data['tokenOut']}, ${data['amountIn']}::numeric, ${data['amountOut']}::numeric, ${data['tx']}, ${data.time})
          ON CONFLICT DO NOTHING`,
    ],
  },
  holdings: {
    types: ['Transfer'],
    evolve: ({ data }) => [
      ...move(data, data['from'], `-${data['amount']}`),
      ...move(data, data['to'], data['amount'] ?? '0'),
    ],
  },
  candles: {
    types: ['Swap'],
    evolve: ({ data }) => {
      const price = Number(data['amountOut']) / Number(data['amountIn']);
      return [
        SQL`INSERT INTO emmett_tables.candles AS c VALUES (${data['poolId']}, ${data.time - (data.time % 3_600)}, ${price}, ${price},
            ${price}, ${price}, ${data['amountIn']}::numeric, 1)
            ON CONFLICT (pool, hour) DO UPDATE SET high = greatest(c.high, EXCLUDED.high), low = least(c.low, EXCLUDED.low),
              close = EXCLUDED.close, volume = c.volume + EXCLUDED.volume, swaps = c.swaps + 1`,
      ];
    },
  },
};

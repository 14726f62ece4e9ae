import type { SimulatedChain } from '@abland/testing/simulated-chain';
import type { BlockIngested, BlocksReverted } from '@abland/domain';
import type { EventStore, RecordedEvent } from '@abland/kernel';
import { PARKED_EVENTS_SQL } from '@abland/projections';
import type pg from 'pg';
import { fraction, line, type Truth, truthOf } from './market-truth.js';
import { judgeStrangers } from './judge-strangers.js';
import { platformOf } from './platform-truth.js';
import { differences, type Violation } from './violation.js';
import { worthsOf } from './worth-truth.js';

type Row = Readonly<Record<string, string>>;

/** How each read model is asked for what the truth says of it, and what of a row is compared. */
const ASKED: Readonly<Record<string, readonly [sql: string, lineOf: (row: Row) => string]>> = {
  blocks: ['SELECT number, hash FROM read_model.blocks WHERE chain_id = $1', fields('number', 'hash')],
  holdings: [
    'SELECT token, holder, balance FROM read_model.holdings WHERE chain_id = $1 AND balance > 0',
    fields('token', 'holder', 'balance'),
  ],
  supplies: [
    'SELECT token, supply, holders FROM read_model.token_supplies WHERE chain_id = $1',
    fields('token', 'supply', 'holders'),
  ],
  pools: [
    'SELECT pool_id, token_a, token_b, reserve_a, reserve_b, total_liquidity, swap_count FROM read_model.pools WHERE chain_id = $1',
    fields('pool_id', 'token_a', 'token_b', 'reserve_a', 'reserve_b', 'total_liquidity', 'swap_count'),
  ],
  positions: [
    'SELECT pool_id, owner, liquidity FROM read_model.liquidity_positions WHERE chain_id = $1 AND liquidity > 0',
    fields('pool_id', 'owner', 'liquidity'),
  ],
  swaps: [
    'SELECT block_number, log_index, tx_hash, pool_id, user_address, token_in, amount_in, amount_out FROM read_model.swaps WHERE chain_id = $1',
    fields(
      'block_number',
      'log_index',
      'tx_hash',
      'pool_id',
      'user_address',
      'token_in',
      'amount_in',
      'amount_out',
    ),
  ],
  candles: ['SELECT * FROM read_model.candles WHERE chain_id = $1', candleLine],
  token_markets: [
    `SELECT token, liquidity, liquidity_of_factory, volume, pool_id, own_reserve, other_reserve, market_cap, liquidity_worth, volume_worth
     FROM read_model.token_markets WHERE chain_id = $1`,
    fields(
      ...['token', 'liquidity', 'liquidity_of_factory', 'volume', 'pool_id', 'own_reserve', 'other_reserve'],
      ...['market_cap', 'liquidity_worth', 'volume_worth'],
    ),
  ],
  platform_totals: [
    'SELECT tokens, pools, users FROM read_model.platform_totals WHERE chain_id = $1',
    fields('tokens', 'pools', 'users'),
  ],
  platform_days: [
    'SELECT day, tokens, pools, swaps, liquidity_changes, new_users, active_users FROM read_model.platform_days WHERE chain_id = $1',
    fields('day', 'tokens', 'pools', 'swaps', 'liquidity_changes', 'new_users', 'active_users'),
  ],
};

type Blocks = SimulatedChain['blocks'];

/** The read models of a chain against the blocks that they must be of. */
export async function judgeReadModels(
  database: pg.Pool | pg.PoolClient,
  chainId: number,
  blocks: Blocks,
): Promise<readonly Violation[]> {
  const { days, totals } = platformOf(blocks);
  const markets = { token_markets: worthsOf(blocks), platform_totals: totals, platform_days: days };
  const truth: Truth = { ...truthOf(blocks), ...markets };
  const violations: Violation[] = [];
  for (const [name, [sql, lineOf]] of Object.entries(ASKED)) {
    const { rows } = await database.query<Row>(sql, [chainId]);
    violations.push(...differences(`READ_MODEL ${name}`, truth[name] ?? [], rows.map(lineOf)));
  }
  violations.push(...(await judgeStrangers(database, chainId, blocks)));
  const { rows: parked } = await database.query<Row>(
    `SELECT projection, type, code, reason FROM (${PARKED_EVENTS_SQL}) parked`,
  );
  return [...violations, ...parked.map((row) => ({ kind: 'PARKED', detail: Object.values(row).join(' ') }))];
}

/**
 * The read models as they are in the middle of everything, at whatever block they have come to. Null where they are within a
 * block.
 */
export async function glimpseReadModels(
  { pool, store }: { readonly pool: pg.Pool; readonly store: EventStore },
  chain: SimulatedChain,
): Promise<readonly Violation[] | null> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    const { rows } = await client.query<{ readonly position: string | null }>(
      `SELECT DISTINCT position FROM projections.builds WHERE state = 'LIVE'`,
    );
    const position = rows.length === 1 ? (rows[0]?.position ?? null) : null;
    const blocks = position === null ? null : await blocksUpTo(BigInt(position), store, chain);
    if (blocks === null) return null;
    const violations = await judgeReadModels(client, chain.chainId, blocks);
    return violations.map(({ detail, kind }) => ({
      kind,
      detail: `on the way, at block ${blocks.length - 1}: ${detail}`,
    }));
  } finally {
    await client.query('ROLLBACK').catch(() => undefined);
    client.release();
  }
}

const LOOKED_BACK = 5;

/** The blocks that the log has told of up to a position; null where it ends within one. */
async function blocksUpTo(
  position: bigint,
  store: EventStore,
  chain: SimulatedChain,
): Promise<Blocks | null> {
  const options = { direction: 'backward', after: position + 1n, maxCount: LOOKED_BACK } as const;
  for await (const page of store.readAll(options)) {
    const last = page.find(({ type }) => type !== 'BlocksFinalized');
    const hash = last === undefined ? null : tipAfter(last);
    const view = [...chain.branches, chain.blocks].find((blocks) =>
      blocks.some((block) => block.hash === hash),
    );
    return view?.slice(0, view.findIndex((block) => block.hash === hash) + 1) ?? null;
  }
  return null;
}

function tipAfter(event: RecordedEvent): string | null {
  if (event.type === 'BlockIngested') return (event as RecordedEvent<BlockIngested>).data.hash;
  if (event.type === 'BlocksReverted') return (event as RecordedEvent<BlocksReverted>).data.ancestor.hash;
  return null;
}

function fields(...names: readonly string[]): (row: Row) => string {
  return (row) => line(...names.map((name) => row[name]));
}

function candleLine(row: Row): string {
  const price = (name: string): string =>
    fraction(BigInt(row[`${name}_b`] ?? 0), BigInt(row[`${name}_a`] ?? 0));
  const { bucket_time, interval_seconds, pool_id, swaps, volume_a, volume_b } = row;
  const prices = ['open', 'high', 'low', 'close'].map(price);
  return line(pool_id, interval_seconds, bucket_time, ...prices, volume_a, volume_b, swaps);
}

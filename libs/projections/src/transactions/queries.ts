import type { RequestKindName } from '@abland/domain';
import { type RawBuilder, sql } from 'kysely';
import type { ReadModel } from '../read-model/database.js';
import type { Page, PageRequest } from '../read-model/page.js';
import { readStatePage, type StateList, type StateQuery } from '../read-model/state-page.js';
import { Tables } from '../read-model/tables.js';
import { requests } from '../requests/tables.js';
import { transactions } from './tables.js';

/** What a transaction did: what was asked of the chain, or a transfer, which nobody asks us for. */
export type TransactionType = RequestKindName | 'TRANSFER';
export type TransactionStatus = 'PENDING' | 'CONFIRMED' | 'FAILED';

export interface TransactionView {
  readonly chainId: number;
  readonly hash: string;
  /** Null where it was reverted and no request made here says what it was for. */
  readonly type: TransactionType | null;
  readonly status: TransactionStatus;
  readonly failureReason: string | null;
  readonly user: string;
  readonly token: string | null;
  readonly poolId: string | null;
  /** Null while PENDING. */
  readonly blockNumber: number | null;
  readonly blockTime: number | null;
  readonly commandId: string | null;
  /** Of one that is mined and carries a command; null where it is not known. */
  readonly cost: TransactionCost | null;
  /** Of the same; null also where it was told before that was. */
  readonly sent: TransactionInput | null;
}

/** What a transaction cost whoever sent it; amounts in decimal. */
export interface TransactionCost {
  readonly payer: string;
  readonly gasUsed: string;
  /** In wei. */
  readonly gasPrice: string;
  /** What of `total` was paid for its data on the chain below, in wei; null where none is told. */
  readonly dataFee: string | null;
  /** In wei. */
  readonly total: string;
}

/** What a transaction sent. */
export interface TransactionInput {
  /** In wei. */
  readonly value: string;
  /** Hexadecimal: its first bytes, INPUT_BYTES_MAX at most. */
  readonly input: string;
  /** Of the whole input. */
  readonly inputBytes: number;
}

/**
 * Whose transactions are told before they are mined: an address; `ALL`: everybody's; null, as absent: nobody's. What somebody
 * is about to do is an invitation to do it before them.
 */
export type PendingOf = string | 'ALL' | null;

export interface TransactionFilter {
  readonly user?: string;
  readonly token?: string;
  readonly poolId?: string;
  readonly types?: readonly TransactionType[];
  readonly statuses?: readonly TransactionStatus[];
}

interface TransactionRow {
  chain_id: string;
  tx_hash: string;
  type: string | null;
  status: string;
  failure_reason: string | null;
  user_address: string;
  token: string | null;
  pool_id: string | null;
  block_number: string | null;
  block_time: string | null;
  command_id: string | null;
  payer: string | null;
  gas_used: string | null;
  gas_price: string | null;
  data_fee: string | null;
  cost: string | null;
  value: string | null;
  input: string | null;
  input_bytes: string | null;
  sort_block: string;
  sort_index: string;
}

const NEWEST: StateList = {
  name: 'transactions',
  parts: ['int8', 'int8', 'text'],
  reads: { requests: [requests], transactions: [transactions] },
};

/** Above every block number, so that what is not mined yet comes first; then by the time of the request. */
const PENDING_BLOCK = sql`9223372036854775807::bigint`;
const PENDING_INDEX = sql`(extract(epoch FROM m.requested_at::timestamptz) * 1000)::bigint`;

/** Of a transaction `x` and the request `m` that it was sent for, if there is one. */
const MINED = sql`
  x.chain_id, x.tx_hash, coalesce(x.type, m.kind) AS type, x.status, x.failure_reason,
  x.user_address, coalesce(x.token, m.token) AS token, coalesce(x.pool_id, m.pool_id) AS pool_id,
  x.block_number, x.block_time, coalesce(m.command_id, x.command_id) AS command_id,
  x.payer, x.gas_used, x.gas_price, x.data_fee, x.cost, x.value, x.input, x.input_bytes,
  x.block_number AS sort_block, x.first_log_index::bigint AS sort_index`;

/**
 * The request that a transaction `x` was sent for, of requests `q`. Anybody may tell any hash: it counts where the chain bore it
 * out, and until then where the transaction is the requester's.
 */
const sentFor = (from: RawBuilder<unknown>): RawBuilder<unknown> => sql`
  SELECT q.* FROM ${from} WHERE q.tx_hash = x.tx_hash AND q.chain_id = x.chain_id
    AND (q.block_number IS NOT NULL OR q.requester = x.user_address)
  ORDER BY q.block_number IS NULL, q.command_id LIMIT 1`;

/** Of a request `m` whose transaction is not mined. */
const WAITING = sql`
  m.chain_id, m.tx_hash, m.kind AS type, 'PENDING'::text AS status, NULL::text AS failure_reason,
  m.requester AS user_address, m.token, m.pool_id, NULL::bigint AS block_number, NULL::bigint AS block_time, m.command_id,
  NULL::text AS payer, NULL::numeric AS gas_used, NULL::numeric AS gas_price, NULL::numeric AS data_fee, NULL::numeric AS cost,
  NULL::numeric AS value, NULL::text AS input, NULL::bigint AS input_bytes,
  ${PENDING_BLOCK} AS sort_block, ${PENDING_INDEX} AS sort_index`;

const isWaiting = (tables: Tables): RawBuilder<unknown> => sql`
  m.status = 'SUBMITTED' AND m.tx_hash IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM ${tables.row(transactions, 'x', { chain_id: sql`m.chain_id`, tx_hash: sql`m.tx_hash` })})`;

export async function transactionByHash(
  db: ReadModel,
  input: { chainId: number; hash: string; pendingOf?: PendingOf },
): Promise<TransactionView | null> {
  const { chainId, hash, pendingOf = null } = input;
  const present = new Tables(NEWEST.reads, null);
  const { rows } = await sql<TransactionRow>`
    (SELECT ${MINED} FROM read_model.transactions x
      LEFT JOIN LATERAL (${sentFor(sql`read_model.requests q`)}) m ON true
      WHERE x.chain_id = ${chainId}::bigint AND x.tx_hash = ${hash})
    UNION ALL (
      SELECT ${WAITING} FROM read_model.requests m
      WHERE ${isWaiting(present)} AND m.chain_id = ${chainId}::bigint AND m.tx_hash = ${hash}
        AND ${isOf(pendingOf)}) LIMIT 1
  `.execute(db);
  return rows[0] === undefined ? null : transactionView(rows[0]);
}

/** Newest first: what is submitted and not mined, then by place on the chain. */
export async function listTransactions(
  db: ReadModel,
  input: { chainId: number; filter?: TransactionFilter; pendingOf?: PendingOf; page: PageRequest },
): Promise<Page<TransactionView>> {
  const { chainId, page } = input;
  return readStatePage<TransactionRow, TransactionView>(db, NEWEST, {
    chainId,
    page,
    query: (at) => transactionsQuery(at, input),
    keyOf: (row) => [row.sort_block, row.sort_index, row.tx_hash],
    nodeOf: transactionView,
  });
}

function transactionsQuery(
  { tables, after, limit }: StateQuery,
  input: { chainId: number; filter?: TransactionFilter; pendingOf?: PendingOf },
): RawBuilder<unknown> {
  const further = (block: RawBuilder<unknown>, index: RawBuilder<unknown>, hash: RawBuilder<unknown>) =>
    after === null
      ? sql`true`
      : sql`(${block}, ${index}, ${hash}) < (${after[0]}::bigint, ${after[1]}::bigint, ${after[2]})`;
  const mined = tables.page(transactions, 'x', {
    where: sql`${conditions(input, minedColumns(tables))} AND ${further(sql`x.block_number`, sql`x.first_log_index`, sql`x.tx_hash`)}`,
    order: sql`x.block_number DESC, x.first_log_index DESC, x.tx_hash DESC`,
    limit,
  });
  const waiting = tables.page(requests, 'm', {
    where: sql`${isWaiting(tables)} AND ${isOf(input.pendingOf ?? null)} AND ${conditions(input, WAITING_COLUMNS)}
      AND ${further(PENDING_BLOCK, PENDING_INDEX, sql`m.tx_hash`)}`,
    order: sql`${PENDING_INDEX} DESC, m.tx_hash DESC`,
    limit,
  });
  const told = tables.rows(
    requests,
    'q',
    sql`q.chain_id = ${input.chainId}::bigint AND q.tx_hash IN (SELECT mined.tx_hash FROM mined)`,
  );
  return sql`
    WITH mined AS MATERIALIZED (SELECT x.* FROM ${mined}),
    told AS MATERIALIZED (SELECT q.* FROM ${told})
    SELECT * FROM (
      SELECT ${MINED} FROM mined x LEFT JOIN LATERAL (${sentFor(sql`told q`)}) m ON true
      UNION ALL
      SELECT ${WAITING} FROM ${waiting}
    ) listed ORDER BY sort_block DESC, sort_index DESC, tx_hash DESC LIMIT ${limit}::int`;
}

/** Of a request `m` that waits. */
const isOf = (pendingOf: PendingOf): RawBuilder<unknown> =>
  pendingOf === 'ALL' ? sql`true` : sql`m.requester = ${pendingOf ?? ''}`;

interface FilterColumns {
  readonly chain: RawBuilder<unknown>;
  readonly user: RawBuilder<unknown>;
  readonly token: RawBuilder<unknown>;
  readonly pool: RawBuilder<unknown>;
  readonly type: RawBuilder<unknown>;
  readonly status: RawBuilder<unknown>;
}
const minedColumns = (tables: Tables): FilterColumns => ({
  chain: sql`x.chain_id`,
  user: sql`x.user_address`,
  token: sql`x.token`,
  pool: sql`x.pool_id`,
  type: sql`coalesce(x.type, (
    SELECT m.kind FROM (${sentFor(tables.rows(requests, 'q', sql`q.tx_hash = x.tx_hash`))}) m))`,
  status: sql`x.status`,
});
const WAITING_COLUMNS: FilterColumns = {
  chain: sql`m.chain_id`,
  user: sql`m.requester`,
  token: sql`m.token`,
  pool: sql`m.pool_id`,
  type: sql`m.kind`,
  status: sql`'PENDING'::text`,
};

function conditions(
  { chainId, filter = {} }: { chainId: number; filter?: TransactionFilter },
  columns: FilterColumns,
): RawBuilder<unknown> {
  const all = [sql`${columns.chain} = ${chainId}::bigint`];
  if (filter.user !== undefined) all.push(sql`${columns.user} = ${filter.user}`);
  if (filter.token !== undefined) all.push(sql`${columns.token} = ${filter.token}`);
  if (filter.poolId !== undefined) all.push(sql`${columns.pool} = ${filter.poolId}`);
  if (filter.types !== undefined) all.push(sql`${columns.type} = ANY(${filter.types})`);
  if (filter.statuses !== undefined) all.push(sql`${columns.status} = ANY(${filter.statuses})`);
  return sql.join(all, sql` AND `);
}

function transactionView(row: TransactionRow): TransactionView {
  return {
    chainId: Number(row.chain_id),
    hash: row.tx_hash,
    type: row.type as TransactionType | null,
    status: row.status as TransactionStatus,
    failureReason: row.failure_reason,
    user: row.user_address,
    token: row.token,
    poolId: row.pool_id,
    blockNumber: row.block_number === null ? null : Number(row.block_number),
    blockTime: row.block_time === null ? null : Number(row.block_time),
    commandId: row.command_id,
    cost: costOf(row),
    sent: sentOf(row),
  };
}

function costOf({ cost, data_fee, gas_price, gas_used, payer }: TransactionRow): TransactionCost | null {
  if (cost === null || gas_price === null || gas_used === null || payer === null) return null;
  return { payer, gasUsed: gas_used, gasPrice: gas_price, dataFee: data_fee, total: cost };
}

function sentOf({ input, input_bytes, value }: TransactionRow): TransactionInput | null {
  if (value === null || input === null || input_bytes === null) return null;
  return { value, input, inputBytes: Number(input_bytes) };
}

import { type RawBuilder, type Selectable, sql } from 'kysely';
import { readAt } from '../read-model/at.js';
import type { At } from '../read-model/past-state.js';
import type { ReadModel, ReadModelDatabase } from '../read-model/database.js';
import type { Page, PageRequest } from '../read-model/page.js';
import { readStatePage, type StateList } from '../read-model/state-page.js';
import { holdings, tokenSupplies } from './tables.js';

export interface HoldingView {
  readonly chainId: number;
  readonly token: string;
  readonly holder: string;
  /** Base units, above zero. */
  readonly balance: string;
  /** Block and time of the newest change. */
  readonly blockNumber: number;
  readonly blockTime: number;
}

const reads = { holdings: [holdings] };
const LARGEST: StateList = { name: 'holders', parts: ['numeric', 'text'], reads };
const BY_TOKEN: StateList = { name: 'holdings', parts: ['text'], reads };

/** Base units; 0 where the address holds none. */
export async function balanceOf(
  db: ReadModel,
  input: { chainId: number; token: string; holder: string },
): Promise<bigint> {
  const row = await db
    .selectFrom('holdings')
    .select('balance')
    .where('chain_id', '=', String(input.chainId))
    .where('token', '=', input.token)
    .where('holder', '=', input.holder)
    .executeTakeFirst();
  return row === undefined ? 0n : BigInt(row.balance);
}

/** How many addresses have a balance above zero. */
export async function countHolders(
  db: ReadModel,
  { at, chainId, token }: { chainId: number; token: string; at?: At | null | undefined },
): Promise<number> {
  const [row] = await readAt<{ holders: string }>(
    db,
    { holdings: [tokenSupplies] },
    at,
    (tables) => sql`
      SELECT s.holders
      FROM ${tables.row(tokenSupplies, 's', { chain_id: sql`${chainId}::bigint`, token: sql`${token}::text` })}`,
  );
  return Number(row?.holders ?? 0);
}

/** Holders of a token, largest balance first. */
export async function listHolders(
  db: ReadModel,
  input: { chainId: number; token: string; page: PageRequest; at?: At | null | undefined },
): Promise<Page<HoldingView>> {
  const { at, chainId, token, page } = input;
  return readStatePage<HoldingRow, HoldingView>(db, LARGEST, {
    at,
    chainId,
    page,
    query: ({ tables, after, limit }) => {
      const further =
        after === null ? sql`true` : sql`(h.balance, h.holder) < (${after[0]}::numeric, ${after[1]})`;
      const scope = (row: RawBuilder<unknown>) =>
        sql`${row}.chain_id = ${chainId}::bigint AND ${row}.token = ${token}`;
      const where = sql`h.balance > 0 AND ${further}`;
      const order = sql`h.balance DESC, h.holder DESC`;
      return sql`SELECT h.* FROM ${tables.page(holdings, 'h', { where, scope, order, limit })} ORDER BY ${order}`;
    },
    keyOf: (row) => [row.balance, row.holder],
    nodeOf: holdingView,
  });
}

/** What an address holds, by token address. */
export async function listHoldings(
  db: ReadModel,
  input: { chainId: number; holder: string; page: PageRequest; at?: At | null | undefined },
): Promise<Page<HoldingView>> {
  const { at, chainId, holder, page } = input;
  return readStatePage<HoldingRow, HoldingView>(db, BY_TOKEN, {
    at,
    chainId,
    page,
    query: ({ tables, after, limit }) => {
      const further = after === null ? sql`true` : sql`h.token > ${after[0]}`;
      const scope = (row: RawBuilder<unknown>) =>
        sql`${row}.chain_id = ${chainId}::bigint AND ${row}.holder = ${holder}`;
      const where = sql`h.balance > 0 AND ${further}`;
      const lastingOrder = (row: RawBuilder<unknown>) => sql`${row}.token`;
      const listed = tables.page(holdings, 'h', { where, scope, order: sql`h.token`, lastingOrder, limit });
      return sql`SELECT h.* FROM ${listed} ORDER BY h.token`;
    },
    keyOf: (row) => [row.token],
    nodeOf: holdingView,
  });
}

export interface SupplyMismatch {
  readonly chainId: number;
  readonly token: string;
  /** Sum of the token's balances, minted minus burnt by its transfers, and what TokenCreated said; base units. */
  readonly balances: string;
  readonly supply: string;
  readonly created: string | null;
}

/** Tokens of all chains whose balances do not add up to their supply: always empty unless something is broken. */
export async function supplyMismatches(db: ReadModel): Promise<readonly SupplyMismatch[]> {
  const { rows } = await sql<Omit<SupplyMismatch, 'chainId'> & { chain_id: string }>`
    SELECT s.chain_id, s.token, coalesce(h.balances, 0)::text AS balances, s.supply::text AS supply, c.total_supply::text AS created
    FROM read_model.token_supplies s
    LEFT JOIN (
      SELECT chain_id, token, sum(balance) AS balances FROM read_model.holdings GROUP BY chain_id, token
    ) h USING (chain_id, token)
    LEFT JOIN read_model.tokens c ON c.chain_id = s.chain_id AND c.address = s.token
    WHERE coalesce(h.balances, 0) <> s.supply OR s.supply <> coalesce(c.total_supply, s.supply)
    ORDER BY s.chain_id, s.token
  `.execute(db);
  return rows.map(({ chain_id, ...figures }) => ({ chainId: Number(chain_id), ...figures }));
}

type HoldingRow = Selectable<ReadModelDatabase['holdings']>;

function holdingView(row: HoldingRow): HoldingView {
  return {
    chainId: Number(row.chain_id),
    token: row.token,
    holder: row.holder,
    balance: row.balance,
    blockNumber: Number(row.updated_block),
    blockTime: Number(row.updated_time),
  };
}

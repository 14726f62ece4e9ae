import type { Position } from '@abland/kernel';
import { type RawBuilder, sql } from 'kysely';
import type { ReadModel } from '../read-model/database.js';
import type { Page, PageRequest } from '../read-model/page.js';
import { readStatePage, type StateList } from '../read-model/state-page.js';
import { requests } from './tables.js';
import { type CommandStatus, type RequestRow, type RequestView, requestView } from './view.js';

export interface RequestFilter {
  readonly chainId?: number;
  readonly requester?: string;
  readonly kinds?: readonly string[];
  readonly statuses?: readonly CommandStatus[];
  readonly poolId?: string;
  /** One that was created, or is to be deactivated. */
  readonly token?: string;
}

const NEWEST: StateList = {
  name: 'requests',
  parts: ['text', 'text'],
  reads: { requests: [requests] },
};

/** The id says which chain it is of. */
export async function requestById(db: ReadModel, id: string): Promise<RequestView | null> {
  return (await requestsByIds(db, [id]))[0] ?? null;
}

/** In no particular order; ids without a request are left out. */
export async function requestsByIds(db: ReadModel, ids: readonly string[]): Promise<readonly RequestView[]> {
  const rows = await db
    .selectFrom('requests')
    .selectAll()
    .where('command_id', '=', sql<string>`ANY(${ids})`)
    .execute();
  return rows.map(requestView);
}

/** Open requests of one person that are read at once, the newest. */
const OPEN_MAX = 1_000;

/** The open requests of one person, and the position of the log that they are of. */
export interface OpenRequestViews {
  /** Null before the first event. */
  readonly seen: Position | null;
  readonly views: readonly RequestView[];
}

/** What a person asked of a chain and has not ended, with a deadline from a moment on. */
export async function openRequestsOf(
  db: ReadModel,
  { chainId, deadlineFrom, requester }: { chainId: number; requester: string; deadlineFrom: string },
): Promise<OpenRequestViews> {
  // One statement, so that rows and position are of one state.
  const { rows } = await sql<RequestRow & { seen: string | null }>`
    SELECT c.position AS seen, r.* FROM projections.builds c LEFT JOIN LATERAL
      (SELECT * FROM read_model.requests WHERE requester = ${requester} AND chain_id = ${chainId}::bigint
         AND status IN ('ACCEPTED', 'SUBMITTED') AND deadline >= ${deadlineFrom}
       ORDER BY requested_at DESC, command_id DESC LIMIT ${OPEN_MAX}) AS r ON true
    WHERE c.projection = 'requests' AND c.state = 'LIVE'`.execute(db);
  const seen = rows[0]?.seen ?? null;
  // Without a request there is one row all the same, with nothing of any.
  const views = rows.filter((row) => (row.command_id as string | null) !== null).map(requestView);
  return { seen: seen === null ? null : BigInt(seen), views };
}

/** Newest first. */
export async function listRequests(
  db: ReadModel,
  input: { readonly filter?: RequestFilter; readonly page: PageRequest },
): Promise<Page<RequestView>> {
  const { filter = {}, page } = input;
  return readStatePage<RequestRow, RequestView>(db, NEWEST, {
    chainId: null,
    page,
    query: ({ tables, after, limit }) => {
      const further =
        after === null ? sql`true` : sql`(r.requested_at, r.command_id) < (${after[0]}, ${after[1]})`;
      const where = sql`${conditions(filter)} AND ${further}`;
      const order = sql`r.requested_at DESC, r.command_id DESC`;
      return sql`SELECT r.* FROM ${tables.page(requests, 'r', { where, order, limit })} ORDER BY ${order}`;
    },
    keyOf: (row) => [row.requested_at, row.command_id],
    nodeOf: requestView,
  });
}

function conditions(filter: RequestFilter): RawBuilder<unknown> {
  const { chainId, requester, kinds, statuses, poolId, token } = filter;
  const all = [sql`true`];
  if (chainId !== undefined) all.push(sql`r.chain_id = ${chainId}::bigint`);
  if (requester !== undefined) all.push(sql`r.requester = ${requester}`);
  if (kinds !== undefined) all.push(sql`r.kind = ANY(${kinds})`);
  if (statuses !== undefined) all.push(sql`r.status = ANY(${statuses})`);
  if (poolId !== undefined) all.push(sql`r.pool_id = ${poolId}`);
  if (token !== undefined) all.push(sql`r.token = ${token}`);
  return sql.join(all, sql` AND `);
}

/** The confirmed requests that tokens were created by; a token made at the contract directly has none. */
export async function creationsOfTokens(
  db: ReadModel,
  input: { readonly chainId: number; readonly tokens: readonly string[] },
): Promise<readonly RequestView[]> {
  const rows = await db
    .selectFrom('requests')
    .selectAll()
    .where('token', '=', sql<string>`ANY(${input.tokens})`)
    .where('chain_id', '=', String(input.chainId))
    .where('kind', '=', 'CREATE_TOKEN')
    .execute();
  return rows.map(requestView);
}

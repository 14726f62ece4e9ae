import type { OurState, OurValues, Reconciled, ReconciledValues } from '@abland/domain';
import { sql } from 'kysely';
import type { ReadModel } from '../read-model/database.js';
import { type Sql, Tables } from '../read-model/tables.js';
import { KINDS, type KindOfRows, RECONCILED_READS, type ReconciledChain } from './kinds.js';
import { type WholeBlock, wholeBlock } from './whole-block.js';

interface Ours extends OurValues {
  /** The block that changed the row last; null without a row, and where the table does not say. */
  readonly updatedBlock: number | null;
}

type Row = Readonly<Record<string, string | boolean | null>>;

/**
 * Reads the state after the newest block that all read models are at the end of, all of it of that one state, whatever is folded
 * meanwhile; null where there is none to be read now.
 */
export async function withOurState<Result>(
  db: ReadModel,
  chain: ReconciledChain,
  read: (state: OurState) => Promise<Result>,
): Promise<Result | null> {
  return inSnapshot(db, async (snapshot) => {
    const block = await wholeBlock(snapshot, chain.chainId);
    return block === null ? null : read(stateAfter(snapshot, chain, block));
  });
}

/**
 * What the read models had of one thing after an earlier block, with that block's hash; null where that is not known any more: the
 * journal does not reach so far back, and the row has changed since.
 */
export async function ourValuesAfter(
  db: ReadModel,
  chain: ReconciledChain,
  of: Reconciled,
  number: number,
): Promise<{ readonly hash: string; readonly values: ReconciledValues | null } | null> {
  return inSnapshot(db, async (snapshot) => {
    const block = await wholeBlock(snapshot, chain.chainId, number);
    if (block !== null) {
      const [ours] = await stateAfter(snapshot, chain, block).each([of]);
      return { hash: block.hash, values: ours?.values ?? null };
    }
    const newest = await wholeBlock(snapshot, chain.chainId);
    if (newest === null) return null;
    const [ours] = await stateAfter(snapshot, chain, newest).each([of]);
    const unchanged = (ours?.updatedBlock ?? Infinity) <= number;
    const hash = unchanged ? await hashOf(snapshot, chain.chainId, number) : null;
    return ours === undefined || hash === null ? null : { hash, values: ours.values };
  });
}

const inSnapshot = <Result>(db: ReadModel, read: (snapshot: ReadModel) => Promise<Result>): Promise<Result> =>
  db
    .transaction()
    .setIsolationLevel('repeatable read')
    .setAccessMode('read only')
    .execute((snapshot) => read(snapshot));

async function hashOf(db: ReadModel, chainId: number, number: number): Promise<string | null> {
  const { rows } = await sql<{ hash: string }>`
    SELECT hash FROM read_model.blocks WHERE chain_id = ${chainId}::bigint AND number = ${number}::bigint
  `.execute(db);
  return rows[0]?.hash ?? null;
}

function stateAfter(
  db: ReadModel,
  chain: ReconciledChain,
  { hash, moment, number }: WholeBlock,
): OurState<Ours> {
  const tables = new Tables(RECONCILED_READS, moment);
  return {
    block: { number, hash },
    next: async (kind, after, limit) => {
      const of = KINDS[kind];
      const columns = of.key.map((column) => sql`r.${sql.id(column)}`);
      const order = sql.join(columns);
      const where = sql`r.chain_id = ${chain.chainId}::bigint AND ${of.where(chain)} AND ${later(columns, after)}`;
      const page = tables.page(of.table, 'r', { where, order, limit });
      const { rows } = await sql<Row>`SELECT r.* FROM ${page} ORDER BY ${order}`.execute(db);
      return rows.map((row) =>
        oursOf(
          of,
          chain,
          of.key.map((column) => String(row[column])),
          row,
        ),
      );
    },
    each: async (all) => {
      const found: Ours[] = [];
      for (const one of all) {
        const of = KINDS[one.kind];
        const key = of.keyOf(one);
        const named = Object.fromEntries(of.key.map((column, index) => [column, sql`${key[index]}::text`]));
        const row = tables.row(of.table, 'r', { chain_id: sql`${chain.chainId}::bigint`, ...named });
        const { rows } = await sql<Row>`SELECT r.* FROM ${row}`.execute(db);
        found.push(oursOf(of, chain, key, rows[0]));
      }
      return found;
    },
  };
}

const later = (columns: readonly Sql[], after: readonly string[] | null): Sql =>
  after === null
    ? sql`true`
    : sql`(${sql.join(columns)}) > (${sql.join(after.map((one) => sql`${one}::text`))})`;

function oursOf(of: KindOfRows, chain: ReconciledChain, key: readonly string[], row: Row | undefined): Ours {
  const updated = row?.['updated_block'];
  return {
    of: of.reconciledBy(key, chain),
    key,
    values: row === undefined ? null : of.values(row),
    updatedBlock: typeof updated === 'string' ? Number(updated) : null,
  };
}

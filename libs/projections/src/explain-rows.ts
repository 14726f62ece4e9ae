import type { Position } from '@abland/kernel';
import { sql } from 'kysely';
import { journalViewOf } from './builds/views.js';
import type { AnyTable } from './engine/table.js';
import { columnsOf, keyColumnsOf } from './engine/values.js';
import { PROJECTIONS } from './projections.js';
import type { ReadModel } from './read-model/database.js';
import { ofRow } from './read-model/past-rows.js';
import {
  decodeCursor,
  type Page,
  type PageRequest,
  rowsToSelect,
  type SortOrder,
  toPage,
} from './read-model/page.js';

/** A table whose rows can be explained. */
export interface ExplainedTable {
  readonly name: string;
  readonly projection: string;
  /** Whether facts of the chain alone change it, which anybody may know. */
  readonly isPublic: boolean;
  /** Names of the columns of its key, in order. */
  readonly key: readonly string[];
}

/** A change of a row. */
export interface RowChangeView {
  /** Of the event that made it. */
  readonly position: Position;
  /** Of the reorg that took it back; null: it stands. */
  readonly takenBackAt: Position | null;
  /** The row before it; null: there was none. */
  readonly before: Readonly<Record<string, unknown>> | null;
}

export function explainedTable(name: string): ExplainedTable | null {
  for (const projection of PROJECTIONS) {
    const table = (projection.tables as readonly AnyTable[]).find((one) => one.name === name);
    if (table === undefined) continue;
    return {
      name,
      projection: projection.name,
      isPublic: table.origin === 'chain',
      key: keyColumnsOf(table),
    };
  }
  return null;
}

export const explainedTables = (): readonly string[] =>
  PROJECTIONS.flatMap(({ tables }) =>
    (tables as readonly AnyTable[]).map(({ name }) => name as string),
  ).sort();

const ORDER: SortOrder = { name: 'explain', parts: ['numeric'] };

/**
 * What changed a row, the newest change first, as far back as history is kept. A reorg's change is that of the reorg itself.
 * @param input.key values of the key's columns, in their order
 */
export async function listRowChanges(
  db: ReadModel,
  input: { readonly table: ExplainedTable; readonly key: readonly string[]; readonly page: PageRequest },
): Promise<Page<RowChangeView>> {
  const { key, page, table } = input;
  const [after] = decodeCursor(ORDER, page.after) ?? [];
  const older = after === undefined ? sql`true` : sql`j.position < ${after}::numeric`;
  const { rows } = await sql<ChangeRow>`
    SELECT j.position::text AS position, j.taken_back_at::text AS taken_back_at, j.before
    FROM ${journalOf(table)} j
    WHERE ${ofRow(table.name, sql`${key}::text[] COLLATE "C"`)} AND ${older}
    ORDER BY j.position DESC LIMIT ${rowsToSelect(page)}::int`.execute(db);
  return toPage(
    rows,
    page,
    ORDER,
    ({ position }) => [position],
    ({ before, position, taken_back_at }) => ({
      position: BigInt(position),
      takenBackAt: taken_back_at === null ? null : BigInt(taken_back_at),
      before,
    }),
  );
}

interface ChangeRow {
  position: string;
  taken_back_at: string | null;
  before: Readonly<Record<string, unknown>> | null;
}

/** Whether the history that is kept begins before a row did, so that all its changes are known. */
export async function isExplainedWhole(
  db: ReadModel,
  { key, table }: { readonly table: ExplainedTable; readonly key: readonly string[] },
): Promise<boolean> {
  const { rows } = await sql<{ before: unknown }>`
    SELECT j.before FROM ${journalOf(table)} j
    WHERE ${ofRow(table.name, sql`${key}::text[] COLLATE "C"`)}
    ORDER BY j.position LIMIT 1`.execute(db);
  return rows.length > 0 && rows[0]?.before === null;
}

/** Whether values can be those of a key: numbers where its columns are. */
export function isKeyOf(table: ExplainedTable, values: readonly string[]): boolean {
  const projection = PROJECTIONS.find(({ name }) => name === table.projection);
  const defined = (projection?.tables as readonly AnyTable[] | undefined)?.find(
    ({ name }) => name === table.name,
  );
  if (defined === undefined || values.length !== table.key.length) return false;
  const kinds = new Map(columnsOf(defined).map(([name, { kind }]) => [name, kind]));
  return table.key.every((column, index) => {
    const value = values[index] ?? '';
    return kinds.get(column) === 'text'
      ? !value.includes('\0') && value.isWellFormed() && value.length <= 200
      : /^-?\d{1,78}$/.test(value);
  });
}

const journalOf = ({ projection }: ExplainedTable) => sql.id('read_model', journalViewOf(projection));

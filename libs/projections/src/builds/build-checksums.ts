import type { ClientBase } from 'pg';
import { checksumOf, type StoredTable, totalOf } from '../engine/checksum.js';
import { storedColumns } from './compare-table.js';

/**
 * Over all rows of each of two builds, as `projections checksum` reckons them of what is live: SHA-256 in hexadecimal. They are equal where
 * no row differs and no column was added or removed: rows of the live one are read with their columns in the order that the build has them in.
 */
export interface BuildChecksums {
  readonly live: string;
  readonly build: string;
}

/** A build with the names of its tables, in their order. */
export interface BuildTables {
  readonly schema: string;
  readonly tables: readonly string[];
}

/**
 * In a transaction that sees both at one moment.
 * @param differing tables in which anything differs: the rows of the others are read once for both
 */
export async function checksumsOf(
  client: ClientBase,
  { build, live }: { readonly live: BuildTables; readonly build: BuildTables },
  differing: ReadonlySet<string>,
): Promise<BuildChecksums> {
  const ofBuild = new Map<string, string>();
  const orders = new Map<string, readonly string[]>();
  for (const table of build.tables) {
    const stored = await storedTable(client, build.schema, table);
    orders.set(table, stored.columns);
    ofBuild.set(table, (await checksumOf(client, stored)).checksum);
  }
  const ofLive = new Map<string, string>();
  for (const table of live.tables) {
    const known = differing.has(table) ? undefined : ofBuild.get(table);
    ofLive.set(table, known ?? (await checksumOfLive(client, live.schema, table, orders.get(table))));
  }
  return { live: total(ofLive), build: total(ofBuild) };
}

async function checksumOfLive(
  client: ClientBase,
  schema: string,
  table: string,
  order: readonly string[] = [],
): Promise<string> {
  const stored = await storedTable(client, schema, table);
  const isSame =
    order.length === stored.columns.length && order.every((name) => stored.columns.includes(name));
  return (await checksumOf(client, isSame ? { ...stored, columns: order } : stored)).checksum;
}

async function storedTable(client: ClientBase, schema: string, table: string): Promise<StoredTable> {
  const { key, types } = await storedColumns(client, schema, table);
  return { schema, table, key, columns: [...types.keys()] };
}

const total = (checksums: ReadonlyMap<string, string>): string =>
  totalOf([...checksums].map(([table, checksum]) => ({ table, checksum })));

import type { ClientBase } from 'pg';
import { checksumOf, totalOf } from '../engine/checksum.js';
import { columnsOf } from './compare-table.js';

/**
 * Over all rows of each of two builds, as `projections checksum` reckons them of what is live: SHA-256 in hexadecimal. They are equal where
 * no row differs and no column was added or removed.
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
  const ofLive = await checksumsIn(client, live, new Map());
  const same = new Map([...ofLive].filter(([table]) => !differing.has(table)));
  const ofBuild = await checksumsIn(client, build, same);
  const total = (checksums: ReadonlyMap<string, string>): string =>
    totalOf([...checksums].map(([table, checksum]) => ({ table, checksum })));
  return { live: total(ofLive), build: total(ofBuild) };
}

async function checksumsIn(
  client: ClientBase,
  { schema, tables }: BuildTables,
  known: ReadonlyMap<string, string>,
): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  for (const table of tables) {
    const { key, types } = await columnsOf(client, schema, table);
    const stored = { schema, table, key, columns: [...types.keys()] };
    found.set(table, known.get(table) ?? (await checksumOf(client, stored)).checksum);
  }
  return found;
}

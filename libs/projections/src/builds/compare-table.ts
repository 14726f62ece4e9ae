import { type ClientBase, escapeIdentifier } from 'pg';

export interface RowDifference {
  /** What the row is known by; numbers are decimal text, as in the rows, so that none is rounded. */
  readonly key: readonly unknown[];
  /** Null: there is none. */
  readonly live: Readonly<Record<string, unknown>> | null;
  readonly build: Readonly<Record<string, unknown>> | null;
  /** Those that both have and that differ. */
  readonly columns: readonly string[];
}

export interface TableDifference {
  readonly table: string;
  /** Columns, or all of the table, that only one of the definitions has: they explain themselves. */
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly onlyLive: number;
  readonly onlyBuild: number;
  /** Rows that both have and that differ in a column that both have. */
  readonly changed: number;
  /** Of all these rows those that no change of the definition explains. */
  readonly unexplained: number;
  readonly sample: readonly RowDifference[];
}

/** Where the rows of a table lie that are compared. */
export interface TablePair {
  readonly table: string;
  /** Schemas. */
  readonly live: string;
  readonly build: string;
  /** What the newer definition says that it makes otherwise: `table` with all of its rows, or `table.column`. */
  readonly changes: ReadonlySet<string>;
}

export const NO_DIFFERENCE = {
  ...{ added: [], removed: [], onlyLive: 0, onlyBuild: 0, changed: 0, unexplained: 0, sample: [] },
} as const satisfies Omit<TableDifference, 'table'>;

const SAMPLE_ROWS = 5;

interface ComparedRow {
  key: unknown[];
  live: Record<string, unknown> | null;
  build: Record<string, unknown> | null;
  columns: string[] | null;
  only_live: string;
  only_build: string;
  changed: string;
  unexplained: string;
}

/** Rows are joined and compared as PostgreSQL has them; only those that differ are written out. */
export async function compareTable(client: ClientBase, pair: TablePair): Promise<TableDifference> {
  const { build, live, table } = pair;
  const [before, after] = [
    await storedColumns(client, live, table),
    await storedColumns(client, build, table),
  ];
  const added = [...after.types.keys()].filter((name) => !before.types.has(name));
  const removed = [...before.types.keys()].filter((name) => !after.types.has(name));
  // Of another key its rows are others: one table has gone, and one has come.
  if (after.key.some((name) => before.types.get(name) !== after.types.get(name)))
    return { ...NO_DIFFERENCE, table, added: [table], removed: [table] };
  const meant = [...after.types.keys()].filter((name) => pair.changes.has(`${table}.${name}`));
  const { rows } = await client.query<ComparedRow>(comparisonSql(pair, before, after), [
    [...removed, ...meant],
    [...added, ...meant],
    pair.changes.has(table),
  ]);
  const [counts] = rows;
  return {
    ...{ table, added, removed },
    onlyLive: Number(counts?.only_live ?? 0),
    onlyBuild: Number(counts?.only_build ?? 0),
    changed: Number(counts?.changed ?? 0),
    unexplained: Number(counts?.unexplained ?? 0),
    sample: rows.map(({ columns, ...row }) => ({
      ...{ key: row.key, live: row.live, build: row.build, columns: columns ?? [] },
    })),
  };
}

function comparisonSql({ build, live, table }: TablePair, before: TableColumns, after: TableColumns): string {
  const names = after.key.map(escapeIdentifier);
  const [first] = names;
  const shared = [...after.types].filter(([name]) => before.types.has(name));
  // A column whose type is another is compared by what it says.
  const valuesOf = (side: 'l' | 'b'): string =>
    shared
      .map(
        ([name, type]) =>
          `${side}.${escapeIdentifier(name)}${before.types.get(name) === type ? '' : '::text'}`,
      )
      .join(', ');
  const from = (schema: string): string => `${escapeIdentifier(schema)}.${escapeIdentifier(table)}`;
  const key = names.map((name) => `coalesce(b.${name}, l.${name})`).join(', ');
  return `
    WITH differing AS (
      SELECT jsonb_build_array(${key}) AS key, CASE WHEN l.${first} IS NOT NULL THEN to_jsonb(l) END AS live,
        CASE WHEN b.${first} IS NOT NULL THEN to_jsonb(b) END AS build
      FROM ${from(live)} l FULL JOIN ${from(build)} b ON ${names.map((name) => `l.${name} = b.${name}`).join(' AND ')}
      WHERE l.${first} IS NULL OR b.${first} IS NULL OR ROW(${valuesOf('l')}) IS DISTINCT FROM ROW(${valuesOf('b')})
    ), counted AS (
      SELECT count(*) FILTER (WHERE build IS NULL) AS only_live, count(*) FILTER (WHERE live IS NULL) AS only_build,
        count(*) FILTER (WHERE live IS NOT NULL AND build IS NOT NULL) AS changed,
        count(*) FILTER (WHERE NOT $3 AND (live - $1::text[] IS DISTINCT FROM build - $2::text[])) AS unexplained
      FROM differing
    )
    SELECT (SELECT jsonb_agg(${exact('k.value')} ORDER BY k.place) FROM jsonb_array_elements(d.key) WITH ORDINALITY AS k(value, place)) AS key,
      (SELECT jsonb_object_agg(c.key, ${exact('c.value')}) FROM jsonb_each(d.live) c) AS live,
      (SELECT jsonb_object_agg(c.key, ${exact('c.value')}) FROM jsonb_each(d.build) c) AS build, counted.*,
      (SELECT array_agg(c.key ORDER BY c.key) FROM jsonb_each(d.live) c
       WHERE d.build ? c.key AND c.value IS DISTINCT FROM d.build -> c.key) AS columns
    FROM counted, (SELECT * FROM differing ORDER BY key LIMIT ${SAMPLE_ROWS}) d ORDER BY d.key`;
}

/** A number of JSON as text: amounts have more digits than a number of ours holds. */
const exact = (value: string): string =>
  `CASE jsonb_typeof(${value}) WHEN 'number' THEN to_jsonb(${value} #>> '{}') ELSE ${value} END`;

interface TableColumns {
  /** Types by the names of the columns, in the order of the definition. */
  readonly types: ReadonlyMap<string, string>;
  /** Those of the primary key in their order. */
  readonly key: readonly string[];
}

/** Of a table as it lies there. */
export async function storedColumns(
  client: ClientBase,
  schema: string,
  table: string,
): Promise<TableColumns> {
  const { rows } = await client.query<{ name: string; type: string; place: number | null }>(
    `SELECT a.attname::text AS name, format_type(a.atttypid, a.atttypmod) AS type,
       array_position(i.indkey::int2[], a.attnum) AS place
     FROM pg_attribute a LEFT JOIN pg_index i ON i.indrelid = a.attrelid AND i.indisprimary
     WHERE a.attrelid = format('%I.%I', $1::text, $2::text)::regclass AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum`,
    [schema, table],
  );
  const key = rows.flatMap(({ name, place }) => (place === null ? [] : { name, place }));
  return {
    types: new Map(rows.map(({ name, type }) => [name, type])),
    key: key.sort((one, other) => one.place - other.place).map(({ name }) => name),
  };
}

import { definitionHash, LIVE_SCHEMA } from '../engine/ddl.js';
import type { Build } from '../engine/build.js';
import { readBuilds } from '../engine/build-rows.js';
import type { Projection } from '../engine/projection.js';
import type { Session } from '../engine/session.js';
import { JOURNAL, PARKED_EVENTS } from './build-schema.js';
import { planFor } from './plan.js';
import { viewName } from './views.js';

/**
 * Whether nothing is to be done about any projection, as most starts find it: each has builds that it goes on with, those of its
 * definition have all of their tables, and readers see the live one. Asked in two statements, under no lock.
 */
export async function areInOrder(db: Session, projections: readonly Projection[]): Promise<boolean> {
  const builds = await readBuilds(db);
  const there = await relationsOf(
    db,
    builds.map(({ schema }) => schema),
  );
  return projections.every((projection) => {
    const own = builds.filter((build) => build.projection === projection.name);
    return isInOrder(projection, own, there);
  });
}

/** Names of tables by build schema, and of views in the schema of readers. */
type Relations = ReadonlyMap<string, ReadonlySet<string>>;

function isInOrder(projection: Projection, builds: readonly Build[], there: Relations): boolean {
  const definition = definitionHash(projection);
  const plan = planFor({ definition, version: projection.version }, builds);
  if (plan !== 'FOLLOW' && plan !== 'STAND_BACK') return false;
  const wanted = [...projection.tables.map(({ name }) => name as string), JOURNAL, PARKED_EVENTS];
  const isWhole = ({ schema }: Build): boolean => wanted.every((table) => there.get(schema)?.has(table));
  const isShown = ({ schema }: Build): boolean =>
    [...(there.get(schema) ?? [])].every((table) =>
      there.get(LIVE_SCHEMA)?.has(viewName(projection.name, table)),
    );
  return builds.every(
    (build) =>
      (build.definition !== definition || isWhole(build)) && (build.state !== 'LIVE' || isShown(build)),
  );
}

async function relationsOf(db: Session, schemas: readonly string[]): Promise<Relations> {
  const { rows } = await db.query<{ schema: string; names: string[] }>({
    text: `SELECT n.nspname AS schema, array_agg(c.relname::text) AS names
           FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
           WHERE n.nspname = ANY($1) AND c.relkind = 'r' OR n.nspname = $2 AND c.relkind = 'v' GROUP BY n.nspname`,
    values: [schemas, LIVE_SCHEMA],
  });
  return new Map(rows.map(({ schema, names }) => [schema, new Set(names)]));
}

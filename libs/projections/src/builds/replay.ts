import { type EventStore, invariant, type Logger, type Position } from '@abland/kernel';
import { inTransaction, takeLeases } from '@abland/postgres';
import type { Pool, PoolClient } from 'pg';
import { escapeIdentifier } from 'pg';
import { type Build, leaseOfBuild } from '../engine/build.js';
import { qualified } from '../engine/ddl.js';
import { RebuildDiscardedError } from '../engine/errors.js';
import type { Projection } from '../engine/projection.js';
import { dropBuild } from './build-schema.js';
import { SchemaTakenError } from './errors.js';
import { keepGroup, type KeepOptions, type KeptBatch } from './keep-group.js';
import { logUntil } from './log-until.js';
import { beginBuild } from './prepare.js';

export interface ReplayOptions extends Omit<KeepOptions, 'journalKeptMs'> {
  readonly pool: Pool;
  readonly store: EventStore;
  readonly logger: Logger;
  readonly projections: readonly Projection[];
  /** The last event that counts. */
  readonly until: Position;
  /** A schema that there is not yet. */
  readonly into: string;
  readonly onBatch?: (kept: KeptBatch) => void;
  readonly signal?: AbortSignal;
}

/**
 * Folds the log up to a position into the tables of a schema of their own, which nothing follows or reads: the state of the read models
 * at that position, however long ago. What is live is not touched. Where it does not come to its end, nothing is left.
 * @throws SchemaTakenError
 */
export async function replayInto(options: ReplayOptions): Promise<void> {
  const { into, logger, pool } = options;
  await requireFree(pool, into);
  const builds = await inTransaction(pool, (client) => begin(client, options));
  try {
    const names = builds.map(({ id }) => leaseOfBuild(id));
    const held = await takeLeases({ pool, logger, names });
    invariant(held !== null, 'Builds that were begun just now are led by nobody');
    try {
      await keepUntilLevel(options, builds, [...held.leases.values()], held.lost);
      await inTransaction(pool, (client) => moveTables(client, options, builds));
    } finally {
      await held.release();
    }
  } finally {
    await inTransaction(pool, async (client) => {
      for (const build of builds) await dropBuild(client, build);
    });
  }
}

/** By a definition that no program has, so that nobody else keeps them. */
const begin = async (client: PoolClient, options: ReplayOptions): Promise<readonly Build[]> => {
  const { into, projections, until } = options;
  const begun: Build[] = [];
  for (const projection of projections) {
    const build = await beginBuild(client, projection, {
      projection: projection.name,
      definition: `replay into ${into}`,
      version: projection.version,
      ...{ state: 'BUILDING', promotesItself: false, askedBy: 'program' },
      reason: `a replay until position ${until}`,
    });
    begun.push(build);
  }
  return begun;
};

async function keepUntilLevel(
  options: ReplayOptions,
  builds: readonly Build[],
  leases: Parameters<typeof keepGroup>[1]['leases'],
  lost: AbortSignal,
): Promise<void> {
  const { onBatch, signal, store, until } = options;
  const done = new AbortController();
  let level = false;
  const keeping = { ...options, store: logUntil(store, until), journalKeptMs: 0 };
  await keepGroup(
    keeping,
    { builds, leases },
    {
      signal: AbortSignal.any([done.signal, lost, ...(signal === undefined ? [] : [signal])]),
      onBatch: (kept) => {
        onBatch?.(kept);
        if (!kept.level) return;
        level = true;
        done.abort();
      },
    },
  );
  if (level) return;
  lost.throwIfAborted();
  signal?.throwIfAborted();
  throw new RebuildDiscardedError('The builds of the replay were discarded meanwhile', {
    schema: options.into,
  });
}

async function moveTables(
  client: PoolClient,
  { into, projections }: ReplayOptions,
  builds: readonly Build[],
): Promise<void> {
  await requireFree(client, into);
  await client.query(`CREATE SCHEMA ${escapeIdentifier(into)}`);
  for (const { projection: name, schema } of builds) {
    const projection = projections.find((one) => one.name === name);
    for (const table of projection?.tables ?? []) {
      await client.query(`ALTER TABLE ${qualified(schema, table)} SET SCHEMA ${escapeIdentifier(into)}`);
    }
  }
}

/** Names that PostgreSQL or we take for ourselves. */
const OURS = /^(pg_|build_|information_schema$)/;

/** Whether a replay may go into a schema of this name: one that nobody has to quote, and that is kept for nothing else. */
export const isReplaySchema = (name: string): boolean =>
  /^[a-z][a-z0-9_]{0,62}$/.test(name) && !OURS.test(name);

async function requireFree(db: Pick<PoolClient, 'query'>, schema: string): Promise<void> {
  invariant(isReplaySchema(schema), 'A replay goes into a schema of this name', { schema });
  const { rows } = await db.query<{ taken: boolean }>({
    text: 'SELECT to_regnamespace($1) IS NOT NULL AS taken',
    values: [schema],
  });
  if (rows[0]?.taken === true)
    throw new SchemaTakenError(`There is a schema ${schema} already: drop it, or name another`, { schema });
}

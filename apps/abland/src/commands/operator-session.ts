import { openEventStore } from '@abland/event-codec';
import type { EventStore, Logger } from '@abland/kernel';
import { needingApproval, type NeedingApproval } from '@abland/operations';
import { createLogger, type DataConfig, EXIT_INTERRUPTED, onStopSignal } from '@abland/platform';
import { LONG_LIMITS, openPool } from '@abland/postgres';
import type pg from 'pg';
import { openDataFolder } from '../start/data-folder.js';
import { startDatabase } from '../start/embedded-parts.js';
import { findRunning } from '../start/running-file.js';
import { notPrepared, requireSystemBelow, requireSystemIn } from './system-at-hand.js';

/** What the operator's commands work with. */
export interface OperatorSession {
  /** Of the main database. */
  readonly databaseUrl: string;
  readonly storeUrl: string;
  /** Personal data stays sealed in it. */
  readonly store: EventStore;
  readonly pool: pg.Pool;
  readonly logger: Logger;
  /** Milliseconds for which earlier states can be read. */
  readonly journalKeptMs: number;
  /** Acts that a second operator approves, as the environment says it or the system that runs. */
  readonly approvals: NeedingApproval;
}

/**
 * Runs a command on the log and the read models: of DATABASE_URL, of the system that runs on the data folder, or, where
 * none runs, of the data folder's own database, started for the time of the command. Nothing is made where there is no system.
 * @param stop what a signal does; a second one ends the command at once, and so does the first by default. The database that was
 *   started for it ends along.
 * @throws DatabaseUnfitError, NoSystemError
 */
export async function withSession<Result>(
  config: DataConfig,
  run: (session: OperatorSession) => Promise<Result>,
  stop: () => void = endAtOnce,
): Promise<Result> {
  const undo: (() => Promise<unknown>)[] = [];
  let next = stop;
  const leaveSignals = onStopSignal(() => {
    next();
    next = endAtOnce;
  });
  try {
    if (config.databaseUrl !== null) await requireSystemIn(config.databaseUrl);
    const running = config.databaseUrl === null ? await findRunning(config.dataDir) : null;
    const url = config.databaseUrl ?? running?.databaseUrl ?? (await ownDatabase(config, undo));
    const logger = createLogger({ level: 'warn', name: 'abland', pretty: true });
    const storeUrl = config.eventStoreDbUrl ?? url;
    const store = await openEventStore(storeUrl, logger);
    undo.push(() => store.close());
    const limits = LONG_LIMITS; // checksums and proofs of however much there is; a person waits, and can stop it
    const pool = openPool({ connectionString: url, name: 'operator', max: 5, limits, logger });
    undo.push(() => pool.end());
    const journalKeptMs = config.historyKeptDays * 86_400_000;
    const approvals = needingApproval([...config.approvals, ...(running?.approvals ?? [])]);
    return await run({ databaseUrl: url, storeUrl, store, pool, logger, journalKeptMs, approvals });
  } catch (error) {
    throw notPrepared(error);
  } finally {
    for (let last = undo.pop(); last !== undefined; last = undo.pop()) await last();
    leaveSignals();
  }
}

/** Told to what it has started, as the process's own end is. */
function endAtOnce(): never {
  process.exit(EXIT_INTERRUPTED);
}

async function ownDatabase(config: DataConfig, undo: (() => Promise<unknown>)[]): Promise<string> {
  requireSystemBelow(config.dataDir);
  const onWait = (holder: string): unknown => process.stderr.write(`waiting for ${holder} to stop\n`);
  const folder = await openDataFolder(config.dataDir, { onWait });
  undo.push(() => folder.release());
  const postgres = await startDatabase(config);
  undo.push(() => postgres.stop());
  return postgres.url;
}

import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  childrenOf,
  removePostgresData,
  type RunningPostgres,
  startPostgres,
} from '@abland/embedded/postgres';
import { createTestDatabase } from '@abland/testing';

const DATABASE = 'simulation';
/** No test cuts the power, and what a killed process has written the system has. */
const SETTINGS = ['fsync=off', 'max_connections=100'];

/** A database server of one run's own, which is killed in the middle of what it does. */
export class OwnDatabase {
  /** How often it was killed. */
  crashes = 0;

  private constructor(
    private readonly dataDir: string,
    private postgres: RunningPostgres,
  ) {}

  static async start(): Promise<OwnDatabase> {
    const dataDir = await mkdtemp(join(tmpdir(), 'abland-simulation-'));
    try {
      const postgres = await startPostgres({ dataDir, database: DATABASE, settings: SETTINGS });
      return new OwnDatabase(dataDir, postgres);
    } catch (error) {
      await removePostgresData(dataDir);
      throw error;
    }
  }

  /** The same for as long as it lives. */
  get url(): string {
    return this.postgres.url;
  }

  /** SIGKILL to the server and to all of its sessions. Resolves once it is up again, with what it had written as committed and no more. */
  async crash(): Promise<void> {
    const { ended, pid, port } = this.postgres;
    const sessions = childrenOf(pid);
    process.kill(pid, 'SIGKILL');
    for (const session of sessions) killIfThere(session);
    await ended.catch(() => undefined); // it says that it ended by itself, which is what was wanted
    this.crashes += 1;
    this.postgres = await startPostgres({
      dataDir: this.dataDir,
      database: DATABASE,
      settings: SETTINGS,
      port,
    });
  }

  async remove(): Promise<void> {
    await this.postgres.stop();
    await removePostgresData(this.dataDir);
  }
}

function killIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended meanwhile.
  }
}

/** One seed in so many has a database server of its own, which is killed now and then: to make one takes seconds. */
const OWN_DATABASE_EVERY = 4;

/** What a seed runs on. */
export interface Database {
  readonly url: string;
  /** Absent where the server is not the seed's own. */
  readonly crash?: () => Promise<void>;
  readonly remove: () => Promise<void>;
}

export async function databaseOf(seed: number): Promise<Database> {
  if (seed % OWN_DATABASE_EVERY !== 0) {
    const { drop, url } = await createTestDatabase();
    return { url, remove: drop };
  }
  const own = await OwnDatabase.start();
  return { url: own.url, crash: () => own.crash(), remove: () => own.remove() };
}

import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { removePostgresData, type RunningPostgres, startPostgres } from '@abland/embedded/postgres';
import { openEventStore } from '@abland/event-codec';
import { type EventStore, silentLogger } from '@abland/kernel';
import { openPool } from '@abland/postgres';
import { freePort, ProgramProcess } from '@abland/testing';
import { SIMULATED_CONTRACTS } from '@abland/testing/simulated-chain';
import type pg from 'pg';
import { CHAIN_ID } from '../rebuild/dex-log.js';

const CHANGED_PROJECTOR = fileURLToPath(new URL('../../../../dist/changed-projector.js', import.meta.url));
const DATABASE = 'session';

/** A PostgreSQL of its own, and programs of production on it, to be killed and started again. */
export class SessionSystem {
  private programs: ProgramProcess[] = [];
  private changed: ChildProcess | null = null;

  private constructor(
    private readonly dataDir: string,
    private postgres: RunningPostgres,
    readonly store: EventStore,
    readonly pool: pg.Pool,
  ) {}

  static async open(): Promise<SessionSystem> {
    const dataDir = await mkdtemp(join(tmpdir(), 'abland-session-'));
    const postgres = await startDatabase(dataDir);
    const store = await openEventStore(postgres.url, silentLogger);
    const pool = openPool({ connectionString: postgres.url, name: 'session', max: 6, logger: silentLogger });
    return new SessionSystem(dataDir, postgres, store, pool);
  }

  get databaseUrl(): string {
    return this.postgres.url;
  }

  async start(name: 'api' | 'projector'): Promise<ProgramProcess> {
    const program = await ProgramProcess.start(name, await environment(this.databaseUrl));
    this.programs.push(program);
    return program;
  }

  /** A projector of a later version, in which the definition of tokens is another. */
  async startChanged(): Promise<void> {
    const env = { PATH: process.env['PATH'], DATABASE_URL: this.databaseUrl };
    this.changed = spawn(process.execPath, [CHANGED_PROJECTOR], {
      env,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    if (this.changed.stdout !== null) await once(this.changed.stdout, 'data');
  }

  async stopChanged(): Promise<void> {
    if (this.changed === null || this.changed.exitCode !== null) return;
    const ended = once(this.changed, 'exit');
    this.changed.kill('SIGKILL');
    await ended;
    this.changed = null;
  }

  /** Kills every process of the database, and starts it on what it left. */
  async killDatabase(): Promise<void> {
    const ended = this.postgres.ended.catch(() => undefined);
    process.kill(this.postgres.pid, 'SIGKILL');
    await ended;
    this.postgres = await startDatabase(this.dataDir, this.postgres.port);
  }

  async stopPrograms(): Promise<void> {
    await Promise.all(this.programs.map((program) => program.end()));
    this.programs = [];
  }

  /** Beside the one of the session. Returns where it is. */
  async anotherDatabase(name: string): Promise<string> {
    await this.pool.query(`CREATE DATABASE ${name}`);
    const url = new URL(this.databaseUrl);
    url.pathname = `/${name}`;
    return url.href;
  }

  async close(): Promise<void> {
    await this.stopChanged();
    await this.stopPrograms();
    await this.store.close();
    await this.pool.end();
    await this.postgres.stop();
    await removePostgresData(this.dataDir);
  }
}

const startDatabase = (dataDir: string, port?: number): Promise<RunningPostgres> =>
  startPostgres({
    ...{ dataDir, database: DATABASE, settings: ['max_wal_size=4GB'] },
    ...(port === undefined ? {} : { port }),
  });

const environment = async (databaseUrl: string): Promise<Readonly<Record<string, string>>> => ({
  DATABASE_URL: databaseUrl,
  // The API asks no chain for what is read here: nobody is there.
  CHAIN_RPC_URLS: `http://127.0.0.1:${await freePort()}`,
  CHAIN_ID: String(CHAIN_ID),
  TOKEN_FACTORY_ADDRESS: SIMULATED_CONTRACTS.tokenFactory,
  LIQUIDITY_MANAGER_ADDRESS: SIMULATED_CONTRACTS.liquidityManager,
  JWT_SECRET: randomBytes(32).toString('base64url'),
  PERSONAL_DATA_KEY: randomBytes(32).toString('base64'),
  LOG_LEVEL: 'warn',
});

import { openEventStore } from '@abland/event-codec';
import type { EventStore } from '@abland/kernel';
import { migrateLeases, expireLeases, type Limits, openPool, USUAL_LIMITS } from '@abland/postgres';
import { migrateProjections } from '@abland/projections';
import { openLogStream } from '@abland/log-stream';
import type pg from 'pg';
import { PROGRAM_NAMES, type ProgramName } from './fault-plan.js';
import { type Deployment, PROGRAMS } from './programs/open-programs.js';
import { Program } from './programs/program.js';

const RUNNING_MAX = 2;
/** Whoever looks on waits for a busy machine: what it looks at has the limits of its own. */
const PATIENT: Limits = { ...USUAL_LIMITS, connectMs: 60_000, statementMs: 120_000, lockMs: 60_000 };

/** The programs between chain and read models, each once or twice, with the database that they share. */
export class System {
  readonly #running: Record<ProgramName, Program[]> = { indexer: [], ingester: [], projector: [] };
  readonly #killed: Program[] = [];
  kills = 0;

  private constructor(
    private readonly databaseUrl: string,
    private readonly deployment: Deployment,
    /** Of who looks on. */
    readonly pool: pg.Pool,
    readonly store: EventStore,
  ) {}

  static async start(databaseUrl: string, deployment: Deployment): Promise<System> {
    const { logger } = deployment;
    const pool = openPool({ connectionString: databaseUrl, name: 'oracle', max: 4, logger, limits: PATIENT });
    const store = await openEventStore({ connectionString: databaseUrl, pool }, logger);
    await migrateLeases(pool);
    await migrateProjections(pool);
    const logStream = await openLogStream({ kafka: deployment.kafka, pool, logger });
    await logStream.close();
    const system = new System(databaseUrl, deployment, pool, store);
    await system.complete();
    return system;
  }

  /** Starts one more, unless enough of them run. */
  async add(name: ProgramName): Promise<void> {
    if (this.#running[name].length >= RUNNING_MAX) return;
    const { databaseUrl, deployment } = this;
    const open = (pool: pg.Pool, url: string) => PROGRAMS[name](deployment, pool, url);
    this.#running[name].push(await Program.start({ name, databaseUrl, logger: deployment.logger, open }));
  }

  /** Starts each of which none runs. */
  async complete(): Promise<void> {
    for (const name of PROGRAM_NAMES) if (this.#running[name].length === 0) await this.add(name);
  }

  /** Kills the one that was started first; its lease stands, as if time had passed until it was over. */
  async kill(name: ProgramName): Promise<void> {
    const program = this.#running[name].shift();
    if (program === undefined) return;
    program.kill();
    this.kills += 1;
    this.#killed.push(program);
    await this.pool.query(
      `UPDATE leases.leases SET expires_at = '-infinity', epoch = epoch + 1
       WHERE name LIKE $1 AND name IN (SELECT name FROM leases.leases FOR UPDATE SKIP LOCKED)`,
      [`${name}%`],
    );
  }

  async stop(name: ProgramName): Promise<void> {
    await this.#running[name].shift()?.stop();
  }

  /** As where a program stood still for so long that another is to lead: it does not know that yet. */
  loseLeases(): Promise<void> {
    return expireLeases(this.pool);
  }

  /** As where the database fails over. */
  async loseConnections(): Promise<void> {
    await this.pool.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE datname = current_database() AND application_name NOT LIKE '%oracle'`,
    );
  }

  async close(): Promise<void> {
    const all = [...Object.values(this.#running).flat(), ...this.#killed];
    await Promise.all(all.map((program) => program.stop()));
    await this.store.close();
    await this.pool.end();
  }
}

import { AblandError, type Logger, Outages } from '@abland/kernel';
import pg from 'pg';
import { isConnectionLoss } from './connection-loss.js';
import { databaseFailure, sayingItsClass } from './database-failure.js';
import { limitedBy, type Limits, USUAL_LIMITS } from './limits.js';
import { loggableLoss } from './loggable-loss.js';
import { tellingSlow } from './slow-statements.js';
import { PostgresClient } from './postgres-client.js';

/** More wait for a connection of the pool than may: what is refused at once need not be given up later. */
export class DatabaseBusyError extends AblandError {
  readonly code = 'DATABASE_BUSY';
  override readonly failureClass = 'LATER';
}

export interface PoolOptions {
  readonly connectionString: string;
  /** What it is for, as the log and the server's list of connections show it. */
  readonly name: string;
  /** Connections. */
  readonly max: number;
  readonly logger: Logger;
  /** Default: the usual ones. */
  readonly limits?: Limits | undefined;
  /** How many may wait for a connection at once. Default: 50 for each connection. */
  readonly waitersMax?: number | undefined;
  /** Behind a pooler that gives a connection to each transaction. Default: false. */
  readonly pooled?: boolean | undefined;
  /** What is told with a statement that took long: which request asked it, say. Absent: nothing. */
  readonly askedFor?: (() => object) | undefined;
}

const WAITERS_A_CONNECTION = 50;
/** Milliseconds after which a statement is told of in the log, where somebody waits for its answer. */
const SLOW_MS = 1_000;
const CONNECTIONS_LOST = 'connections-lost';

/** The one way to connections that are used in turn: with the limits, the session and the listener of PostgresClient. */
export function openPool(options: PoolOptions): pg.Pool {
  return new LimitedPool(options);
}

/**
 * Calls back each time that one of the pool's connections was lost, or says nothing any more: others to the same server are no better.
 * Until the function that is returned is called.
 */
export function onConnectionsLost(pool: pg.Pool, callback: () => void): () => void {
  const events: NodeJS.EventEmitter = pool;
  events.on(CONNECTIONS_LOST, callback);
  return () => events.off(CONNECTIONS_LOST, callback);
}

class LimitedPool extends pg.Pool {
  private readonly waitersMax: number;
  private readonly idle = new Set<pg.PoolClient>();

  constructor(options: PoolOptions) {
    const { connectionString, limits = USUAL_LIMITS, logger, max, name, pooled = false } = options;
    const client = { application_name: `abland-${name}`, limits, pooled, Client: PostgresClient };
    super({ connectionString, max, ...limitedBy(limits), ...client } as object);
    this.waitersMax = options.waitersMax ?? WAITERS_A_CONNECTION * max;
    this.query = sayingItsClass(this.query.bind(this) as pg.Pool['query']);
    // What takes as long as there is data has limits of its own.
    if (limits.statementMs <= USUAL_LIMITS.statementMs) this.tellSlow(options);
    const losses = Outages.of(logger, 'idle database connection lost');
    this.on('error', (error, client) => {
      const loss = loggableLoss(error);
      losses.note(null, { ...loss, pool: name }, loss.code ?? loss.message);
      this.idle.delete(client);
      this.loseIdle();
    });
    this.on('acquire', (client) => this.idle.delete(client));
    this.on('remove', (client) => this.idle.delete(client));
    this.on('release', (error: unknown, client) => {
      if (isConnectionLoss(error) || (client as pg.ClientBase as PostgresClient).silent) this.loseIdle();
      else if (error === undefined || error === null || error === false) this.idle.add(client);
    });
  }

  override connect(): Promise<pg.PoolClient>;
  override connect(
    callback: (
      error: Error | undefined,
      client: pg.PoolClient | undefined,
      done: (release?: unknown) => void,
    ) => void,
  ): void;
  override connect(
    callback?: (
      error: Error | undefined,
      client: pg.PoolClient | undefined,
      done: (release?: unknown) => void,
    ) => void,
  ): Promise<pg.PoolClient> | void {
    if (this.waitingCount < this.waitersMax) {
      if (callback === undefined)
        return super.connect().catch((error: unknown) => Promise.reject(databaseFailure(error) as Error));
      return super.connect(callback);
    }
    const { waitersMax } = this;
    const error = new DatabaseBusyError('Too many wait for the database already', { waitersMax });
    if (callback === undefined) return Promise.reject(error);
    callback(error, undefined, () => undefined);
  }

  private tellSlow({ askedFor = () => ({}), logger, name }: PoolOptions): void {
    const slow = Outages.of(logger, 'a statement took long');
    this.on('connect', (client) => {
      client.query = tellingSlow(client, SLOW_MS, (statement) =>
        slow.note(null, { pool: name, ...statement, ...askedFor() }, statement.sql),
      ) as typeof client.query;
    });
  }

  /** Where one connection was lost the others are, most of the time, and of silence they would be asked one after the other. */
  private loseIdle(): void {
    (this as NodeJS.EventEmitter).emit(CONNECTIONS_LOST);
    for (const client of [...this.idle]) {
      this.idle.delete(client);
      client.emit('error', new Error('Connection terminated: another one was lost'));
    }
  }
}

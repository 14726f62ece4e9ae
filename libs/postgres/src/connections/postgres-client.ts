import pg from 'pg';
import { sayingItsClass } from './database-failure.js';
import { verifiedUrl } from './verified-url.js';
import { limitedBy, type Limits, USUAL_LIMITS } from './limits.js';

export interface PostgresClientConfig extends pg.ClientConfig {
  /** Default: those of the rest of the configuration, and the usual ones. */
  readonly limits?: Limits | undefined;
  /** Behind a pooler that gives a connection to each transaction: what is no transaction's cannot be set. Default: false. */
  readonly pooled?: boolean | undefined;
}

/**
 * What our statements depend on, whatever the server, the database or the role have for defaults. `default_transaction_read_only` is
 * not among them: where somebody sets it, nothing must be written.
 */
const SESSION: Readonly<Record<string, string>> = {
  // Off, a NULL in an array that we give is the word: in a column of texts nobody is told.
  array_nulls: 'on',
  bytea_output: 'hex',
  default_transaction_isolation: 'read committed',
  extra_float_digits: '1',
  IntervalStyle: 'postgres',
  // All names are qualified but those of pg_trgm, which some who host PostgreSQL keep in a schema of that name.
  search_path: 'public, extensions',
};
/** Those of them that every pooler keeps for each of its clients. */
const POOLED_SESSION: Readonly<Record<string, string>> = {
  client_encoding: 'UTF8',
  DateStyle: 'ISO, MDY',
  standard_conforming_strings: 'on',
  TimeZone: 'UTC',
};
/** Names of limits that only a session of one's own can have. */
const SESSION_LIMITS = new Set(['statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout']);

/** Milliseconds after which a peer that does not say goodbye is left without one. */
const END_MS_MAX = 2_000;

/**
 * A connection of this product: with limits, with the session that our statements depend on, and with a listener for what is
 * lost, as an `error` that nobody listens to ends the process. Queries in hand fail all the same.
 */
export class PostgresClient extends pg.Client {
  /** An answer was waited for in vain: it is ended. */
  silent = false;
  /** How many answers are being waited for. */
  inHand = 0;
  /** Behind a pooler that gives a connection to each transaction. */
  readonly pooled: boolean;

  constructor({ limits, pooled = false, ...given }: PostgresClientConfig) {
    const { connectionString: url } = given;
    const config = url === undefined ? given : { ...given, connectionString: verifiedUrl(url) };
    super(
      limits === undefined ? { ...limitedBy(USUAL_LIMITS), ...config } : { ...config, ...limitedBy(limits) },
    );
    this.pooled = pooled;
    this.on('error', () => undefined);
    this.query = sayingItsClass(answersAwaited(this));
    this.connect = sayingItsClass(this.connect.bind(this));
  }

  /** Sent with the first message, so that it costs no round trip; node-postgres has no setting for it. */
  getStartupConf(): Record<string, string> {
    const { getStartupConf } = pg.Client.prototype as unknown as {
      getStartupConf(this: pg.Client): Record<string, string>;
    };
    const own = getStartupConf.call(this);
    if (!this.pooled) return { ...own, ...SESSION, ...POOLED_SESSION };
    const known = Object.entries(own).filter(([name]) => !SESSION_LIMITS.has(name));
    return { ...Object.fromEntries(known), ...POOLED_SESSION };
  }

  override end(): Promise<void>;
  override end(callback: (error: Error) => void): void;
  override end(callback?: (error: Error) => void): Promise<void> | void {
    // Of an end that nobody waits for any more: a second call, or one of a connection that never was.
    const late = setTimeout(() => socketOf(this)?.destroy(), END_MS_MAX);
    late.unref();
    this.once('end', () => clearTimeout(late));
    return callback === undefined ? super.end() : super.end(callback);
  }
}

/**
 * The client's `query`, counted, which ends the connection where an answer is waited for in vain: the next query on it would wait
 * behind the one that was given up, and not everybody gives a connection back as broken.
 */
function answersAwaited(client: PostgresClient): pg.Client['query'] {
  const query = client.query.bind(client) as (...args: readonly unknown[]) => unknown;
  return ((...args: readonly unknown[]) => {
    const result = query(...args);
    if (result instanceof Promise) {
      client.inHand += 1;
      result.then(
        () => (client.inHand -= 1),
        (error: Error) => {
          client.inHand -= 1;
          if (error.message !== 'Query read timeout') return;
          client.silent = true;
          void client.end();
        },
      );
    }
    return result;
  }) as pg.Client['query'];
}

/** The socket under a connection, which node-postgres keeps to itself. */
export function socketOf(client: pg.ClientBase): { destroy(): void } | undefined {
  return (client as unknown as { connection?: { stream?: { destroy(): void } } }).connection?.stream;
}

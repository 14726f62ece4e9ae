import { type Logger, Outages } from '@abland/kernel';
import {
  connectionConfigOf,
  type Limits,
  loggableLoss,
  onConnectionsLost,
  PostgresClient,
  withClient,
} from '@abland/postgres';
import type pg from 'pg';

/** One group of appends at a time, on one connection. */
export interface Lane {
  /** A connection on which the work fails is closed: its transaction may still be open. */
  use<Result>(work: (client: pg.Client) => Promise<Result>): Promise<Result>;
  close(): Promise<void>;
}

/**
 * A process that stops while it holds the log's lock is cut off and rolled back, in less time than others wait for the lock. Somebody
 * waits for the answer: what waits here and is then begun has one within 20 seconds, be it that it may be repeated.
 */
const LIMITS: Limits = {
  connectMs: 5_000,
  statementMs: 10_000,
  lockMs: 10_000,
  idleInTransactionMs: 8_000,
};
/** Plans are made once, of whatever size the log has then: none goes through all of it. */
const PLANS = { plan_cache_mode: 'force_generic_plan', enable_seqscan: 'off' } as const;

/** A connection to a pool's database for appends alone, opened at the first of them and again after it or one of the pool's was lost. */
export class OwnLane implements Lane {
  private client: PostgresClient | null = null;
  private readonly forget: () => void;
  private readonly losses: Outages;

  constructor(
    private readonly pool: pg.Pool,
    logger: Logger,
  ) {
    this.losses = Outages.of(logger, 'appending connection lost');
    this.forget = onConnectionsLost(pool, () => {
      if (this.client?.inHand === 0) void this.disconnect();
    });
  }

  async use<Result>(work: (client: pg.Client) => Promise<Result>): Promise<Result> {
    try {
      this.client ??= await this.connect();
      return await work(this.client);
    } catch (error) {
      void this.disconnect(); // whoever waits for the answer does not wait for a server that is gone
      throw error;
    }
  }

  async close(): Promise<void> {
    this.forget();
    await this.disconnect();
  }

  private async disconnect(): Promise<void> {
    const { client } = this;
    this.client = null;
    await client?.end();
  }

  private async connect(): Promise<PostgresClient> {
    const plans = Object.entries(PLANS).map(([name, value]) => `-c ${name}=${value}`);
    const config = connectionConfigOf(this.pool);
    const options = [config.options, ...plans].filter((part) => part !== undefined).join(' ');
    const own = { application_name: 'abland-appends', limits: LIMITS, options, pipeline: true };
    const client = new PostgresClient({ ...config, ...own });
    client.on('error', (error) => {
      const loss = loggableLoss(error);
      this.losses.note(null, loss, loss.code ?? loss.message);
      if (this.client === client) this.client = null;
    });
    await client.connect();
    return client;
  }
}

/** What others would wait for, and what plans depend on; how long it waits itself is the pool's. */
const SESSION = {
  ...PLANS,
  idle_in_transaction_session_timeout: String(LIMITS.idleInTransactionMs),
} as const;
const BORROW = `SELECT ${Object.entries(SESSION)
  .map(([name, value]) => `set_config('${name}', '${value}', false)`)
  .join(', ')}`;
const GIVE_BACK = Object.keys(SESSION)
  .map((name) => `RESET ${name}`)
  .join('; ');

/** Whether several statements are sent at once; node-postgres goes by it at each. */
type Pipelined = pg.Client & { pipeline: boolean };

/** A connection of the pool, for as long as a group takes: two round trips more, and none that is there for appends alone. */
export class BorrowedLane implements Lane {
  constructor(private readonly pool: pg.Pool) {}

  use<Result>(work: (client: pg.Client) => Promise<Result>): Promise<Result> {
    return withClient(this.pool, async (borrowed) => {
      const client = borrowed as pg.ClientBase as Pipelined;
      await client.query(BORROW);
      client.pipeline = true;
      const result = await work(client);
      client.pipeline = false;
      await client.query(GIVE_BACK);
      return result;
    });
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

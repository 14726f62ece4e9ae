import {
  type Logger,
  type Part,
  type PartRun,
  supervise,
  type Supervised,
  whenAborted,
  within,
} from '@abland/kernel';
import pg from 'pg';
import { endClient } from './end-client.js';
import { postgresFailureClassOf } from './failure.js';

/** Null when notifications may have been missed: at every (re)connection. */
export type OnNotification = (payload: string | null) => void;

const PAUSE_MS = { min: 50, max: 2_000 };
const FAILED_PAUSE_MS = 10_000;
/** Milliseconds to connect and to begin listening. */
const BEGIN_MS_MAX = 10_000;

/**
 * One connection that listens on one channel for all of a process's subscribers. It connects when the first one comes and
 * reconnects after every loss until closed. Notifications are a hint to look, never the only way to learn of something.
 */
export class PostgresListener {
  private readonly callbacks = new Set<OnNotification>();
  private running: Supervised | null = null;

  constructor(
    private readonly config: pg.ClientConfig,
    private readonly channel: string,
    private readonly logger: Logger,
  ) {}

  /** Returns the function that ends it. */
  listen(callback: OnNotification): () => void {
    this.callbacks.add(callback);
    this.running ??= this.run();
    return () => this.callbacks.delete(callback);
  }

  async close(): Promise<void> {
    this.callbacks.clear();
    await this.running?.stop();
  }

  private run(): Supervised {
    const part: Part = { name: `listening on ${this.channel}`, run: (run) => this.listenOnce(run) };
    const pauses = { pauseMs: PAUSE_MS, failedPauseMs: FAILED_PAUSE_MS };
    return supervise(part, { ...pauses, logger: this.logger, classify: postgresFailureClassOf });
  }

  /** Returns when the connection ends. @throws what it ended with */
  private async listenOnce({ progress, signal }: PartRun): Promise<void> {
    const client = new pg.Client({ ...this.config, keepAlive: true });
    const ended = new Promise<void>((resolve, reject) => {
      client.on('error', reject);
      client.on('end', resolve);
    });
    ended.catch(() => undefined); // awaited below; may reject before that
    client.on('notification', (message) => this.notify(message.payload ?? ''));
    const begin = async (): Promise<void> => {
      await client.connect();
      await client.query(`LISTEN ${pg.escapeIdentifier(this.channel)}`);
    };
    try {
      await within(BEGIN_MS_MAX, `beginning to listen on ${this.channel}`, begin());
      progress();
      this.notify(null);
      await Promise.race([ended, whenAborted(signal)]);
    } finally {
      await endClient(client);
    }
  }

  private notify(payload: string | null): void {
    for (const callback of this.callbacks) {
      try {
        callback(payload);
      } catch (error) {
        this.logger.error({ err: error, channel: this.channel }, 'a notification was not understood');
      }
    }
  }
}

import { type Logger, Wakeup } from '@abland/kernel';
import pg from 'pg';

/** Null when notifications may have been missed: at every (re)connection. */
export type OnNotification = (payload: string | null) => void;

const RECONNECT_PAUSE_MS_MIN = 50;
const RECONNECT_PAUSE_MS_MAX = 2_000;

/**
 * One connection that listens on one channel for all of a process's subscribers. It connects when the first one comes and
 * reconnects after every loss until closed. Notifications are a hint to look, never the only way to learn of something.
 */
export class PostgresListener {
  private readonly callbacks = new Set<OnNotification>();
  private readonly abort = new AbortController();
  private running: Promise<void> | null = null;

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
    this.abort.abort();
    this.callbacks.clear();
    await this.running;
  }

  private async run(): Promise<void> {
    const pause = new Wakeup();
    let pauseMs = RECONNECT_PAUSE_MS_MIN;
    while (!this.abort.signal.aborted) {
      try {
        await this.listenOnce(() => (pauseMs = RECONNECT_PAUSE_MS_MIN));
      } catch (error) {
        if (this.abort.signal.aborted) return;
        this.logger.warn({ err: error, channel: this.channel, pauseMs }, 'listening connection lost');
      }
      await pause.wait(pauseMs, this.abort.signal);
      pauseMs = Math.min(pauseMs * 2, RECONNECT_PAUSE_MS_MAX);
    }
  }

  /** Settles when the connection ends: rejects unless it was closed by us. */
  private async listenOnce(onConnected: () => void): Promise<void> {
    const client = new pg.Client({ ...this.config, keepAlive: true });
    const ended = new Promise<void>((resolve, reject) => {
      client.on('error', reject);
      client.on('end', resolve);
      this.abort.signal.addEventListener('abort', () => resolve(), { once: true });
    });
    ended.catch(() => undefined); // awaited below; may reject before that
    client.on('notification', (message) => this.notify(message.payload ?? ''));
    try {
      await client.connect();
      await client.query(`LISTEN ${pg.escapeIdentifier(this.channel)}`);
      onConnected();
      this.notify(null);
      await ended;
    } finally {
      await client.end().catch(() => undefined); // already lost: nothing is left to close
    }
  }

  private notify(payload: string | null): void {
    for (const callback of this.callbacks) callback(payload);
  }
}

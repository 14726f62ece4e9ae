import type { Logger } from '@abland/kernel';
import type pg from 'pg';
import { joinListening, type OnNotification } from './listening-connection.js';

/**
 * One channel's subscribers in this process; those of all channels of a database share one connection, which is opened when the
 * first one comes and opened again after every loss. Notifications are a hint to look, never the only way to learn of
 * something, and never to be believed: whoever may connect may send any.
 */
export class PostgresListener {
  private readonly callbacks = new Set<OnNotification>();
  private leave: (() => Promise<void>) | null = null;

  constructor(
    private readonly config: pg.ClientConfig,
    private readonly channel: string,
    private readonly logger: Logger,
  ) {}

  /** Returns the function that ends it. */
  listen(callback: OnNotification): () => void {
    this.callbacks.add(callback);
    this.leave ??= joinListening(this.config, this.channel, (payload) => this.tell(payload), this.logger);
    return () => this.callbacks.delete(callback);
  }

  async close(): Promise<void> {
    this.callbacks.clear();
    await this.leave?.();
  }

  private tell(payload: string | null): void {
    for (const callback of this.callbacks) {
      try {
        callback(payload);
      } catch (error) {
        this.logger.warn({ err: error, channel: this.channel }, 'a notification could not be handled');
      }
    }
  }
}

import { type Clock, type Logger, Outages } from '@abland/kernel';
import type pg from 'pg';

/** For how long a use that was noted is not noted again, by each process. */
const AGAIN_MS = 10 * 60 * 1000;
/** Keys that a process remembers to have noted. */
const REMEMBERED_MAX = 10_000;
/** No key is good for longer: what was used before is of one that is none any more. */
const KEPT_DAYS = 400;

/** When each key was last used, to the hour: enough to see which is in use, and too little to follow anybody by. */
export class ApiKeyUses {
  private readonly noted = new Map<string, number>();
  private readonly notNoted: Outages;

  constructor(
    private readonly pool: pg.Pool,
    private readonly clock: Clock,
    logger: Logger,
  ) {
    this.notNoted = new Outages({ logger, message: 'the use of a key is not noted' });
  }

  /** Nobody waits for it. */
  note(keyId: string): void {
    const now = this.clock();
    // Also where the clock was set back since.
    if (Math.abs(now - (this.noted.get(keyId) ?? -AGAIN_MS)) < AGAIN_MS) return;
    this.noted.delete(keyId);
    this.noted.set(keyId, now);
    const [oldest] = this.noted.keys();
    if (this.noted.size > REMEMBERED_MAX && oldest !== undefined) this.noted.delete(oldest);
    this.write(keyId, new Date(now)).catch((error: unknown) => this.notNoted.note(error));
  }

  /** Of those that were used. */
  async lastOf(keyIds: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const { rows } = await this.pool.query<{ key_id: string; used_at: Date }>(
      'SELECT key_id, used_at FROM api.api_key_uses WHERE key_id = ANY($1)',
      [keyIds],
    );
    return new Map(rows.map(({ key_id, used_at }) => [key_id, used_at.toISOString()]));
  }

  private async write(keyId: string, at: Date): Promise<void> {
    await this.pool.query(
      `INSERT INTO api.api_key_uses (key_id, used_at) VALUES ($1, date_trunc('hour', $2::timestamptz, 'UTC'))
       ON CONFLICT (key_id) DO UPDATE SET used_at = greatest(api_key_uses.used_at, excluded.used_at)`,
      [keyId, at],
    );
    const old = new Date(at.getTime() - KEPT_DAYS * 24 * 60 * 60 * 1000);
    await this.pool.query('DELETE FROM api.api_key_uses WHERE used_at < $1', [old]);
  }
}

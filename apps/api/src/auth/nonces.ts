import { randomBytes } from 'node:crypto';
import type { Clock } from '@abland/kernel';
import type pg from 'pg';

export interface Nonce {
  readonly nonce: string;
  readonly issuedAt: Date;
  readonly expiresAt: Date;
}

export type NonceState = 'open' | 'unknown' | 'used' | 'expired';

const LIFETIME_MS = 5 * 60 * 1000;
/** Kept a while after its end, so that a late caller is told what happened rather than that it never was. */
const KEPT_MS = 60 * 60 * 1000;

/** Sign-in nonces: each is for one address and good once, whatever the number of API processes. */
export class Nonces {
  constructor(
    private readonly pool: pg.Pool,
    private readonly clock: Clock,
  ) {}

  async issue(address: string): Promise<Nonce> {
    const now = this.clock();
    const nonce = randomBytes(16).toString('hex');
    const issuedAt = new Date(now);
    const expiresAt = new Date(now + LIFETIME_MS);
    await this.pool.query('DELETE FROM api.sign_in_nonces WHERE expires_at < $1', [new Date(now - KEPT_MS)]);
    await this.pool.query(
      'INSERT INTO api.sign_in_nonces (nonce, address, issued_at, expires_at) VALUES ($1, $2, $3, $4)',
      [nonce, address, issuedAt, expiresAt],
    );
    return { nonce, issuedAt, expiresAt };
  }

  async stateOf(nonce: string, address: string): Promise<NonceState> {
    const found = await this.pool.query<{ address: string; expires_at: Date; used_at: Date | null }>(
      'SELECT address, expires_at, used_at FROM api.sign_in_nonces WHERE nonce = $1',
      [nonce],
    );
    const row = found.rows[0];
    if (row === undefined || row.address !== address) return 'unknown';
    if (row.used_at !== null) return 'used';
    return row.expires_at.getTime() <= this.clock() ? 'expired' : 'open';
  }

  /** True for exactly one of any number of callers with the same nonce. */
  async use(nonce: string): Promise<boolean> {
    const used = await this.pool.query(
      'UPDATE api.sign_in_nonces SET used_at = $2 WHERE nonce = $1 AND used_at IS NULL',
      [nonce, new Date(this.clock())],
    );
    return used.rowCount === 1;
  }
}

import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Clock } from '@abland/kernel';
import type pg from 'pg';

export interface Nonce {
  readonly nonce: string;
  readonly issuedAt: Date;
  readonly expiresAt: Date;
}

export type NonceState = 'open' | 'unknown' | 'used' | 'expired';

const LIFETIME_MS = 5 * 60 * 1000;
/** Kept a while after its end, so that a late caller is told what happened rather than that it is over. */
const KEPT_MS = 60 * 60 * 1000;

/** Of its parts, as hexadecimal digits: when it expires, in milliseconds since the epoch; chance; who made it. */
const DIGITS = { expiry: 12, chance: 20, seal: 32 };
const NONCE = new RegExp(`^[0-9a-f]{${DIGITS.expiry + DIGITS.chance + DIGITS.seal}}$`);

/**
 * Nonces that wallets sign: each is for one address and purpose and good once, whatever the number of API processes. A nonce says itself for whom and
 * until when it is, under a seal that only who has the secret can make: whoever asks for many leaves nothing behind. Kept are those
 * that were used, which takes a signature of the address.
 */
export class Nonces {
  private readonly key: Buffer;

  /** @param secret the one of sessions; the seal's key is derived from it, another for each purpose */
  constructor(
    private readonly pool: pg.Pool,
    private readonly clock: Clock,
    secret: string,
    purpose: 'sign-in' | 'confirmation',
  ) {
    this.key = createHmac('sha256', secret).update(`${purpose} nonces`).digest();
  }

  issue(address: string): Nonce {
    const now = this.clock();
    const expiresAt = new Date(now + LIFETIME_MS);
    const told =
      expiresAt.getTime().toString(16).padStart(DIGITS.expiry, '0') +
      randomBytes(DIGITS.chance / 2).toString('hex');
    return { nonce: told + this.seal(told, address), issuedAt: new Date(now), expiresAt };
  }

  async stateOf(nonce: string, address: string): Promise<NonceState> {
    if (!this.isOurs(nonce, address)) return 'unknown';
    const { rowCount } = await this.pool.query('SELECT FROM api.sign_in_nonces WHERE nonce = $1', [nonce]);
    if (rowCount === 1) return 'used';
    return expiryOf(nonce) <= this.clock() ? 'expired' : 'open';
  }

  /** True for exactly one of any number of callers with the same nonce, whose state must be open. */
  async use(nonce: string, address: string): Promise<boolean> {
    const now = this.clock();
    const expiresAt = expiryOf(nonce);
    await this.pool.query('DELETE FROM api.sign_in_nonces WHERE expires_at < $1', [new Date(now - KEPT_MS)]);
    const { rowCount } = await this.pool.query(
      `INSERT INTO api.sign_in_nonces (nonce, address, issued_at, expires_at, used_at) VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT (nonce) DO NOTHING`,
      [nonce, address, new Date(expiresAt - LIFETIME_MS), new Date(expiresAt), new Date(now)],
    );
    return rowCount === 1;
  }

  private isOurs(nonce: string, address: string): boolean {
    if (!NONCE.test(nonce)) return false;
    const told = nonce.slice(0, -DIGITS.seal);
    return timingSafeEqual(Buffer.from(nonce.slice(-DIGITS.seal)), Buffer.from(this.seal(told, address)));
  }

  private seal(told: string, address: string): string {
    const digest = createHmac('sha256', this.key).update(`${told}:${address.toLowerCase()}`).digest('hex');
    return digest.slice(0, DIGITS.seal);
  }
}

/** Milliseconds since the epoch, of one that is ours. */
export const expiryOf = (nonce: string): number => Number.parseInt(nonce.slice(0, DIGITS.expiry), 16);

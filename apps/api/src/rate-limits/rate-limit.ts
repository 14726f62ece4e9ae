/** So many of something in so many seconds, counted from the first one on. */
export interface RateLimit {
  readonly count: number;
  readonly seconds: number;
}

/**
 * What is counted by itself: every request (`general`), what makes a token or a pool (`creation`), what moves a market (`trading`),
 * and what leads to a session (`signIn`).
 */
export type RateClass = 'general' | 'creation' | 'trading' | 'signIn';

/** Null: as often as one likes. */
export type RateLimits = Readonly<Record<RateClass, RateLimit | null>>;

export const NO_RATE_LIMITS: RateLimits = { general: null, creation: null, trading: null, signIn: null };

/**
 * How much more may come from one network address than from one caller: behind it may be an office, or somebody with a wallet
 * for each request.
 */
const CALLERS_PER_ADDRESS = 10;

export const ofAddress = ({ count, seconds }: RateLimit): RateLimit => ({
  count: count * CALLERS_PER_ADDRESS,
  seconds,
});

/** How much more a key may whose class was raised: as much as a network address. */
export const raised = ofAddress;

/** How much more of what caches hold: at the usual limit, 2.5 million entries of the log in a quarter of an hour. */
const PUBLIC_PER_CALLER = 100;

/** Of what one network address may read of the log and of contents. */
export const ofPublic = ({ count, seconds }: RateLimit): RateLimit => ({
  count: count * PUBLIC_PER_CALLER,
  seconds,
});

/** How it stands after something was counted. */
export interface Counted {
  readonly isAllowed: boolean;
  /** How many more are allowed before it begins anew. */
  readonly remaining: number;
  /** Until it begins anew, rounded up. */
  readonly resetSeconds: number;
}

/** Counts by keys. What is over the limit counts as well, and does not make the wait longer. */
export interface RateCounter {
  take(scope: string, limit: RateLimit, key: string, amount: number): Promise<Counted>;
}

import { type Environment, read } from './variables.js';

/** How often a caller may ask; null: as often as they like. */
export interface RateLimitsConfig {
  readonly general: RateLimitConfig | null;
  readonly creation: RateLimitConfig | null;
  readonly trading: RateLimitConfig | null;
  readonly signIn: RateLimitConfig | null;
}

export interface RateLimitConfig {
  readonly count: number;
  readonly seconds: number;
}

const MINUTE = 60;

/** For strangers. */
const USUAL: RateLimitsConfig = {
  general: { count: 100, seconds: 15 * MINUTE },
  creation: { count: 10, seconds: 60 * MINUTE },
  trading: { count: 60, seconds: MINUTE },
  signIn: { count: 5, seconds: 15 * MINUTE },
};

/** Where nobody but this machine comes: enough for every demo and test, and still an end to what runs wild. */
const HERE: RateLimitsConfig = {
  general: { count: 1_000_000, seconds: 15 * MINUTE },
  creation: { count: 100_000, seconds: 60 * MINUTE },
  trading: { count: 100_000, seconds: MINUTE },
  signIn: { count: 10_000, seconds: 15 * MINUTE },
};

/** @throws ConfigError */
export function rateLimits(env: Environment, isHere: boolean): RateLimitsConfig {
  const { general, creation, trading, signIn } = isHere ? HERE : USUAL;
  const set = (
    name: 'RATE_LIMIT_GENERAL' | 'RATE_LIMIT_CREATION' | 'RATE_LIMIT_TRADING' | 'RATE_LIMIT_SIGN_IN',
    usual: RateLimitConfig | null,
  ): RateLimitConfig | null => {
    const limit = read(env, name);
    if (limit === undefined) return usual;
    return limit === 'off' ? null : limit;
  };
  return {
    general: set('RATE_LIMIT_GENERAL', general),
    creation: set('RATE_LIMIT_CREATION', creation),
    trading: set('RATE_LIMIT_TRADING', trading),
    signIn: set('RATE_LIMIT_SIGN_IN', signIn),
  };
}

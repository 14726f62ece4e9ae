import type { RateRules } from '../rate-limits/limit-operations.js';
import { NO_RATE_LIMITS, type RateCounter } from '../rate-limits/rate-limit.js';
import type { Roles } from '../roles/roles.js';
import type { ApiDependencies } from './dependencies.js';

export const rateRules = ({ config }: ApiDependencies, counter: RateCounter, roles: Roles): RateRules => ({
  limits: config.rateLimits ?? NO_RATE_LIMITS,
  operators: new Set(config.operators),
  // Where the log cannot be asked they are counted as anybody is.
  mayExceed: (address) => roles.may({ address, key: null }, 'OPERATE').catch(() => false),
  counter,
});

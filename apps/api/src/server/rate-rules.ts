import type { RateRules } from '../rate-limits/limit-operations.js';
import { NO_RATE_LIMITS, type RateCounter } from '../rate-limits/rate-limit.js';
import type { ApiDependencies } from './dependencies.js';

export const rateRules = ({ config }: ApiDependencies, counter: RateCounter): RateRules => ({
  limits: config.rateLimits ?? NO_RATE_LIMITS,
  operators: new Set(config.operators),
  counter,
});

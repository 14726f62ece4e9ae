import type { RequestObserver } from '../http/http-hooks.js';
import { Counter, Histogram, type Registry } from 'prom-client';

export interface ApiMetrics extends RequestObserver {
  observeAnswer(from: 'kept' | 'made'): void;
}

/** Requests by kind (`query`, `mutation`, `http`) and status; operation names come from callers and are no labels. */
export function createApiMetrics(registry: Registry): ApiMetrics {
  const duration = new Histogram({
    name: 'abland_api_request_duration_seconds',
    help: 'Time from the request to its answer',
    labelNames: ['kind', 'status'],
    buckets: [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    registers: [registry],
  });
  const errors = new Counter({
    name: 'abland_api_errors_total',
    help: 'Errors told to callers, by code',
    labelNames: ['code'],
    registers: [registry],
  });
  const answers = new Counter({
    name: 'abland_api_answers_same_for_all_total',
    help: 'Answers that are the same for all who ask: kept ones told again, and those that were made',
    labelNames: ['from'],
    registers: [registry],
  });
  return {
    observeAnswer: (from) => answers.inc({ from }),
    observeRequest(kind, status, errorCodes, seconds) {
      duration.observe({ kind, status: String(status) }, seconds);
      for (const code of errorCodes) errors.inc({ code });
    },
  };
}

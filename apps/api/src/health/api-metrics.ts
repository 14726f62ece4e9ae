import type { RequestObserver } from '../http/http-hooks.js';
import { Counter, Histogram, type Registry } from 'prom-client';

/** Requests by kind (`query`, `mutation`, `http`) and status; operation names come from callers and are no labels. */
export function createApiMetrics(registry: Registry): RequestObserver {
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
  return {
    observeRequest(kind, status, errorCodes, seconds) {
      duration.observe({ kind, status: String(status) }, seconds);
      for (const code of errorCodes) errors.inc({ code });
    },
  };
}

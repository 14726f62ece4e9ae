import { freePort as freePortOf } from '@abland/embedded/postgres';

/** Above those that programs choose for themselves, and below those that systems give to outgoing connections. */
const FIRST = 24_000;
const [PARTS, PORTS_EACH] = [8, 1_000];

/**
 * A port on which nobody listens. The workers of a test run never choose the same one, though what is to listen there may take its
 * time to start.
 */
export function freePort(): Promise<number> {
  const worker = Number(process.env['JEST_WORKER_ID'] ?? 1);
  return freePortOf({ first: FIRST + (worker % PARTS) * PORTS_EACH, count: PORTS_EACH });
}

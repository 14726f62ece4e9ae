import type { ReadModelPool } from '@abland/projections';
import type pg from 'pg';
import { currentRequest } from '../http/request-context.js';
import { SLOT_WAIT_MS } from '../reading/request-reads.js';
import { ReadSlots } from '../reading/read-slots.js';

/** Connections that reading leaves to what the API itself does: judging commands, the log, readiness. */
const LEFT_TO_OTHERS = 2;
const WAITERS_A_CONNECTION = 50;

/** A pool's connections for what strangers read: never all of them, and few for one request. Outside of a request: in turn with the others. */
export function readsInTurn(pool: pg.Pool): ReadModelPool {
  const max = Math.max(1, pool.options.max - LEFT_TO_OTHERS);
  const all = new ReadSlots({ max, waitersMax: WAITERS_A_CONNECTION * max, waitMs: SLOT_WAIT_MS });
  return {
    options: pool.options,
    async connect() {
      const reads = currentRequest()?.reads ?? null;
      const over = reads?.over ?? null;
      const endOwn = await reads?.slots.take(over);
      try {
        return await connected(pool, await all.take(over), endOwn);
      } catch (error) {
        endOwn?.();
        throw error;
      }
    },
    end: () => pool.end(),
  };
}

/** A connection whose release ends the slots that it was taken with. */
async function connected(
  pool: pg.Pool,
  endShared: () => void,
  endOwn: (() => void) | undefined,
): Promise<pg.PoolClient> {
  try {
    const client = await pool.connect();
    const release = client.release.bind(client);
    client.release = (error) => {
      release(error);
      endShared();
      endOwn?.();
    };
    return client;
  } catch (error) {
    endShared();
    throw error;
  }
}

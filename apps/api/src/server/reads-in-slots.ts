import type { ReadModelPool } from '@abland/projections';
import type pg from 'pg';
import { currentRequest } from '../http/request-context.js';
import { SLOT_WAIT_MS } from '../reading/request-reads.js';
import { type InSlot, ReadSlots } from '../reading/read-slots.js';

/** Connections that reading leaves to what the API itself does: judging commands, the log, readiness. */
const LEFT_TO_OTHERS = 2;
const WAITERS_A_CONNECTION = 50;
/** Of those that reading has: what the log and contents are public by, which caches hold for whoever asks again. */
const PUBLIC_SHARE = 4;

/** A pool's connections for what strangers read: never all of them, and few for one request. Outside of a request: in turn with the others. */
export function readsInSlots(pool: pg.Pool): ReadModelPool {
  const max = Math.max(1, connectionsOfReading(pool) - connectionsOfPublic(pool));
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

/**
 * For what strangers read beside the read models, of whatever pool, with one connection at a time each: a few at once, so that they
 * leave connections to all else.
 */
export function publicSlots(pool: pg.Pool): InSlot {
  const max = connectionsOfPublic(pool);
  const slots = new ReadSlots({ max, waitersMax: WAITERS_A_CONNECTION * max, waitMs: SLOT_WAIT_MS });
  return async (read) => {
    const end = await slots.take(currentRequest()?.reads?.over ?? null);
    try {
      return await read();
    } finally {
      end();
    }
  };
}

const connectionsOfReading = (pool: pg.Pool): number => Math.max(1, pool.options.max - LEFT_TO_OTHERS);

const connectionsOfPublic = (pool: pg.Pool): number =>
  Math.max(1, Math.floor(connectionsOfReading(pool) / PUBLIC_SHARE));

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

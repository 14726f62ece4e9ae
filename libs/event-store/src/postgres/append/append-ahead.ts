import type { AppendResult, Position } from '@abland/kernel';
import { copyIn } from '@abland/postgres';
import pg from 'pg';
import type { KnownLog } from '../../reading/known-log.js';
import { knownValues } from '../known/is-known.js';
import type { Turn } from './append-order.js';
import type { AppendPlan } from './append-plan.js';
import { END_APPEND } from './append-statements.js';
import { WRITTEN_COLUMNS } from './event-encoder.js';
import { inPipeline } from './pipeline.js';

/** As long as it waits for what becomes of another process's rows at the same place. */
const BEGIN = "BEGIN; SET LOCAL statement_timeout = '10s'";

const COPY_EVENTS = `COPY event_store.events (${WRITTEN_COLUMNS}) FROM STDIN (FORMAT binary)`;

/** SQLSTATEs of a group that cannot be where it was written; nothing of it is stored. */
const NOT_THERE = new Set([
  'AB001', // the log is not where it was expected to be
  '55P03', // somebody else has the log's lock
  '23505', // a position or a revision is taken
  '23514', // the part of the log for the position is not there
  '57014', // it has waited too long for what becomes of somebody else's rows
  '40P01', // two processes' groups waited for each other's rows
]);

/**
 * Writes a group where it will be in the log if all is as expected, while those before it are still under way; takes the lock
 * only to see that it is, and commits. PostgreSQL's work on several groups is done side by side in this way, and the lock is held for
 * a fraction of the time. Where it throws, the connection must be closed.
 * @returns null where the group is not where it should be and nothing is stored: the caller appends it under the lock
 */
export async function appendAhead(
  client: pg.Client,
  plan: AppendPlan,
  head: Position,
  turn: Turn,
  known: KnownLog,
): Promise<AppendResult[] | null> {
  const written = [client.query(BEGIN), copyIn(client, COPY_EVENTS, [plan.copyMessages(head)])];
  for (const query of written) query.catch(() => undefined); // told by the pipeline that ends the transaction
  try {
    if (!(await turn.follows)) {
      await inPipeline([...written, client.query('ROLLBACK')]);
      return null;
    }
    await inPipeline([
      ...written,
      client.query({
        ...END_APPEND,
        values: [...plan.conditions(), head.toString(), plan.count, ...knownValues(known)],
      }),
      client.query('COMMIT'),
    ]);
    return plan.exactResults(head);
  } catch (error) {
    // What followed was refused, and the transaction's end has rolled it back.
    if (error instanceof pg.DatabaseError && NOT_THERE.has(error.code ?? '')) return null;
    throw error;
  }
}

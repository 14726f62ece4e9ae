import { expireLease, inPatientTransaction, inTransaction, revokeLease } from '@abland/postgres';
import type pg from 'pg';
import type { ParkedByProcess } from './parked-id.js';
import { noteSkipped, type SkippedByProcess } from './skipped.js';

/** In the transaction that does what was decided. */
export type NoteDecision = (client: pg.ClientBase) => Promise<void>;

/** Whether a process left it out, and nobody decided on it. */
export async function isParkedByProcess(pool: pg.Pool, parked: ParkedByProcess): Promise<boolean> {
  const { rowCount } = await pool.query(`SELECT FROM processes.parked WHERE ${SAME}`, keyOf(parked));
  return rowCount === 1;
}

/** Leaves it out for good: a process that goes over the log again leaves it out too, and tells it as parked no more. */
export async function skipParkedByProcess(
  pool: pg.Pool,
  skipped: SkippedByProcess,
  note: NoteDecision,
): Promise<void> {
  await inTransaction(pool, async (client) => {
    await noteSkipped(client, skipped);
    await client.query(`DELETE FROM processes.parked WHERE ${SAME}`, keyOf(skipped));
    await note(client);
  });
}

/** Processes whose state is nothing but a fold of the log and that do the same again, with what is to be forgotten of each. */
const BEGUN_AGAIN: readonly { readonly name: RegExp; readonly forget: readonly string[] }[] = [
  {
    name: /^settlement-(\d{1,15})$/,
    forget: [
      'DELETE FROM processes.requests WHERE chain_id = $1',
      'DELETE FROM processes.chain_progress WHERE chain_id = $1',
    ],
  },
  { name: /^erasure$/, forget: [] },
];

/** Whether it can be retried: of what sends transactions it cannot, which asks for its commands anew by itself. */
export const isRetried = ({ process }: ParkedByProcess): boolean =>
  BEGUN_AGAIN.some(({ name }) => name.test(process));

/**
 * Lets its process go over the log again, from the first event on. Whatever it did before is done already: the ids of its events derive
 * from their causes. What it cannot do then either it parks again; all that it had parked is told no more until then.
 */
export async function retryParkedByProcess(
  pool: pg.Pool,
  { process }: ParkedByProcess,
  note: NoteDecision,
): Promise<void> {
  const begun = BEGUN_AGAIN.find(({ name }) => name.test(process));
  if (begun === undefined) throw new TypeError(`${process} cannot go over the log again`);
  const [, chainId] = begun.name.exec(process) ?? [];
  const beginAgain = async (client: pg.ClientBase): Promise<void> => {
    // Who leads it is between two turns until this is committed, and leads no more then.
    await expireLease(client, process);
    await client.query('DELETE FROM processes.checkpoints WHERE process = $1', [process]);
    for (const statement of begun.forget) await client.query(statement, [chainId]);
    await client.query('DELETE FROM processes.parked WHERE process = $1', [process]);
    await note(client);
  };
  // A turn may take long, and one follows the other: who leads begins no further one.
  await inPatientTransaction(pool, beginAgain, { before: () => revokeLease(pool, process) });
}

const SAME = 'process = $1 AND cause_id = $2 AND stream = $3 AND type = $4';
const keyOf = ({ causeId, process, stream, type }: ParkedByProcess): string[] => [
  process,
  causeId,
  stream,
  type,
];

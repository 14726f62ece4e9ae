import type { Session } from './session.js';

/** First half of the advisory locks' keys; the second is made from the projection's name. */
const LIVE_LOCK = 0x61626c70;
const REBUILD_LOCK = 0x61626c71;

/**
 * Takes the right to run all of the projections, or none of it. It is held by the connection: whoever loses the connection
 * loses the right, and with it the transaction in hand.
 */
export async function tryLead(session: Session, projections: readonly string[]): Promise<boolean> {
  return tryLocks(session, LIVE_LOCK, projections);
}

export async function tryLeadRebuild(session: Session, projection: string): Promise<boolean> {
  return tryLocks(session, REBUILD_LOCK, [projection]);
}

async function tryLocks(session: Session, space: number, names: readonly string[]): Promise<boolean> {
  const taken: string[] = [];
  for (const name of [...names].sort()) {
    const { rows } = await session.query<{ taken: boolean }>({
      text: 'SELECT pg_try_advisory_lock($1, hashtext($2)) AS taken',
      values: [space, name],
    });
    if (rows[0]?.taken !== true) {
      for (const held of taken) {
        await session.query({ text: 'SELECT pg_advisory_unlock($1, hashtext($2))', values: [space, held] });
      }
      return false;
    }
    taken.push(name);
  }
  return true;
}

import type { Address, RelayTarget, Uuid } from '@abland/domain';
import type { Position } from '@abland/kernel';
import type pg from 'pg';

type Queryable = Pick<pg.ClientBase, 'query'>;

/**
 * REQUESTED: its user has not signed. AUTHORIZED: to be signed and sent by us. SIGNED: recorded, to be broadcast and told.
 * SENT and REFUSED: nothing is left to do.
 */
export type RelayStatus = 'REQUESTED' | 'AUTHORIZED' | 'SIGNED' | 'SENT' | 'REFUSED';

/** A relayed command that waits for our sender. */
export interface DueRelay {
  readonly commandId: Uuid;
  readonly target: RelayTarget;
  readonly correlationId: string;
  readonly authorizedAt: Position;
}

export interface RequestedRelay {
  readonly commandId: Uuid;
  readonly target: RelayTarget;
  readonly signer: Address;
  readonly correlationId: string;
}

export async function insertRelay(db: Queryable, relay: RequestedRelay): Promise<void> {
  await db.query(
    `INSERT INTO processes.relays (command_id, target_kind, target_id, signer, correlation_id, status)
     VALUES ($1, $2, $3, $4, $5, 'REQUESTED') ON CONFLICT DO NOTHING`,
    [relay.commandId, relay.target.kind, relay.target.id, relay.signer, relay.correlationId],
  );
}

export async function authorizeRelay(
  db: Queryable,
  commandId: Uuid,
  position: Position,
  dueAt: number,
): Promise<void> {
  await db.query(
    `UPDATE processes.relays SET status = 'AUTHORIZED', authorized_at = $2, due_at = $3
      WHERE command_id = $1 AND status = 'REQUESTED'`,
    [commandId, position.toString(), new Date(dueAt)],
  );
}

/** Nothing changes where the relay has gone further meanwhile. */
export async function postponeRelay(db: Queryable, commandId: Uuid, dueAt: number): Promise<void> {
  await db.query(
    `UPDATE processes.relays SET due_at = $2 WHERE command_id = $1 AND status IN ('AUTHORIZED', 'SIGNED')`,
    [commandId, new Date(dueAt)],
  );
}

export async function markSigned(db: Queryable, commandId: Uuid, dueAt: number): Promise<void> {
  await db.query(
    `UPDATE processes.relays SET status = 'SIGNED', due_at = $2
      WHERE command_id = $1 AND status IN ('REQUESTED', 'AUTHORIZED')`,
    [commandId, new Date(dueAt)],
  );
}

export async function closeRelay(db: Queryable, commandId: Uuid, status: 'SENT' | 'REFUSED'): Promise<void> {
  await db.query(
    `UPDATE processes.relays SET status = $2, due_at = NULL
      WHERE command_id = $1 AND status NOT IN ('SENT', 'REFUSED')`,
    [commandId, status],
  );
}

export async function findRelayTarget(
  db: Queryable,
  commandId: Uuid,
): Promise<{ target: RelayTarget; correlationId: string } | null> {
  const found = await db.query<RelayRow>('SELECT * FROM processes.relays WHERE command_id = $1', [commandId]);
  const row = found.rows[0];
  return row === undefined ? null : { target: targetOf(row), correlationId: row.correlation_id };
}

/** Makes the next relays of a signer due: the one before them was carried out. */
export async function wakeRelaysOf(db: Queryable, signer: Address, dueAt: number): Promise<readonly Uuid[]> {
  const woken = await db.query<{ command_id: string }>(
    `UPDATE processes.relays SET due_at = $2 WHERE signer = $1 AND status = 'AUTHORIZED' RETURNING command_id`,
    [signer, new Date(dueAt)],
  );
  return woken.rows.map((row) => row.command_id);
}

/** What is due by a time in milliseconds since the epoch, in the order of authorization. */
export async function loadDueRelays(
  db: Queryable,
  now: number,
  except: readonly Uuid[],
  limit: number,
): Promise<readonly DueRelay[]> {
  const found = await db.query<RelayRow>(
    `SELECT * FROM processes.relays
      WHERE status IN ('AUTHORIZED', 'SIGNED') AND due_at <= $1 AND NOT command_id = ANY($2::uuid[])
      ORDER BY authorized_at LIMIT $3`,
    [new Date(now), except, limit],
  );
  return found.rows.map((row) => ({
    commandId: row.command_id,
    target: targetOf(row),
    correlationId: row.correlation_id,
    authorizedAt: BigInt(row.authorized_at ?? 0),
  }));
}

interface RelayRow {
  command_id: string;
  target_kind: RelayTarget['kind'];
  target_id: string;
  correlation_id: string;
  authorized_at: string | null;
}

const targetOf = (row: RelayRow): RelayTarget => ({ kind: row.target_kind, id: row.target_id });

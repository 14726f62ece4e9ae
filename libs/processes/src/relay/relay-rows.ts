import { ATTEMPT_PAUSE_MS_MAX } from '@abland/chain';
import type { Address, ChainId, Uuid } from '@abland/domain';
import type { Position } from '@abland/kernel';
import type pg from 'pg';

type Queryable = Pick<pg.ClientBase, 'query'>;

/** A relayed request that waits for our sender. */
export interface DueRelay {
  readonly commandId: Uuid;
  readonly signer: Address;
  readonly correlationId: string;
  readonly authorizedAt: Position;
}

export interface RequestedRelay {
  readonly commandId: Uuid;
  readonly signer: Address;
  readonly correlationId: string;
}

/**
 * The relays of one chain. Times in milliseconds since the epoch. Statuses: REQUESTED: its user has not signed. AUTHORIZED: to be
 * signed and sent by us. SIGNED: recorded, to be broadcast and told. A relay of which nothing is left to do has no row.
 */
export class RelayRows {
  constructor(
    private readonly db: Queryable,
    private readonly chainId: ChainId,
  ) {}

  async insert({ commandId, signer, correlationId }: RequestedRelay): Promise<void> {
    await this.db.query(
      `INSERT INTO processes.relays (chain_id, command_id, signer, correlation_id, status)
       VALUES ($1, $2, $3, $4, 'REQUESTED') ON CONFLICT DO NOTHING`,
      [this.chainId, commandId, signer, correlationId],
    );
  }

  async authorize(commandId: Uuid, position: Position, dueAt: number): Promise<void> {
    await this.db.query(
      `UPDATE processes.relays SET status = 'AUTHORIZED', authorized_at = $3, due_at = $4
        WHERE chain_id = $1 AND command_id = $2 AND status = 'REQUESTED'`,
      [this.chainId, commandId, position.toString(), new Date(dueAt)],
    );
  }

  /** Nothing changes where the relay has gone further meanwhile. */
  async postpone(commandId: Uuid, dueAt: number): Promise<void> {
    await this.db.query(
      `UPDATE processes.relays SET due_at = $3
        WHERE chain_id = $1 AND command_id = $2 AND status IN ('AUTHORIZED', 'SIGNED')`,
      [this.chainId, commandId, new Date(dueAt)],
    );
  }

  async markSigned(commandId: Uuid, dueAt: number): Promise<void> {
    await this.db.query(
      `UPDATE processes.relays SET status = 'SIGNED', due_at = $3
        WHERE chain_id = $1 AND command_id = $2 AND status IN ('REQUESTED', 'AUTHORIZED')`,
      [this.chainId, commandId, new Date(dueAt)],
    );
  }

  /** @returns whose it was; null where there was none */
  async close(commandId: Uuid): Promise<Address | null> {
    const closed = await this.db.query<{ signer: string }>(
      'DELETE FROM processes.relays WHERE chain_id = $1 AND command_id = $2 RETURNING signer',
      [this.chainId, commandId],
    );
    return closed.rows[0]?.signer ?? null;
  }

  /** Makes the next relays of a signer due: the one before them was carried out. */
  async wakeOf(signer: Address, dueAt: number): Promise<readonly Uuid[]> {
    const woken = await this.db.query<{ command_id: string }>(
      `UPDATE processes.relays SET due_at = $3
        WHERE chain_id = $1 AND signer = $2 AND status = 'AUTHORIZED' RETURNING command_id`,
      [this.chainId, signer, new Date(dueAt)],
    );
    return woken.rows.map((row) => row.command_id);
  }

  /**
   * What is due by a time, in the order of authorization. What would be due later than anything is postponed was written by a clock that
   * was ahead of this one.
   */
  async due(now: number, except: readonly Uuid[], limit: number): Promise<readonly DueRelay[]> {
    const found = await this.db.query<{
      command_id: string;
      signer: string;
      correlation_id: string;
      authorized_at: string | null;
    }>(
      `SELECT command_id, signer, correlation_id, authorized_at FROM processes.relays
        WHERE chain_id = $1 AND (due_at <= $2 OR due_at > $5) AND NOT command_id = ANY($3::uuid[])
        ORDER BY authorized_at LIMIT $4`,
      [this.chainId, new Date(now), except, limit, new Date(now + ATTEMPT_PAUSE_MS_MAX)],
    );
    return found.rows.map((row) => ({
      commandId: row.command_id,
      signer: row.signer,
      correlationId: row.correlation_id,
      authorizedAt: BigInt(row.authorized_at ?? 0),
    }));
  }
}

import type { Execution } from '@abland/domain';
import { sql } from 'kysely';
import type { ReadModel } from '../read-model/database.js';
import {
  decodeCursor,
  type Page,
  type PageRequest,
  rowsToSelect,
  type SortOrder,
  toPage,
} from '../read-model/page.js';

export type CommandStatus =
  'ACCEPTED' | 'SUBMITTED' | 'CONFIRMED' | 'FINALIZED' | 'FAILED' | 'EXPIRED' | 'REVERTED' | 'REJECTED';
export type EntityKind = 'TOKEN' | 'POOL' | 'ORDER';
export type RelayStatus = 'REQUESTED' | 'AUTHORIZED' | 'RETRYING' | 'SIGNED' | 'REFUSED';

export interface CommandView {
  readonly id: string;
  /** CREATE_TOKEN, DEACTIVATE_TOKEN, CREATE_POOL, SWAP, ADD_LIQUIDITY, REMOVE_LIQUIDITY; a rejected one's mutation name. */
  readonly kind: string;
  readonly user: string;
  readonly entityKind: EntityKind | null;
  readonly entityId: string | null;
  readonly execution: Execution | null;
  /** FINALIZED is said of orders alone; for tokens and pools compare `blockNumber` with the head. */
  readonly status: CommandStatus;
  readonly txHash: string | null;
  readonly blockNumber: number | null;
  readonly errorCode: string | null;
  readonly errorReason: string | null;
  readonly errorField: string | null;
  readonly relayStatus: RelayStatus | null;
  readonly token: string | null;
  readonly poolId: string | null;
  readonly inputHash: string;
  readonly correlationId: string;
  readonly requestedAt: string;
  readonly deadline: string | null;
}

const NEWEST: SortOrder = { name: 'commands', parts: ['text', 'text'] };

const commandRows = (db: ReadModel) =>
  db
    .selectFrom('commands as command')
    .leftJoin('command_relays as relay', 'relay.command_id', 'command.command_id')
    .selectAll('command')
    .select([
      'relay.status as relay_status',
      'relay.tx_hash as relay_tx_hash',
      'relay.error_code as relay_error_code',
      'relay.error_reason as relay_error_reason',
    ]);

type CommandRow = Awaited<ReturnType<ReturnType<typeof commandRows>['execute']>>[number];

export async function commandById(db: ReadModel, id: string): Promise<CommandView | null> {
  const row = await commandRows(db).where('command.command_id', '=', id).executeTakeFirst();
  return row === undefined ? null : commandView(row);
}

/** A person's commands, newest first. */
export async function listCommands(
  db: ReadModel,
  input: { user: string; statuses?: readonly CommandStatus[]; page: PageRequest },
): Promise<Page<CommandView>> {
  const after = decodeCursor(NEWEST, input.page.after);
  const rows = await commandRows(db)
    .where('command.user_address', '=', input.user)
    .$if(input.statuses !== undefined, (q) =>
      q.where('command.status', '=', sql<string>`ANY(${input.statuses})`),
    )
    .$if(after !== null, (q) =>
      q.where(sql<boolean>`(command.requested_at, command.command_id) < (${after?.[0]}, ${after?.[1]})`),
    )
    .orderBy('command.requested_at', 'desc')
    .orderBy('command.command_id', 'desc')
    .limit(rowsToSelect(input.page))
    .execute();
  return toPage(rows, input.page, NEWEST, (row) => [row.requested_at, row.command_id], commandView);
}

function commandView(row: CommandRow): CommandView {
  return {
    id: row.command_id,
    kind: row.kind,
    user: row.user_address,
    entityKind: row.entity_kind as EntityKind | null,
    entityId: row.entity_id,
    execution: row.execution as Execution | null,
    status: row.status as CommandStatus,
    txHash: row.tx_hash ?? row.relay_tx_hash,
    blockNumber: row.block_number === null ? null : Number(row.block_number),
    errorCode: row.error_code ?? row.relay_error_code,
    errorReason: row.error_reason ?? row.relay_error_reason,
    errorField: row.error_field,
    relayStatus: row.relay_status as RelayStatus | null,
    token: row.token,
    poolId: row.pool_id,
    inputHash: row.input_hash,
    correlationId: row.correlation_id,
    requestedAt: row.requested_at,
    deadline: row.deadline,
  };
}

import type { Execution, RequestedEvent, RequestOutcome, RequestStatus } from '@abland/domain';
import type { Selectable } from 'kysely';
import type { RowOf } from '../engine/table.js';
import type { ReadModelDatabase } from '../read-model/database.js';
import type { requests } from './tables.js';

/** REJECTED: a rule refused the command, so that it never became a request. */
export type CommandStatus = RequestStatus | 'REJECTED';
/** How far our sender is; null for what a wallet sends. */
export type RelayStatus = 'REQUESTED' | 'AUTHORIZED' | 'RETRYING' | 'SIGNED';

export interface RequestView {
  /** The command's id. */
  readonly id: string;
  /** Null for a rejected command that concerns no chain. */
  readonly chainId: number | null;
  /** A RequestKindName; a rejected command's mutation. */
  readonly kind: string;
  readonly requester: string;
  readonly status: CommandStatus;
  /** As are the terms and the deadline, null for a rejected command. */
  readonly execution: Execution | null;
  readonly terms: RequestedEvent['data']['terms'] | null;
  readonly deadline: string | null;
  /** Null before it is confirmed. */
  readonly outcome: RequestOutcome | null;
  /** The token that was created, or is to be deactivated. */
  readonly token: string | null;
  readonly poolId: string | null;
  readonly txHash: string | null;
  /** Where it was confirmed or reverted. */
  readonly blockNumber: number | null;
  readonly blockHash: string | null;
  readonly relayStatus: RelayStatus | null;
  /** Why our sender's last attempt failed, while it is RETRYING. */
  readonly relayFailure: string | null;
  readonly failureCode: string | null;
  /** Null also where it failed and nobody told why. */
  readonly failureReason: string | null;
  readonly failureField: string | null;
  readonly inputHash: string;
  readonly correlationId: string;
  readonly requestedAt: string;
}

/** As PostgreSQL returns it. */
export type RequestRow = Selectable<ReadModelDatabase['requests']>;

/** Written by the projection alone, in the shapes that the domain's events have. */
export function requestView(row: RequestRow | RowOf<typeof requests>): RequestView {
  const number = (value: string | number | null): number | null => (value === null ? null : Number(value));
  return {
    id: row.command_id,
    chainId: number(row.chain_id),
    kind: row.kind,
    requester: row.requester,
    status: row.status as CommandStatus,
    execution: row.execution as Execution | null,
    terms: row.terms as RequestView['terms'],
    deadline: row.deadline,
    outcome: row.outcome as RequestOutcome | null,
    token: row.token,
    poolId: row.pool_id,
    txHash: row.tx_hash,
    blockNumber: number(row.block_number),
    blockHash: row.block_hash,
    relayStatus: row.relay_status as RelayStatus | null,
    relayFailure: row.relay_failure,
    failureCode: row.failure_code,
    failureReason: row.failure_reason,
    failureField: row.failure_field,
    inputHash: row.input_hash,
    correlationId: row.correlation_id,
    requestedAt: row.requested_at,
  };
}

import { rowOf, type Rows } from '../engine/projection.js';
import type { RowOf } from '../engine/table.js';
import { storableText } from '../engine/values.js';
import { commands } from './tables.js';

export type CommandRow = RowOf<typeof commands>;

type Beginning = Pick<
  CommandRow,
  'command_id' | 'kind' | 'user_address' | 'input_hash' | 'correlation_id' | 'requested_at'
>;

/** A command of which nothing is known yet but that it came. */
export const commandRow = (beginning: Beginning): CommandRow => ({
  ...beginning,
  entity_kind: null,
  entity_id: null,
  execution: null,
  status: 'ACCEPTED',
  tx_hash: null,
  block_number: null,
  error_code: null,
  error_reason: null,
  error_field: null,
  token: null,
  pool_id: null,
  deadline: null,
});

export const command = (id: string) => [rowOf(commands, { command_id: id })];

export const follow = (id: string, changes: Partial<CommandRow>, rows: Rows): void => {
  rows.patch(commands, { command_id: id }, changes);
};

export const submitted = (txHash: string): Partial<CommandRow> => ({ status: 'SUBMITTED', tx_hash: txHash });

export const confirmed = (data: { txHash: string; blockNumber: number }): Partial<CommandRow> => ({
  status: 'CONFIRMED',
  tx_hash: data.txHash,
  block_number: data.blockNumber,
  error_code: null,
  error_reason: null,
});

/** A reorg took the outcome back: the transaction may be mined again. */
export const reopened = (txHash: string): Partial<CommandRow> => ({
  status: 'SUBMITTED',
  tx_hash: txHash,
  block_number: null,
  error_code: null,
  error_reason: null,
});

const STATUS_OF_CODE: Readonly<Record<string, string>> = { EXPIRED: 'EXPIRED', REVERTED: 'REVERTED' };

export const failed = (data: {
  code: string;
  reason: string;
  txHash?: string | null;
}): Partial<CommandRow> => ({
  status: STATUS_OF_CODE[data.code] ?? 'FAILED',
  error_code: data.code,
  error_reason: storableText(data.reason),
  ...(data.txHash === undefined || data.txHash === null ? {} : { tx_hash: data.txHash }),
});

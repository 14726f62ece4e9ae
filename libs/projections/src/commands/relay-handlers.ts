import { type Handlers, rowOf, type Rows } from '../engine/projection.js';
import type { RowOf } from '../engine/table.js';
import { storableText } from '../engine/values.js';
import { commandRelays } from './tables.js';

type RelayRow = RowOf<typeof commandRelays>;

const relay = (event: { data: { commandId: string } }) => [
  rowOf(commandRelays, { command_id: event.data.commandId }),
];

function change(commandId: string, changes: Partial<RelayRow>, rows: Rows): void {
  const known = rows.get(commandRelays, { command_id: commandId }) ?? {
    command_id: commandId,
    status: 'REQUESTED',
    tx_hash: null,
    error_code: null,
    error_reason: null,
  };
  rows.put(commandRelays, { ...known, ...changes });
}

/** Whether the command came to its end, its aggregate says. */
export const relayHandlers: Handlers = {
  RelayRequested: {
    reads: relay,
    apply: ({ data }, rows) => change(data.commandId, { status: 'REQUESTED' }, rows),
  },
  RelayAuthorized: {
    reads: relay,
    apply: ({ data }, rows) => change(data.commandId, { status: 'AUTHORIZED' }, rows),
  },
  RelayAttemptFailed: {
    reads: relay,
    apply: ({ data }, rows) =>
      change(data.commandId, { status: 'RETRYING', error_reason: storableText(data.reason) }, rows),
  },
  RelayerTransactionSigned: {
    reads: relay,
    apply: ({ data }, rows) =>
      change(data.commandId, { status: 'SIGNED', tx_hash: data.txHash, error_reason: null }, rows),
  },
  RelayRefused: {
    reads: relay,
    apply: ({ data }, rows) =>
      change(
        data.commandId,
        { status: 'REFUSED', error_code: data.code, error_reason: storableText(data.reason) },
        rows,
      ),
  },
};

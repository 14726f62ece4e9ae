import type { CommandRejected } from '@abland/domain';
import type { RecordedEvent } from '@abland/kernel';
import type { Handlers, Projection, Rows } from '../engine/projection.js';
import { rowOf } from '../engine/projection.js';
import { storableText } from '../engine/values.js';
import { commandRow } from './follow.js';
import { orderHandlers } from './order-handlers.js';
import { poolHandlers } from './pool-handlers.js';
import { relayHandlers } from './relay-handlers.js';
import { commandRelays, commands, tokenDeactivations } from './tables.js';
import { tokenHandlers } from './token-handlers.js';

const userHandlers: Handlers = {
  CommandRejected: {
    reads: ({ data }) => [rowOf(commands, { command_id: data.commandId })],
    apply: rejected,
  },
};

/** A rejected command left nothing behind; where its id was accepted once, that stays what became of it. */
function rejected(event: RecordedEvent<CommandRejected>, rows: Rows): void {
  const { data } = event;
  const known = rows.get(commands, { command_id: data.commandId });
  if (known !== undefined && known.status !== 'REJECTED') return;
  rows.put(commands, {
    ...commandRow({
      command_id: data.commandId,
      kind: data.command,
      user_address: data.address,
      input_hash: data.inputHash,
      correlation_id: event.metadata.correlationId,
      requested_at: data.at,
    }),
    status: 'REJECTED',
    error_code: data.code,
    error_reason: storableText(data.reason),
    error_field: data.field,
  });
}

export const commandsProjection: Projection = {
  name: 'commands',
  version: 1,
  tables: [commands, commandRelays, tokenDeactivations],
  handlers: { ...userHandlers, ...tokenHandlers, ...poolHandlers, ...orderHandlers, ...relayHandlers },
};

import { type Handlers, rowOf, type Rows } from '../engine/projection.js';
import {
  command,
  type CommandRow,
  commandRow,
  confirmed,
  failed,
  follow,
  reopened,
  submitted,
} from './follow.js';
import { commands, tokenDeactivations } from './tables.js';

const creation = (event: { data: { tokenId: string } }) => command(event.data.tokenId);
const deactivation = (event: { data: { commandId: string } }) => command(event.data.commandId);
const ofToken = (event: { data: { tokenId: string } }) => [
  rowOf(tokenDeactivations, { token_id: event.data.tokenId }),
];

/** Changes the newest deactivation command of a token, for events that name the token alone. */
function followDeactivation(tokenId: string, changes: Partial<CommandRow>, rows: Rows): void {
  const { command_id } = rows.require(tokenDeactivations, { token_id: tokenId });
  follow(command_id, changes, rows);
}

/** A token's creation has the token's id as its command id; a deactivation has an id of its own. */
export const tokenHandlers: Handlers = {
  TokenCreationRequested: {
    reads: creation,
    apply: (event, rows) => {
      const { data } = event;
      rows.put(commands, {
        ...commandRow({
          command_id: data.tokenId,
          kind: 'CREATE_TOKEN',
          user_address: data.creator,
          input_hash: data.inputHash,
          correlation_id: event.metadata.correlationId,
          requested_at: data.requestedAt,
        }),
        entity_kind: 'TOKEN',
        entity_id: data.tokenId,
        execution: data.execution,
        deadline: data.deadline,
      });
    },
  },
  TokenCreationSubmitted: {
    reads: creation,
    apply: ({ data }, rows) => follow(data.tokenId, submitted(data.txHash), rows),
  },
  TokenDeployed: {
    reads: creation,
    apply: ({ data }, rows) => follow(data.tokenId, { ...confirmed(data), token: data.tokenAddress }, rows),
  },
  TokenCreationFailed: {
    reads: creation,
    apply: ({ data }, rows) => follow(data.tokenId, failed(data), rows),
  },
  TokenDeploymentRetracted: {
    reads: creation,
    apply: ({ data }, rows) => follow(data.tokenId, { ...reopened(data.txHash), token: null }, rows),
  },
  TokenDeactivationRequested: {
    reads: (event) => [...deactivation(event), ...creation(event), ...ofToken(event)],
    apply: (event, rows) => {
      const { data } = event;
      rows.put(tokenDeactivations, { token_id: data.tokenId, command_id: data.commandId });
      rows.put(commands, {
        ...commandRow({
          command_id: data.commandId,
          kind: 'DEACTIVATE_TOKEN',
          user_address: data.requestedBy,
          input_hash: data.inputHash,
          correlation_id: event.metadata.correlationId,
          requested_at: data.requestedAt,
        }),
        entity_kind: 'TOKEN',
        entity_id: data.tokenId,
        execution: data.execution,
        token: rows.get(commands, { command_id: data.tokenId })?.token ?? null,
        deadline: data.deadline,
      });
    },
  },
  TokenDeactivationSubmitted: {
    reads: deactivation,
    apply: ({ data }, rows) => follow(data.commandId, submitted(data.txHash), rows),
  },
  TokenDeactivationFailed: {
    reads: deactivation,
    apply: ({ data }, rows) => follow(data.commandId, failed(data), rows),
  },
  TokenDeactivationConfirmed: {
    reads: ofToken,
    apply: ({ data }, rows) => followDeactivation(data.tokenId, confirmed(data), rows),
  },
  TokenDeactivationRetracted: {
    reads: ofToken,
    apply: ({ data }, rows) => followDeactivation(data.tokenId, reopened(data.txHash), rows),
  },
};

import type { Handlers } from '../engine/projection.js';
import { command, commandRow, confirmed, failed, follow, reopened, submitted } from './follow.js';
import { commands } from './tables.js';

const creation = (event: { data: { requestId: string } }) => command(event.data.requestId);

export const poolHandlers: Handlers = {
  PoolCreationRequested: {
    reads: creation,
    apply: (event, rows) => {
      const { data } = event;
      rows.put(commands, {
        ...commandRow({
          command_id: data.requestId,
          kind: 'CREATE_POOL',
          user_address: data.creator,
          input_hash: data.inputHash,
          correlation_id: event.metadata.correlationId,
          requested_at: data.requestedAt,
        }),
        entity_kind: 'POOL',
        entity_id: data.requestId,
        execution: data.execution,
        pool_id: data.poolId,
        deadline: data.deadline,
      });
    },
  },
  PoolCreationSubmitted: {
    reads: creation,
    apply: ({ data }, rows) => follow(data.requestId, submitted(data.txHash), rows),
  },
  PoolDeployed: { reads: creation, apply: ({ data }, rows) => follow(data.requestId, confirmed(data), rows) },
  PoolCreationFailed: {
    reads: creation,
    apply: ({ data }, rows) => follow(data.requestId, failed(data), rows),
  },
  PoolDeploymentRetracted: {
    reads: creation,
    apply: ({ data }, rows) => follow(data.requestId, reopened(data.txHash), rows),
  },
};

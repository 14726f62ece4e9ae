import { type CommandView, commandById } from '@abland/projections';
import type { MarketLoaders } from '../market/loaders.js';
import type { ApiServices } from '../server/services.js';
import { type Located, locate } from './aggregates.js';
import type { Command, CommandKind } from './command.types.js';

/**
 * A command as the read models know it; by the log while they are behind. Null also for another's: whose commands there
 * are is nobody else's business.
 */
export async function followCommand(
  api: ApiServices,
  loaders: MarketLoaders,
  caller: string,
  id: string,
): Promise<Command | null> {
  const view = await commandById(api.readModel, id);
  if (view !== null) return view.user === caller ? fromView(loaders, view) : null;
  const located = await locate(api.store, id);
  return located !== null && ownerOf(located) === caller ? fromLog(located, id) : null;
}

async function fromView(loaders: MarketLoaders, view: CommandView): Promise<Command> {
  const { id, errorCode, blockNumber } = view;
  const finality = blockNumber === null ? null : await loaders.finality(blockNumber);
  const final = view.status === 'CONFIRMED' && finality?.status === 'FINAL';
  return {
    commandId: id,
    kind: view.kind,
    entityId: view.entityId,
    status: final ? 'FINALIZED' : view.status,
    execution: view.execution,
    relayStatus: view.relayStatus,
    txHash: view.txHash,
    blockNumber,
    token: view.token,
    poolId: view.poolId,
    failure:
      errorCode === null ? null : { code: errorCode, field: view.errorField, reason: view.errorReason },
    requestedAt: view.requestedAt,
    deadline: view.deadline,
    finality,
  };
}

const ownerOf = (located: Located): string =>
  located.kind === 'ORDER' ? located.state.request.user : located.state.request.creator;

const kindOf = (located: Located): CommandKind => {
  if (located.kind === 'TOKEN') return 'CREATE_TOKEN';
  return located.kind === 'POOL' ? 'CREATE_POOL' : located.state.request.terms.kind;
};

/** Only what is seconds old is missing from the read models: it is just accepted, or submitted. */
function fromLog(located: Located, id: string): Command {
  const { request, status } = located.state;
  return {
    commandId: id,
    kind: kindOf(located),
    entityId: id,
    status: status === 'REQUESTED' ? 'ACCEPTED' : 'SUBMITTED',
    execution: request.execution,
    relayStatus: null,
    txHash: null,
    blockNumber: null,
    token: null,
    poolId: located.kind === 'TOKEN' ? null : located.state.request.poolId,
    failure: null,
    requestedAt: request.requestedAt,
    deadline: request.deadline,
    finality: null,
  };
}

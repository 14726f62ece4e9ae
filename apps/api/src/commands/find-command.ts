import { tokenDecider, tokenStream, type TokenState } from '@abland/domain';
import { loadAggregate } from '@abland/kernel';
import { type CommandView, commandById } from '@abland/projections';
import type { ApiServices } from '../server/services.js';
import { type Located, locate } from './aggregates.js';

export type Found =
  | Located
  | {
      readonly kind: 'DEACTIVATION';
      readonly state: Exclude<TokenState, { status: 'NONE' }>;
      readonly tokenId: string;
    };

/** A client that goes on with a deactivation at once may be quicker than the read models: they are given this long. */
const READ_MODEL_WITHIN_MS = 2_000;
const LOOK_AGAIN_MS = 50;

/** The aggregate behind a command, by the log; null where no such command was accepted. */
export async function findCommand(api: ApiServices, commandId: string): Promise<Found | null> {
  const located = await locate(api.store, commandId);
  if (located !== null) return located;
  const command = await awaitCommand(api, commandId);
  if (command?.kind !== 'DEACTIVATE_TOKEN' || command.entityId === null) return null;
  const { state } = await loadAggregate(api.store, tokenDecider, tokenStream(command.entityId));
  return state.status === 'NONE' ? null : { kind: 'DEACTIVATION', state, tokenId: command.entityId };
}

async function awaitCommand(api: ApiServices, commandId: string): Promise<CommandView | null> {
  const until = performance.now() + READ_MODEL_WITHIN_MS;
  for (;;) {
    const command = await commandById(api.readModel, commandId);
    if (command !== null || performance.now() > until) return command;
    await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
  }
}

import type { DomainErrorCode, RequestEnvelope } from '@abland/domain';
import { type Decider, DomainError, type DomainEvent, handleCommand, loadAggregate } from '@abland/kernel';
import { commandById } from '@abland/projections';
import { ApiError } from '../errors/api-error.js';
import type { ApiServices } from '../server/services.js';
import { locate } from './aggregates.js';
import { type Envelope, timedRequest } from './envelope.js';
import { eventIds } from './identity.js';
import { recordingRejection } from './rejections.js';

export interface Acceptance<Command, State, Event extends DomainEvent> {
  readonly envelope: Envelope;
  readonly decider: Decider<Command, State, Event>;
  readonly stream: string;
  /** The input that this command id was accepted with before; null where it is new. */
  readonly knownInput: (state: State) => string | null;
  /** Reads what the decision needs; runs only for a new command. */
  readonly prepare: (request: RequestEnvelope) => Promise<Command>;
}

/**
 * Accepts a command once: the same key with the same input gives the state as it is, with another input is refused. A
 * command given again is not judged again, for what was right when it was accepted may be wrong by now.
 */
export async function accept<Command, State, Event extends DomainEvent>(
  api: ApiServices,
  acceptance: Acceptance<Command, State, Event>,
): Promise<State> {
  const { envelope, decider, stream, knownInput, prepare } = acceptance;
  const { state } = await loadAggregate(api.store, decider, stream);
  const known = knownInput(state);
  if (known !== null) {
    if (known !== envelope.inputHash) throw keyReused();
    return state;
  }
  await assertKeyUnused(api, envelope);
  assertExecutable(api, envelope);
  const request = timedRequest(envelope, api.clock);
  return recordingRejection(api, envelope, async () => {
    const outcome = await handleCommand(api.store, decider, stream, await prepare(request), {
      metadata: { correlationId: envelope.correlationId, causationId: null, actor: envelope.caller },
      eventId: eventIds(envelope.commandId),
    });
    return outcome.state;
  });
}

const keyReused = (): DomainError<DomainErrorCode> =>
  new DomainError('IDEMPOTENCY_KEY_REUSED', 'This key was used with another input', 'idempotencyKey');

/**
 * The key may have named a command of another kind, which lies in another stream. The same input there is this very command,
 * accepted a moment ago by another request: the decision finds it.
 */
async function assertKeyUnused(api: ApiServices, { commandId, inputHash }: Envelope): Promise<void> {
  const [located, recorded] = await Promise.all([
    locate(api.store, commandId),
    commandById(api.readModel, commandId),
  ]);
  const inputs = [located?.state.request.inputHash];
  if (recorded?.status !== 'REJECTED') inputs.push(recorded?.inputHash);
  if (inputs.some((known) => known !== undefined && known !== inputHash)) throw keyReused();
}

function assertExecutable(api: ApiServices, envelope: Envelope): void {
  if (envelope.execution === 'RELAYED' && api.config.chain.forwarder === null) {
    throw new ApiError('RELAY_UNAVAILABLE', 'This server sends no relayed commands', 'execution');
  }
}

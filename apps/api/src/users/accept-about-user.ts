import {
  refusal,
  type UserCommand,
  userDecider,
  userErased,
  type UserState,
  userStream,
} from '@abland/domain';
import { PersonalDataErasedError } from '@abland/personal-data';
import { type EventStore, handleCommand, loadAggregate } from '@abland/kernel';
import { eventIds, idOf } from '../recording/identity.js';
import { recordingRejection, type RejectionLog } from '../recording/rejections.js';

export interface AboutUser {
  /** The mutation's name. */
  readonly name: string;
  readonly caller: string;
  /** The person whom it is about. */
  readonly address: string;
  readonly commandId: string;
  readonly inputHash: string;
  /** What of the input a rejection may keep: the log has it for good. */
  readonly rejectionHash: string;
  readonly correlationId: string;
  readonly command: Extract<
    UserCommand,
    { readonly commandId: string; readonly type: 'UpdateProfile' | 'EraseUser' }
  >;
}

/** Keys of commands about persons are apart from those of commands to the chain, which have streams of their own. */
export const aboutUserId = (caller: string, idempotencyKey: string): string =>
  idOf('about-user', caller.toLowerCase(), idempotencyKey);

/** Accepts a command about a person once: the same key with the same input changes nothing more, with another is refused. */
export async function acceptAboutUser(to: RejectionLog, about: AboutUser): Promise<UserState> {
  const { address, caller, command, commandId, correlationId, inputHash, name, rejectionHash } = about;
  const stream = userStream(address);
  const { state } = await loadAggregate(to.log, userDecider, stream);
  const known = state.status === 'UNKNOWN' ? undefined : state.commands[commandId];
  if (known !== undefined) {
    if (known === null) await requireSameInput(to.log, stream, about);
    else if (known !== inputHash) throw keyReused();
    return state;
  }
  const rejectable = { name, caller, commandId, chainId: null, correlationId, inputHash: rejectionHash };
  return recordingRejection(to, rejectable, async () => {
    const outcome = await handleCommand(to.log, userDecider, stream, command, {
      metadata: { correlationId, causationId: null, actor: caller },
      eventId: eventIds(commandId),
    }).catch(erasedMeanwhile);
    if (outcome.appended === 0) await requireSameInput(to.log, stream, about);
    return outcome.state;
  });
}

/** Of a command whose input the state does not hold: its event has it. @throws DomainError IDEMPOTENCY_KEY_REUSED */
async function requireSameInput(
  log: EventStore,
  stream: string,
  { commandId, inputHash }: AboutUser,
): Promise<void> {
  const id = eventIds(commandId)(0);
  for await (const page of log.readStream(stream)) {
    const given = page.find((event) => event.id === id);
    if (given !== undefined && given.data['inputHash'] !== inputHash) throw keyReused();
  }
}

const keyReused = () =>
  refusal('IDEMPOTENCY_KEY_REUSED', 'This key was used with another input', 'idempotencyKey');

/** The person was erased after this was decided, and their key is gone already. */
function erasedMeanwhile(error: unknown): never {
  throw error instanceof PersonalDataErasedError ? userErased() : error;
}

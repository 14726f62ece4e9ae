import { personalDataSubject, userDecider, type UserErased, userStream } from '@abland/domain';
import type { RecordedEvent } from '@abland/kernel';
import type { Process, Turn } from '../engine/process.js';
import { bindCommand, type ProcessCommand } from '../engine/process-command.js';
import { erasureCarriedOut } from '../operations/carried-out.js';

export interface ErasureOptions {
  /** Of the store that has the keys of persons. */
  readonly keys: { erase(subject: string): Promise<void> };
}

/**
 * Destroys the key of whoever was erased. The erasure is in the log first, so that a crash at any moment only repeats the
 * destruction, which is safe: a key belongs to one registration, and an erasure has ended that for good. The record that the
 * key is gone comes last, and that the operator's act is done where its own record is missing.
 */
export function erasureProcess({ keys }: ErasureOptions): Process {
  return {
    name: 'erasure',
    filter: { types: ['UserErased'] },

    async react(turn, events) {
      const commands: ProcessCommand[] = [];
      for (const event of events as unknown as readonly RecordedEvent<UserErased>[]) {
        await keys.erase(personalDataSubject(event.data.address, event.data.registration));
        commands.push(confirm(event, turn));
        const done = erasureCarriedOut(event, turn.now);
        if (done !== null) commands.push(done);
      }
      await turn.issue(commands);
    },
  };
}

function confirm({ id, data, metadata }: RecordedEvent<UserErased>, turn: Turn): ProcessCommand {
  const at = new Date(turn.now).toISOString();
  return bindCommand(
    userDecider,
    userStream(data.address),
    { type: 'ConfirmKeyDestroyed', registration: data.registration, at },
    { id, causationId: id, correlationId: metadata.correlationId },
  );
}

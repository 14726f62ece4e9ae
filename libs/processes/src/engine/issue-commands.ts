import { DomainError, type EventStore, type Logger } from '@abland/kernel';
import { isAtFault, type Parked, toPark } from './park.js';
import type { ProcessCommand } from './process-command.js';

/** Bounds the connections and the memory that one batch may take at once. */
const STREAMS_AT_ONCE = 32;

export interface IssuingContext {
  readonly store: EventStore;
  readonly actor: string;
  readonly logger: Logger;
}

/**
 * Handles every command, those of one stream in order. What a decider refuses is logged and let go; what fails through no fault of
 * the command is thrown; the rest is given back to be parked.
 */
export async function issueCommands(
  commands: readonly ProcessCommand[],
  context: IssuingContext,
): Promise<readonly Parked[]> {
  const failures: Parked[] = [];
  const waiting = [...byStream(commands).values()];
  const worker = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      for (const command of next) {
        const failure = await issueOne(command, context);
        if (failure !== null) failures.push(failure);
      }
    }
  };
  const settled = await Promise.allSettled(
    Array.from({ length: Math.min(STREAMS_AT_ONCE, waiting.length) }, worker),
  );
  for (const result of settled) {
    if (result.status === 'rejected') throw result.reason;
  }
  return failures;
}

function byStream(commands: readonly ProcessCommand[]): Map<string, ProcessCommand[]> {
  const streams = new Map<string, ProcessCommand[]>();
  for (const command of commands) {
    const sameStream = streams.get(command.stream);
    if (sameStream === undefined) streams.set(command.stream, [command]);
    else sameStream.push(command);
  }
  return streams;
}

async function issueOne(command: ProcessCommand, context: IssuingContext): Promise<Parked | null> {
  const { stream, type, cause } = command;
  try {
    await command.handle(context.store, context.actor);
    return null;
  } catch (error) {
    if (error instanceof DomainError) {
      const fields = { stream, command: type, causeId: cause.id, code: error.code, reason: error.message };
      context.logger.info(fields, 'command refused');
      return null;
    }
    if (!isAtFault(error)) throw error;
    context.logger.error({ err: error, stream, command: type, causeId: cause.id }, 'command parked');
    return toPark(cause.id, stream, type, error);
  }
}

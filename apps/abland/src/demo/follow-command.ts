import { AblandError } from '@abland/kernel';
import type { ApiClient } from './api-client.js';
import { COMMAND } from './documents.js';

export interface CommandView {
  readonly status: string;
  /** The token that it created or concerns, once known. */
  readonly token: string | null;
  readonly txHash: string | null;
  readonly failure: { readonly code: string; readonly reason: string | null } | null;
  readonly finality: { readonly status: string; readonly confirmations: number } | null;
}

export class CommandFailed extends AblandError {
  readonly code = 'COMMAND_FAILED';
}

/** It may get there yet. */
export class CommandLate extends AblandError {
  readonly code = 'COMMAND_LATE';
  override readonly failureClass = 'LATER';
}

const FAILED = new Set(['FAILED', 'EXPIRED', 'REVERTED', 'REJECTED']);
const POLL_MS = 10;
const WITHIN_MS = 60_000;

/**
 * Follows a command until it is as wanted, and tells every change on the way.
 * @throws CommandFailed where it ended otherwise, CommandLate where it did not in time.
 */
export async function followCommand(
  api: ApiClient,
  commandId: string,
  wanted: (command: CommandView) => boolean,
  onChange: (command: CommandView) => void = () => undefined,
  withinMs = WITHIN_MS,
): Promise<CommandView> {
  let seen = '';
  for (const giveUpAt = performance.now() + withinMs; performance.now() < giveUpAt;) {
    const { command } = await api.query<{ command: CommandView | null }>(COMMAND, { id: commandId });
    if (command !== null) {
      const now = `${command.status} ${command.finality?.status ?? ''}`;
      if (now !== seen) onChange(command);
      seen = now;
      if (wanted(command)) return command;
      if (FAILED.has(command.status)) {
        throw new CommandFailed(
          `Command ${commandId} ended ${command.status}: ${command.failure?.reason ?? command.failure?.code ?? 'no reason given'}`,
        );
      }
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  throw new CommandLate(
    `Command ${commandId} did not get there within ${withinMs / 1000} s (last seen: ${seen})`,
  );
}

export const isOnChain = ({ finality }: CommandView): boolean => finality !== null;
export const isFinal = ({ status }: CommandView): boolean => status === 'FINALIZED';

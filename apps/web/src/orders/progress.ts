import type { CommandFieldsFragment } from '../api/operations.gen.js';

export type Command = CommandFieldsFragment;
export type CommandStatus = Command['status'];

/** What a person has seen of a command by now: a status that went back was taken back by the chain. */
export interface Progress {
  readonly command: Command | null;
  readonly wasConfirmed: boolean;
  /** A reorg took its confirmation back, and it has not come again. */
  readonly isRetracted: boolean;
}

export const NOTHING_SEEN: Progress = { command: null, wasConfirmed: false, isRetracted: false };

const ON_CHAIN: ReadonlySet<CommandStatus> = new Set(['CONFIRMED', 'FINALIZED', 'REVERTED']);
const ENDED: ReadonlySet<CommandStatus> = new Set(['FINALIZED', 'FAILED', 'EXPIRED', 'REVERTED', 'REJECTED']);

export function seen({ wasConfirmed }: Progress, command: Command): Progress {
  const isOnChain = ON_CHAIN.has(command.status);
  return {
    command,
    wasConfirmed: wasConfirmed || isOnChain,
    isRetracted: wasConfirmed && !isOnChain,
  };
}

/** Nothing more is waited for. A reorg may still take a revert back; nobody waits for that. */
export const isOver = ({ status }: Command): boolean => ENDED.has(status);

export const toneOf = (status: CommandStatus): 'good' | 'busy' | 'warn' | 'bad' => {
  if (status === 'FINALIZED' || status === 'CONFIRMED') return 'good';
  if (status === 'EXPIRED') return 'warn';
  return ENDED.has(status) ? 'bad' : 'busy';
};

/** Of the way of an order: accepted, sent, on the chain, final. */
export const STAGES = ['ACCEPTED', 'SUBMITTED', 'CONFIRMED', 'FINALIZED'] as const;

/** How many of them it has behind it; null where it left that way. */
export function stagesDone(status: CommandStatus): number | null {
  const index = STAGES.findIndex((stage) => stage === status);
  return index < 0 ? null : index + 1;
}

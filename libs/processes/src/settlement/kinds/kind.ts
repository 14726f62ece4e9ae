import type { ChainFact, Hash, Instant, RevertedTransaction, TransactionFailed } from '@abland/domain';
import { type ChainReference, type Decider, DomainError, type DomainEvent } from '@abland/kernel';
import { bindCommand, type Cause, type ProcessCommand } from '../../engine/process-command.js';
import type { Recorded } from '../../engine/recorded.js';
import type { TrackedRequest } from '../tracked-request.js';

/** A fact of a transaction, with its place on the chain. */
export type TransactionFact = Recorded<ChainFact> & {
  readonly metadata: { readonly chain: ChainReference & { readonly txHash: Hash } };
};

/** The commands of one kind of aggregate on a request's way; each is the aggregate's own. */
export interface KindCommands<Command> {
  /** Null where the fact is not the outcome of such a request. `sameTransaction`: facts of it that came before. */
  confirm(
    request: TrackedRequest,
    fact: TransactionFact,
    sameTransaction: readonly TransactionFact[],
  ): Command | null;
  submit(request: RequestReference, txHash: Hash): Command;
  revert(request: TrackedRequest, reverted: RevertedTransaction): Command;
  fail(request: RequestReference, code: string, reason: string): Command;
  expire(request: RequestReference, at: Instant): Command;
  retract(request: TrackedRequest, blockHashes: readonly Hash[]): Command;
  /** Null for aggregates that do not tell their finality. */
  finalize(request: TrackedRequest, finalizedTo: number): Command | null;
}

/** Enough to address a request's aggregate. */
export type RequestReference = Pick<TrackedRequest, 'commandId' | 'entityId'>;

/** A command that is not yet bound to what caused it. */
export interface Answer {
  causedBy(cause: Cause): ProcessCommand;
}

export interface Confirmation extends Answer {
  /** Why the request's own rules refuse it, judged by the request alone; null where they do not. */
  refusal(): string | null;
}

/** One kind of request, its commands as answers. */
export interface Kind extends Omit<KindCommands<Answer>, 'confirm'> {
  confirm(
    request: TrackedRequest,
    fact: TransactionFact,
    sameTransaction: readonly TransactionFact[],
  ): Confirmation | null;
}

export interface KindDefinition<Command, State, Event extends DomainEvent> {
  readonly decider: Decider<Command, State, Event>;
  readonly stream: (entityId: string) => string;
  /** The event that the terms of a tracked request are the data of. */
  readonly requestEvent: (terms: TrackedRequest['terms']) => Event;
  readonly commands: KindCommands<Command>;
}

export function defineKind<Command extends { readonly type: string }, State, Event extends DomainEvent>(
  definition: KindDefinition<Command, State, Event>,
): Kind {
  const { commands, decider, requestEvent, stream } = definition;
  const answer = ({ entityId }: RequestReference, command: Command): Answer => ({
    causedBy: (cause) => bindCommand(decider, stream(entityId), command, cause),
  });
  return {
    confirm(request, fact, sameTransaction) {
      const command = commands.confirm(request, fact, sameTransaction);
      if (command === null) return null;
      const refusal = (): string | null => refusalOf(decider, requestEvent(request.terms), command);
      return { ...answer(request, command), refusal };
    },
    submit: (request, txHash) => answer(request, commands.submit(request, txHash)),
    revert: (request, reverted) => answer(request, commands.revert(request, reverted)),
    fail: (request, code, reason) => answer(request, commands.fail(request, code, reason)),
    expire: (request, at) => answer(request, commands.expire(request, at)),
    retract: (request, hashes) => answer(request, commands.retract(request, hashes)),
    finalize(request, to) {
      const command = commands.finalize(request, to);
      return command === null ? null : answer(request, command);
    },
  };
}

function refusalOf<Command, State, Event extends DomainEvent>(
  decider: Decider<Command, State, Event>,
  requestEvent: Event,
  command: Command,
): string | null {
  try {
    decider.decide(command, decider.evolve(decider.initialState, requestEvent));
    return null;
  } catch (error) {
    if (error instanceof DomainError) return error.message;
    throw error;
  }
}

export function minedIn({ metadata: { chain } }: TransactionFact): {
  txHash: Hash;
  blockNumber: number;
  blockHash: Hash;
} {
  return { txHash: chain.txHash, blockNumber: chain.blockNumber, blockHash: chain.blockHash };
}

export function revertedTransaction(
  fact: TransactionFact & Recorded<TransactionFailed>,
): RevertedTransaction {
  return { ...minedIn(fact), sender: fact.data.from, reason: fact.data.reason };
}

import { randomUUID } from 'node:crypto';
import {
  type OperationCommand,
  operationDecider,
  type OperationFigure,
  operationStream,
  REORG_GONE,
} from '@abland/domain';
import { type Clock, type EventStore, handleCommand } from '@abland/kernel';
import {
  acceptedBranch,
  type AcceptedBranch,
  forgetReorg,
  type ReorgOutcome,
  withdrawAcceptance,
} from '@abland/postgres';
import type pg from 'pg';
import { TakenBack } from './taken-back.js';

export interface ReorgOutcomesOptions {
  readonly eventStore: EventStore;
  /** With what operators decided. */
  readonly pool: pg.Pool;
  readonly clock: Clock;
}

type Ended = AcceptedBranch & { readonly outcome: ReorgOutcome };

/**
 * Tells what came of an operation that accepted a chain's new branch: completed once that is in the log, failed where it cannot be
 * carried out, or needs to be no more. Once, whoever runs, and however often anything is started again.
 */
export class ReorgOutcomes {
  readonly #takenBack: TakenBack;

  constructor(private readonly options: ReorgOutcomesOptions) {
    this.#takenBack = new TakenBack(options.eventStore);
  }

  /** @param followedAgeMs since the chain was last told to be followed as we have it; null while it is not */
  async tell(chainId: number, followedAgeMs: number | null): Promise<void> {
    const { pool } = this.options;
    const accepted = await acceptedBranch(pool, chainId);
    if (accepted === null) return;
    const { operationId, outcome } = accepted;
    if (outcome === null) {
      if (isIdle(accepted, followedAgeMs)) await withdrawAcceptance(pool, chainId, REORG_GONE);
      return;
    }
    const command = await this.#commandOf({ ...accepted, outcome }, chainId);
    if (command === null) return;
    await this.#give(operationId, command);
    await forgetReorg(pool, operationId);
  }

  /** Null while what was taken back is not in the log. */
  async #commandOf(accepted: Ended, chainId: number): Promise<OperationCommand | null> {
    const { outcome } = accepted;
    const at = new Date(this.options.clock()).toISOString();
    if (outcome.kind === 'FAILED') {
      return { type: 'FailOperation', code: outcome.code, reason: outcome.reason, at };
    }
    if (!(await this.#takenBack.isInLog(chainId, accepted, outcome))) return null;
    return { type: 'CompleteOperation', result: figuresOf(outcome.taken), at };
  }

  async #give(operationId: string, command: OperationCommand): Promise<void> {
    const id = randomUUID();
    await handleCommand(this.options.eventStore, operationDecider, operationStream(operationId), command, {
      metadata: { correlationId: operationId, causationId: null, actor: 'reorg-outcomes' },
      eventId: () => id,
    });
  }
}

const figuresOf = (
  taken: { readonly blocks: number; readonly ancestor: number } | null,
): readonly OperationFigure[] =>
  taken === null
    ? []
    : [
        { name: 'blocksTakenBack', value: String(taken.blocks) },
        { name: 'newestBlockLeft', value: String(taken.ancestor) },
      ];

/** Whether the chain was told to be followed after this was decided, and it is not being carried out. */
const isIdle = ({ begunAtTip, decidedAgeMs }: AcceptedBranch, followedAgeMs: number | null): boolean =>
  begunAtTip === null && followedAgeMs !== null && followedAgeMs < decidedAgeMs;

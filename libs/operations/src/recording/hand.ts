import { randomUUID } from 'node:crypto';
import type { OperationFigure } from '@abland/domain';
import { AblandError, systemTiming, within } from '@abland/kernel';
import {
  beatInHand,
  letOutOfHand,
  noteOutcome,
  type OperationOutcome,
  takeFreeInHand,
  takeInHand,
} from '@abland/postgres';
import type { ClientBase, Pool } from 'pg';

/** Whoever did an act was held to be gone, or asked for it anew elsewhere: what they still do of it comes to nothing. */
export class OperationOutOfHandError extends AblandError {
  readonly code = 'OPERATION_OUT_OF_HAND';
  override readonly failureClass = 'LATER';
}

/** An operator's act while it is done: who leads learns what came of it, or that whoever did it is gone. */
export interface Hand {
  /** Aborts where the act is not ours any more. */
  readonly lost: AbortSignal;
  /**
   * Notes in the transaction of the act that it is done, to be told in the log by others should this program end before it could.
   * @throws OperationOutOfHandError: the act must not be done
   */
  noteDone(client: ClientBase, figures: readonly OperationFigure[]): Promise<void>;
  /** In the transaction that leaves the act to others, who tell what comes of it. @throws OperationOutOfHandError */
  leave(client: ClientBase): Promise<void>;
}

const BEAT_MS = 1_000;
const BEAT_WITHIN_MS = 5_000;

/** The hand of this program, which beats until it is released. */
export class OwnHand implements Hand {
  private readonly losing = new AbortController();
  private readonly released = new AbortController();
  private beating: Promise<void> = Promise.resolve();

  private constructor(
    private readonly pool: Pool,
    private readonly held: { readonly operationId: string; readonly holder: string },
  ) {}

  /**
   * @param takesOver whether it is taken out of the hand of whoever does it, who did not answer
   * @throws OperationOutOfHandError where it is not, and somebody does it
   */
  static async take(pool: Pool, operationId: string, takesOver: boolean): Promise<OwnHand> {
    const hand = new OwnHand(pool, { operationId, holder: randomUUID() });
    if (takesOver) await takeInHand(pool, hand.held);
    else if (!(await takeFreeInHand(pool, hand.held))) throw outOfHand();
    hand.beating = hand.beat();
    return hand;
  }

  get lost(): AbortSignal {
    return this.losing.signal;
  }

  async noteDone(client: ClientBase, figures: readonly OperationFigure[]): Promise<void> {
    const noted = await noteOutcome(client, this.held, { kind: 'DONE', figures });
    if (noted?.kind !== 'DONE') throw outOfHand();
  }

  async leave(client: ClientBase): Promise<void> {
    if (!(await letOutOfHand(client, this.held))) throw outOfHand();
  }

  /** What came of it, once for all. @throws OperationOutOfHandError */
  async settle(outcome: OperationOutcome): Promise<OperationOutcome> {
    const noted = await noteOutcome(this.pool, this.held, outcome);
    if (noted === null) throw outOfHand();
    return noted;
  }

  /** The log tells what came of it, or that it was never asked for. */
  async forget(): Promise<void> {
    await letOutOfHand(this.pool, this.held);
  }

  async release(): Promise<void> {
    this.released.abort();
    await this.beating;
  }

  /** A beat that fails is followed by others: it takes many to be held to be gone. */
  private async beat(): Promise<void> {
    const { held, losing, pool, released } = this;
    for (;;) {
      await systemTiming.pause(BEAT_MS, released.signal);
      if (released.signal.aborted) return;
      const beat = beatInHand(pool, held).catch(() => true);
      const isOurs = await within(BEAT_WITHIN_MS, 'a beat of an operation', beat).catch(() => true);
      if (!isOurs && !released.signal.aborted) return losing.abort(outOfHand());
    }
  }
}

const outOfHand = () => new OperationOutOfHandError('The operation is in other hands, or was given up');

import { type Clock, type EventStore, InTurn, type Logger, within } from '@abland/kernel';
import { holdLease, inTransaction, type Lease } from '@abland/postgres';
import type pg from 'pg';
import { type Checkpoint, saveCheckpoint } from './checkpoints.js';
import { issueCommands } from './issue-commands.js';
import { isAtFault, park, toPark } from './park.js';
import type { Process, Turn } from './process.js';
import type { Skipped } from '../parked/skipped.js';

export interface TurnsContext {
  readonly process: Process;
  readonly store: EventStore;
  readonly pool: pg.Pool;
  readonly lease: Lease;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Milliseconds after which a turn fails, with the commands that it waits for. */
  readonly turnMsMax: number;
  readonly skipped: Skipped;
}

/**
 * The turns of one leading instance, one at a time: each is a transaction that holds the lease and commits after its commands
 * were handled.
 */
export class Turns {
  private readonly inTurn = new InTurn();

  constructor(private readonly context: TurnsContext) {}

  /** Runs a turn after those before it; with a checkpoint it also moves there. */
  take(work: (turn: Turn) => Promise<void>, checkpoint?: Checkpoint): Promise<void> {
    return this.inTurn.run(() => this.transaction(work, checkpoint));
  }

  /** Settles when the turn in hand is over. */
  idle(): Promise<void> {
    return this.inTurn.idle();
  }

  private async transaction(work: (turn: Turn) => Promise<void>, checkpoint?: Checkpoint): Promise<void> {
    const { lease, pool, process, turnMsMax } = this.context;
    await inTransaction(pool, async (client) => {
      await holdLease(client, lease);
      await within(turnMsMax, `a turn of ${process.name}`, work(this.turn(client)));
      if (checkpoint !== undefined) await saveCheckpoint(client, process.name, checkpoint);
    });
  }

  private turn(client: pg.ClientBase): Turn {
    const { clock, logger, process, skipped, store } = this.context;
    return {
      client,
      now: clock(),
      issue: async (commands) => {
        const wanted = commands.filter(
          ({ cause, stream, type }) => !skipped.has({ causeId: cause.id, stream, type }),
        );
        const failures = await issueCommands(wanted, { store, logger, actor: `process:${process.name}` });
        await park(client, process.name, failures);
      },
      park: async ({ id, stream, type }, error) => {
        if (!isAtFault(error)) throw error;
        logger.error({ err: error, eventId: id, stream, type }, 'event parked');
        await park(client, process.name, [toPark(id, stream, type, error)]);
      },
    };
  }
}

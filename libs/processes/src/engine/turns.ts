import type { Clock, EventStore, Logger, Position } from '@abland/kernel';
import type pg from 'pg';
import { park, saveCheckpoint } from './checkpoints.js';
import { issueCommands, parked } from './issue-commands.js';
import type { Process, Turn } from './process.js';

export interface TurnsContext {
  readonly process: Process;
  readonly store: EventStore;
  readonly client: pg.ClientBase;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** The turns of one leading instance, one at a time: each is a transaction that commits after its commands were handled. */
export class Turns {
  private last: Promise<void> = Promise.resolve();

  constructor(private readonly context: TurnsContext) {}

  /** Runs a turn after those before it; with a position it also moves the checkpoint there. */
  take(work: (turn: Turn) => Promise<void>, checkpoint?: Position): Promise<void> {
    const turn = this.last.then(() => this.transaction(work, checkpoint));
    this.last = turn.catch(() => undefined); // the caller gets the failure; the next turn runs all the same
    return turn;
  }

  /** Settles when the turn in hand is over. */
  async idle(): Promise<void> {
    await this.last;
  }

  private async transaction(work: (turn: Turn) => Promise<void>, checkpoint?: Position): Promise<void> {
    const { client, process } = this.context;
    await client.query('BEGIN');
    try {
      await work(this.turn());
      if (checkpoint !== undefined) await saveCheckpoint(client, process.name, checkpoint);
      await client.query('COMMIT');
    } catch (error) {
      await client.query('ROLLBACK').catch(() => undefined); // fails only with the connection, which ends the transaction
      throw error;
    }
  }

  private turn(): Turn {
    const { client, clock, logger, process, store } = this.context;
    return {
      client,
      now: clock(),
      issue: async (commands) => {
        const failures = await issueCommands(commands, { store, logger, actor: `process:${process.name}` });
        await park(client, process.name, failures);
      },
      park: async ({ id, stream, type }, error) => {
        logger.error({ err: error, eventId: id, stream, type }, 'event parked');
        await park(client, process.name, [parked(id, stream, type, error)]);
      },
    };
  }
}

import { randomUUID } from 'node:crypto';
import { GrowingPause, InTurnByKey, type Logger, Outages, systemTiming } from '@abland/kernel';
import type pg from 'pg';
import { ApiError } from '../../errors/api-error.js';

/** Longer than any request takes; whoever died within a turn holds the next one up for so long. */
const HELD_MS = 20_000;
const WAIT_MS_MAX = 5_000;
const PAUSE_MS = { min: 5, max: 100 };

/**
 * Pieces of work of which those of one key come one after another, in whichever process of the API they are done, while others go
 * on: what one of them appends, the next one can read. A row says who has a key; it need not outlive a crash of the database.
 */
export class CallersInTurn {
  /** Those of this process wait here, and not at the database. */
  private readonly inTurn = new InTurnByKey();

  private readonly notGivenBack: Outages;

  constructor(
    private readonly pool: pg.Pool,
    logger: Logger,
  ) {
    this.notGivenBack = new Outages({
      logger,
      message: 'turns were not given back, their keys wait until they lapse',
    });
  }

  /** @throws ApiError SERVICE_UNAVAILABLE where others keep the key for too long */
  run<Result>(key: string, work: () => Promise<Result>): Promise<Result> {
    return this.inTurn.run(key, async () => {
      const holder = randomUUID();
      try {
        // Also a turn that was given up while it was asked for may have been given.
        await this.take(key, holder);
        return await work();
      } finally {
        await this.giveBack(key, holder);
      }
    });
  }

  private async take(key: string, holder: string): Promise<void> {
    const pauses = new GrowingPause(PAUSE_MS, systemTiming);
    const until = systemTiming.now() + WAIT_MS_MAX;
    while (!(await this.isTaken(key, holder))) {
      if (systemTiming.now() >= until)
        throw new ApiError('SERVICE_UNAVAILABLE', 'Another command of the same caller takes too long');
      await systemTiming.pause(pauses.take());
    }
  }

  private async isTaken(key: string, holder: string): Promise<boolean> {
    const { rowCount } = await this.pool.query({
      name: 'take-turn',
      text: `INSERT INTO api.turns AS t (key, holder, held_until) VALUES ($1, $2, clock_timestamp() + $3 * interval '1 ms')
             ON CONFLICT (key) DO UPDATE SET holder = EXCLUDED.holder, held_until = EXCLUDED.held_until
             -- A step of the clock back by less than a turn frees none.
             WHERE t.held_until NOT BETWEEN clock_timestamp() AND clock_timestamp() + 2 * $3 * interval '1 ms'`,
      values: [key, holder, HELD_MS],
    });
    return rowCount === 1;
  }

  /** Where that fails, the key is free after its time. */
  private async giveBack(key: string, holder: string): Promise<void> {
    try {
      await this.pool.query({
        name: 'give-turn-back',
        text: 'DELETE FROM api.turns WHERE key = $1 AND holder = $2',
        values: [key, holder],
      });
    } catch (error) {
      this.notGivenBack.note(error);
    }
  }
}

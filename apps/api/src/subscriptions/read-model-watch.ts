import type { Position } from '@abland/kernel';
import { projectionStatus } from '@abland/projections';
import { Inject, Injectable } from '@nestjs/common';
import type pg from 'pg';
import { ApiError } from '../errors/api-error.js';
import { PORT } from '../ports/ports.js';

const WITHIN_MS = 30_000;
const LOOK_AGAIN_MS = 15;

/** Knows how far the projections are, in the database that they write. */
@Injectable()
export class ReadModelWatch {
  constructor(@Inject(PORT.pool) private readonly pool: pg.Pool) {}

  /**
   * Waits until a projection has handled the event at a position, or the signal aborts.
   * @throws ApiError SERVICE_UNAVAILABLE where it takes too long
   */
  async reached(projection: string, position: Position, signal: AbortSignal): Promise<void> {
    for (const until = performance.now() + WITHIN_MS; !signal.aborted;) {
      const rows = await projectionStatus(this.pool);
      const live = rows.find(({ name, target }) => name === projection && target === 'live');
      if ((live?.checkpoint ?? -1n) >= position) return;
      if (performance.now() > until) {
        throw new ApiError('SERVICE_UNAVAILABLE', 'The read models are behind for now');
      }
      await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
    }
  }
}

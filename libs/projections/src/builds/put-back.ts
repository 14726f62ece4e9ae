import type { EventBatch, Logger, Position } from '@abland/kernel';
import type { ProjectionRun } from '../engine/projection-run.js';

/**
 * Checkpoints that stand beyond the last event that their build is known to have handled: it goes on after that one, so nothing is
 * left out. Whoever put one there is told, once for each, where it had passed events that were not handled.
 */
export class PutBack {
  /** Where the checkpoints were, by build, until the log was looked at so far. */
  private readonly passed: Map<number, Position>;

  constructor(
    runs: readonly ProjectionRun[],
    private readonly logger: Logger,
  ) {
    const putBack = runs.flatMap(({ id, position, storedPosition }) =>
      storedPosition !== null && position !== null && position < storedPosition
        ? [[id, storedPosition] as const]
        : [],
    );
    this.passed = new Map(putBack);
  }

  /** Before the runs handle the batch. */
  see({ events, scannedTo }: EventBatch, runs: readonly ProjectionRun[]): void {
    if (this.passed.size === 0) return;
    for (const run of runs) {
      const { id, position, projection } = run;
      const passed = this.passed.get(id);
      if (passed === undefined) continue;
      const first = events.find(
        (event) => event.position > (position ?? 0n) && Object.hasOwn(projection.handlers, event.type),
      );
      if (first !== undefined && first.position <= passed) {
        const fields = { checkpoint: String(passed), goesOnAt: String(first.position), eventId: first.id };
        this.logger.warn(
          { projection: projection.name, build: id, ...fields },
          'the checkpoint had passed events that were not handled: it is put back',
        );
        this.passed.delete(id);
      } else if (scannedTo >= passed) this.passed.delete(id);
    }
  }
}

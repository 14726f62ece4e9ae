import type { NewEvent, RecordedEvent } from '@abland/kernel';
import type { EventHandler, Projection } from '../engine/projection.js';
import { RowSet } from '../engine/row-set.js';
import type { AnyTable, RowOf } from '../engine/table.js';

/** Folds events into a projection's tables in memory alone. */
export class Fold {
  private readonly rows = new RowSet(true);

  constructor(private readonly projection: Projection) {}

  tell(events: readonly NewEvent[]): void {
    for (const event of events) {
      const handlers = this.projection.handlers as Readonly<
        Record<string, EventHandler<NewEvent> | undefined>
      >;
      const handler = handlers[event.type];
      this.rows.begin('both');
      handler?.apply({ ...event, stream: 'chain-1' } as unknown as RecordedEvent, this.rows);
    }
  }

  row<T extends AnyTable>(table: T, key: Parameters<RowSet['get']>[1]): RowOf<T> | undefined {
    return this.rows.get(table, key as never);
  }
}

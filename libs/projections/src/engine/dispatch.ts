import type { RecordedEvent } from '@abland/kernel';
import type { ProjectionRun } from './projection-run.js';
import type { EventHandler } from './projection.js';

/** A run that has to do with an event. */
export interface Concerned {
  readonly run: ProjectionRun;
  /** Absent where only the engine itself has to do with it. */
  readonly handler: EventHandler<RecordedEvent> | undefined;
}

/** What the engine itself does with whatever run: takes blocks back, and notes what is final. */
const OF_ALL = new Set(['BlocksReverted', 'BlocksFinalized']);

/** Which of the runs that are kept together have to do with an event: found once a type, not once an event. */
export class Dispatch {
  private readonly byType = new Map<string, readonly Concerned[]>();

  constructor(private readonly runs: readonly ProjectionRun[]) {}

  of(type: string): readonly Concerned[] {
    const known = this.byType.get(type);
    if (known !== undefined) return known;
    const concerned = this.runs
      .map((run) => ({ run, handler: handlerOf(run, type) }))
      .filter(({ handler }) => handler !== undefined || OF_ALL.has(type));
    this.byType.set(type, concerned);
    return concerned;
  }
}

function handlerOf(run: ProjectionRun, type: string): EventHandler<RecordedEvent> | undefined {
  const handlers = run.projection.handlers as Readonly<
    Record<string, EventHandler<RecordedEvent> | undefined>
  >;
  return Object.hasOwn(handlers, type) ? handlers[type] : undefined;
}

/** Whether the run has seen the event before: it is further than those that it is kept with. */
export const isHandled = (run: ProjectionRun, event: RecordedEvent): boolean =>
  run.position !== null && event.position <= run.position;

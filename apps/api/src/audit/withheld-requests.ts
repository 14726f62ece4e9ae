import { DEADLINE_AHEAD_MS_MAX, REQUEST_STREAM_PREFIX } from '@abland/domain';
import type { RecordedEvent } from '@abland/kernel';
import { type ReadModel, requestsByIds, type RequestView } from '@abland/projections';

/** So long after a request's deadline the chain may still take to have a block that says that it has passed. */
const AFTER_DEADLINE_MS = 2 * 60 * 60 * 1000;
/** So long after its acceptance a request is at its end, or the chain has it, however late its deadline. */
const WAITING_MS_MAX = DEADLINE_AHEAD_MS_MAX + AFTER_DEADLINE_MS;
const WAITING: ReadonlySet<string> = new Set(['ACCEPTED', 'SUBMITTED']);

/** Of some events those that tell nobody what somebody is about to do on the chain. */
export type Tellable = (events: readonly RecordedEvent[]) => Promise<readonly RecordedEvent[]>;

export interface TellablePorts {
  /** Milliseconds since the epoch, by a clock that all programs have in common: one that is ahead would tell what still waits. */
  readonly now: () => Promise<number>;
  readonly readModel: ReadModel;
}

export const tellableBy =
  ({ now: timeNow, readModel }: TellablePorts): Tellable =>
  async (events) => {
    const ofRequests = events.filter((event) => commandOf(event).length > 0);
    if (ofRequests.length === 0) return events;
    const now = await timeNow();
    const young = ofRequests.filter(({ recordedAt }) => Date.parse(recordedAt) > now - WAITING_MS_MAX);
    const ids = [...new Set(young.flatMap(commandOf))];
    if (ids.length === 0) return events;
    const views = await requestsByIds(readModel, ids);
    const over = new Set(views.filter((view) => !isWaiting(view, now)).map(({ id }) => id));
    // One that the read models do not know yet has just been accepted.
    const waits = new Set(ids.filter((id) => !over.has(id)));
    return events.filter((event) => !commandOf(event).some((id) => waits.has(id)));
  };

const isWaiting = ({ deadline, status }: RequestView, now: number): boolean =>
  WAITING.has(status) && (deadline === null || now <= Date.parse(deadline) + AFTER_DEADLINE_MS);

/** The command that an event is of, where telling it tells what somebody is about to do on the chain. */
function commandOf({ data, stream }: RecordedEvent): readonly string[] {
  if (stream.startsWith(REQUEST_STREAM_PREFIX)) return [stream.slice(REQUEST_STREAM_PREFIX.length)];
  const { commandId } = data;
  return stream.startsWith('relayer-') && typeof commandId === 'string' ? [commandId] : [];
}

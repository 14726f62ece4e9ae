import { REQUEST_STREAM_PREFIX } from '@abland/domain';
import type { Clock, RecordedEvent } from '@abland/kernel';
import { type ReadModel, requestsByIds } from '@abland/projections';

/** A request is at its end, or the chain has it, long before: its deadline is at most twenty minutes after its acceptance. */
const WAITING_MS_MAX = 2 * 60 * 60 * 1000;
const WAITING: ReadonlySet<string> = new Set(['ACCEPTED', 'SUBMITTED']);

/** Of some events those that tell nobody what somebody is about to do on the chain. */
export type Tellable = (events: readonly RecordedEvent[]) => Promise<readonly RecordedEvent[]>;

export const tellableBy =
  ({ clock, readModel }: { readonly clock: Clock; readonly readModel: ReadModel }): Tellable =>
  async (events) => {
    const since = clock() - WAITING_MS_MAX;
    const young = events.filter(({ recordedAt }) => Date.parse(recordedAt) > since);
    const ids = [...new Set(young.flatMap(commandOf))];
    if (ids.length === 0) return events;
    const views = await requestsByIds(readModel, ids);
    const over = new Set(views.filter(({ status }) => !WAITING.has(status)).map(({ id }) => id));
    // One that the read models do not know yet has just been accepted.
    const waits = new Set(ids.filter((id) => !over.has(id)));
    return events.filter((event) => !commandOf(event).some((id) => waits.has(id)));
  };

/** The command that an event is of, where telling it tells what somebody is about to do on the chain. */
function commandOf({ data, stream }: RecordedEvent): readonly string[] {
  if (stream.startsWith(REQUEST_STREAM_PREFIX)) return [stream.slice(REQUEST_STREAM_PREFIX.length)];
  const { commandId } = data;
  return stream.startsWith('relayer-') && typeof commandId === 'string' ? [commandId] : [];
}

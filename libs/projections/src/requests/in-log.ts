import type { RecordedEvent } from '@abland/kernel';
import type { EventHandler } from '../engine/projection.js';
import { RowSet } from '../engine/row-set.js';
import { requestsProjection } from './projection.js';
import { requests } from './tables.js';
import { type RequestView, requestView } from './view.js';

const handlers = requestsProjection.handlers as Readonly<
  Record<string, EventHandler<RecordedEvent> | undefined>
>;

/**
 * A request as the read models will show it once they have seen its stream, by the same rules; null where nothing began it.
 * @param events all of its stream, in order
 */
export function requestInLog(events: readonly RecordedEvent[]): RequestView | null {
  const rows = new RowSet(true);
  rows.begin('log');
  for (const event of events) handlers[event.type]?.apply(event, rows);
  const row = rows.get(requests, { command_id: String(events[0]?.data['commandId']) });
  if (row === undefined) return null;
  const view = requestView(row);
  return isSent(view, events) ? { ...view, relayStatus: 'SIGNED', relayFailure: null } : view;
}

/** That our sender signed stands in its own stream; in the request's it tells the transaction, after that. */
function isSent({ execution }: RequestView, events: readonly RecordedEvent[]): boolean {
  if (execution !== 'RELAYED') return false;
  const lastOf = (wanted: string): number => events.findLastIndex(({ type }) => type === wanted);
  return lastOf('RequestSubmitted') > lastOf('RelayAttemptFailed');
}

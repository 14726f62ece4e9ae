import { randomUUID } from 'node:crypto';
import type {
  EventBatch,
  EventStore,
  JsonObject,
  NewEvent,
  RecordedEvent,
  SubscribeOptions,
} from '@abland/kernel';

/** An event as the laws append it: the payload is of no meaning to a store. */
export function sampleEvent(data: JsonObject = {}, type = 'SampleHappened'): NewEvent {
  return {
    id: randomUUID(),
    type,
    version: 1,
    data,
    metadata: { correlationId: 'law', causationId: null, actor: 'process:laws' },
  };
}

export function sampleEvents(count: number, type = 'SampleHappened'): NewEvent[] {
  return Array.from({ length: count }, (_, index) => sampleEvent({ index }, type));
}

export async function collect(pages: AsyncIterable<readonly RecordedEvent[]>): Promise<RecordedEvent[]> {
  const events: RecordedEvent[] = [];
  for await (const page of pages) events.push(...page);
  return events;
}

/** Follows the log until a batch satisfies the predicate, then ends the subscription. */
export async function followUntil(
  store: EventStore,
  options: Omit<SubscribeOptions, 'signal'>,
  done: (seen: readonly RecordedEvent[], batch: EventBatch) => boolean,
): Promise<RecordedEvent[]> {
  const abort = new AbortController();
  const seen: RecordedEvent[] = [];
  for await (const batch of store.subscribeToAll({ ...options, signal: abort.signal })) {
    seen.push(...batch.events);
    if (done(seen, batch)) abort.abort();
  }
  return seen;
}

export const idsOf = (events: readonly { readonly id: string }[]): string[] => events.map(({ id }) => id);

import type { NewEvent } from '@abland/kernel';

export interface AppendLimits {
  readonly eventsMax: number;
  /** Of all data of one append as JSON; EventStoreDB takes 1,048,576. */
  readonly bytesMax: number;
}

export const APPEND_LIMITS: AppendLimits = { eventsMax: 2000, bytesMax: 900_000 };

const bytesOf = (event: NewEvent): number => Buffer.byteLength(JSON.stringify(event.data));

interface Group {
  readonly events: NewEvent[];
  bytes: number;
}

/**
 * Appends for messages in order: whole messages together as far as the limits allow; a message too large for one append
 * is cut into several of its own.
 */
export function packAppends(messages: readonly (readonly NewEvent[])[], limits: AppendLimits): NewEvent[][] {
  const appends: Group[] = [];
  const fits = (group: Group, events: number, bytes: number): boolean =>
    group.events.length + events <= limits.eventsMax && group.bytes + bytes <= limits.bytesMax;
  for (const message of messages) {
    const sized = message.map((event) => ({ event, bytes: bytesOf(event) }));
    const bytes = sized.reduce((sum, one) => sum + one.bytes, 0);
    const last = appends.at(-1);
    let group = last !== undefined && fits(last, message.length, bytes) ? last : null;
    for (const one of sized) {
      if (group === null || !fits(group, 1, one.bytes)) {
        group = { events: [], bytes: 0 };
        appends.push(group);
      }
      group.events.push(one.event);
      group.bytes += one.bytes;
    }
  }
  return appends.map(({ events }) => events);
}

import { type AnyEvent, CHAIN_STREAM_PREFIX } from '@abland/domain';
import type { RecordedEvent } from '@abland/kernel';

/**
 * The newest block of each chain that some events tell as final. What they tell of it and of those below it, none of them takes back:
 * a chain of which they take blocks back has none here.
 */
export function finalWithin(events: readonly RecordedEvent[]): ReadonlyMap<string, number> {
  const final = new Map<string, number>();
  const takenBack = new Set<string>();
  for (const { data, stream, type } of events) {
    if (!stream.startsWith(CHAIN_STREAM_PREFIX)) continue;
    if (type === 'BlocksReverted') takenBack.add(stream);
    if (type !== 'BlocksFinalized') continue;
    const { number } = data as Extract<AnyEvent, { type: 'BlocksFinalized' }>['data'];
    final.set(stream, Math.max(number, final.get(stream) ?? -1));
  }
  for (const stream of takenBack) final.delete(stream);
  return final;
}

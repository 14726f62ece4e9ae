import { type AnyEvent, chainStream } from '@abland/domain';
import type { EventStore, Position, RecordedEvent } from '@abland/kernel';

type Told = RecordedEvent & Extract<AnyEvent, { type: 'BlockIngested' | 'BlocksReverted' }>;

/**
 * Where the log closes a block of the chain as it is known now; null where it has no such block. Goes over all that the log says of
 * the chain's blocks, so that it is found however long ago.
 */
export async function positionOfBlock(
  store: EventStore,
  { chainId, number }: { readonly chainId: number; readonly number: number },
): Promise<Position | null> {
  const stream = chainStream(chainId);
  let found: Position | null = null;
  const filter = { types: ['BlockIngested', 'BlocksReverted'], streamPrefixes: [stream] };
  for await (const page of store.readAll({ filter })) {
    for (const event of page as readonly Told[]) {
      if (event.stream !== stream) continue;
      if (event.type === 'BlocksReverted' && event.data.fromNumber <= number) found = null;
      if (event.type === 'BlockIngested' && event.data.number === number) found = event.position;
    }
  }
  return found;
}

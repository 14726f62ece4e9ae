import { alarmsStream, type ChainHalted } from '@abland/domain';
import type { EventStore } from '@abland/kernel';

/** The alarm of a chain that stands; null where none does, as far as that was told. */
export async function openHalt(log: EventStore, chainId: number): Promise<ChainHalted['data'] | null> {
  const newestFirst = { direction: 'backward', maxCount: 1 } as const;
  for await (const [newest] of log.readStream(alarmsStream(chainId), newestFirst)) {
    return newest?.type === 'ChainHalted' ? (newest.data as ChainHalted['data']) : null;
  }
  return null;
}

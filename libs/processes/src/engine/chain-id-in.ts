import type { RecordedEvent } from '@abland/kernel';

/** Which chain an event speaks of; null where it speaks of none. */
export function chainIdIn({
  data,
  metadata: { chain },
}: Pick<RecordedEvent, 'data' | 'metadata'>): number | null {
  const chainId = chain?.chainId ?? data['chainId'];
  return typeof chainId === 'number' ? chainId : null;
}

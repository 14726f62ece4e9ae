import { randomUUID } from 'node:crypto';
import type { NewEvent } from '@abland/kernel';

/** About 200 bytes of data and 150 of metadata, as a swap has them. */
export function sampleEvent(index: number): NewEvent {
  return {
    id: randomUUID(),
    type: 'Swap',
    version: 1,
    data: {
      index,
      user: '0x8ba1f109551bD432803012645Ac136ddd64DBA72',
      poolId: '0x9f2df0fed2c77648de5860a4cc508cd0818c85b8b8a1ab4ceeef8d981c8956a6',
      amountIn: '1000000000000000000',
      amountOut: '987654321000000000',
    },
    metadata: {
      correlationId: 'c0ffee00-0000-4000-8000-000000000000',
      causationId: null,
      actor: 'process:bench',
    },
  };
}

export const sampleEvents = (count: number, from = 0): NewEvent[] =>
  Array.from({ length: count }, (_, index) => sampleEvent(from + index));

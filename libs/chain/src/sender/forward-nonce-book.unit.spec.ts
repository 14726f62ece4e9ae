import { setTimeout as sleep } from 'node:timers/promises';
import { MemoryEventStore } from '@abland/event-store';
import type { Address } from '@abland/domain';
import { describe, expect, it } from '@jest/globals';
import { ForwardNonceBook } from './forward-nonce-book.js';

const SIGNER = { chainId: 7, signer: '0x70997970C51812dc3A010C7d01b50e0d17dc79C8' as Address };
const [WAIT_MS, LOOK_MS] = [300, 400];

/** Takes longer for a look than is waited at all. */
class SlowStore extends MemoryEventStore {
  looks = 0;

  override async *readStream(
    ...given: Parameters<MemoryEventStore['readStream']>
  ): ReturnType<MemoryEventStore['readStream']> {
    this.looks += 1;
    await sleep(LOOK_MS);
    yield* super.readStream(...given);
  }
}

describe('a nonce that is waited for', () => {
  it('is waited for no longer than was said, however long a look takes', async () => {
    const store = new SlowStore();
    await new ForwardNonceBook(store).whenTaken(SIGNER, 0, WAIT_MS);
    expect(store.looks).toBe(1);
  });
});

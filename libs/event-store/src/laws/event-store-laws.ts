import { randomUUID } from 'node:crypto';
import type { EventStore } from '@abland/kernel';
import { afterAll, beforeAll, describe } from '@jest/globals';
import { appendLaws } from './append-laws.js';
import { idempotencyLaws } from './idempotency-laws.js';
import { readingLaws } from './reading-laws.js';
import type { StoreUnderTest } from './store-under-test.js';
import { subscriptionLaws } from './subscription-laws.js';

/** What holds for every event store, whatever it stores in. */
export function describeEventStoreLaws(
  adapter: string,
  open: () => Promise<{ readonly store: EventStore; readonly close: () => Promise<void> }>,
): void {
  describe(`event store laws: ${adapter}`, () => {
    let opened: Awaited<ReturnType<typeof open>>;
    beforeAll(async () => {
      opened = await open();
    });
    afterAll(async () => {
      await opened.close();
    });
    const subject: StoreUnderTest = {
      store: () => opened.store,
      stream: (prefix = 'sample') => `${prefix}-${randomUUID()}`,
    };
    describe('append', () => appendLaws(subject));
    describe('idempotency', () => idempotencyLaws(subject));
    describe('reading', () => readingLaws(subject));
    describe('subscription', () => subscriptionLaws(subject));
  });
}

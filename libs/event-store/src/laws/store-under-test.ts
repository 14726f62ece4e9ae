import type { EventStore } from '@abland/kernel';

export interface StoreUnderTest {
  readonly store: () => EventStore;
  /** A stream name that no law has used. */
  readonly stream: (prefix?: string) => string;
}

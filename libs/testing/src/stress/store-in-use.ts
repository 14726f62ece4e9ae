import type { EventStore } from '@abland/kernel';

/** What the stress test uses of a store, so that a wrong one need have no more. */
export type StressedStore = Pick<EventStore, 'append' | 'readAll' | 'subscribeToAll' | 'close'>;

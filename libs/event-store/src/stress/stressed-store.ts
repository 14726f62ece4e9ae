import { silentLogger } from '@abland/kernel';
import { openPostgresEventStore } from '../postgres/postgres-event-store.js';
import { PlainSequenceStore } from './plain-sequence-store.js';
import type { StressedStore } from './store-in-use.js';

/** Ours, or one of the known wrong ways, with which the stress test must fail. */
export type Variant = 'ours' | 'plain-sequence' | 'checkpoint-outside';

export function openStressedStore(variant: Variant, url: string): Promise<StressedStore> {
  return variant === 'plain-sequence'
    ? PlainSequenceStore.open(url)
    : openPostgresEventStore({ connectionString: url, logger: silentLogger });
}

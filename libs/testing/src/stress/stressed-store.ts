import { createHash } from 'node:crypto';
import { type EventStore, type RecordedEvent, silentLogger } from '@abland/kernel';
import { openPostgresEventStore } from '@abland/event-store';
import { EventStoreDbEventStore } from '@abland/event-store/eventstoredb';
import { PlainSequenceStore } from './plain-sequence-store.js';
import type { StressedStore } from './store-in-use.js';

/** Ours, on PostgreSQL or EventStoreDB, or one of the known wrong ways, with which the stress test must fail. */
export const VARIANTS = ['ours', 'eventstoredb', 'plain-sequence', 'checkpoint-outside'] as const;
export type Variant = (typeof VARIANTS)[number];

export async function openStressedStore(
  variant: Variant,
  url: string,
  largeGroup?: number,
): Promise<StressedStore> {
  if (variant === 'plain-sequence') return PlainSequenceStore.open(url);
  return openEventStoreUnderStress(variant, url, largeGroup);
}

export async function openEventStoreUnderStress(
  variant: Exclude<Variant, 'plain-sequence'>,
  url: string,
  largeGroup?: number,
): Promise<EventStore> {
  if (variant === 'eventstoredb') {
    return new EventStoreDbEventStore({ connectionString: url, logger: silentLogger });
  }
  return openPostgresEventStore({ connectionString: url, logger: silentLogger, largeGroup });
}

/** What an event is to whoever sees it, apart from its position. */
export function digestOf({ id, stream, revision, type, version, data, metadata }: RecordedEvent): string {
  const text = JSON.stringify([id, stream, `${revision}`, type, version, data, metadata]);
  return createHash('md5').update(text).digest('hex');
}

import { readFileSync } from 'node:fs';
import type { DomainEvent } from '@abland/kernel';

/** One recorded event of each type and version that was ever released. Added to, never changed. */
export const recordedEvents = JSON.parse(
  readFileSync(new URL('recorded-events.json', import.meta.url), 'utf8'),
) as readonly DomainEvent[];

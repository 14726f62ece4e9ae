import type { EventStore } from '@abland/kernel';
import { sampleEvents } from '../store/sample-events.js';

const BATCH = 1_000;
const LANES = 4;

export async function fillLog(log: EventStore, events: number): Promise<void> {
  for (let count = 0; count < events; count += BATCH * LANES)
    await Promise.all(
      Array.from({ length: LANES }, (_, lane) =>
        log.append(`fill-${lane}`, sampleEvents(BATCH, count + lane * BATCH), 'any'),
      ),
    );
}

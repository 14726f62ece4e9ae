import { type EventStore, systemTiming } from '@abland/kernel';
import type pg from 'pg';
import { median } from '../report/results.js';
import { sampleEvents } from '../store/sample-events.js';
import { growTree, storedSize } from './tree-subjects.js';

const CALLERS = 64;
const LOOK_EVERY_MS = 5;

/** How long after an append was answered its event is in a stored checkpoint, while many append as fast as they can. */
export async function followAppends(
  log: EventStore,
  pool: pg.Pool,
  seconds: number,
): Promise<{ appendsPerSecond: number; behindMsMax: number; behindMsMedian: number }> {
  const tree = growTree(log, pool);
  const first = Number((await log.head()) ?? 0n);
  while ((await storedSize(pool)) < first) await systemTiming.pause(LOOK_EVERY_MS);
  const until = systemTiming.now() + seconds * 1_000;
  let waiting: { readonly position: bigint; readonly at: number }[] = [];
  let appended = 0;
  const append = async (caller: number): Promise<void> => {
    while (systemTiming.now() < until) {
      const { position } = await log.append(`follow-${caller}`, sampleEvents(1, appended), 'any');
      waiting.push({ position, at: systemTiming.now() });
      appended += 1;
    }
  };
  const behind: number[] = [];
  const appending = Promise.all(Array.from({ length: CALLERS }, (_, caller) => append(caller)));
  let over = false;
  void appending.then(() => (over = true));
  while (!over || waiting.length > 0) {
    const size = BigInt(await storedSize(pool));
    const now = systemTiming.now();
    const there = waiting.filter(({ position }) => position <= size);
    behind.push(...there.map(({ at }) => now - at));
    waiting = waiting.filter(({ position }) => position > size);
    await systemTiming.pause(LOOK_EVERY_MS);
  }
  await appending;
  await tree.stop();
  return {
    appendsPerSecond: appended / seconds,
    behindMsMax: behind.reduce((most, one) => Math.max(most, one), 0),
    behindMsMedian: median(behind),
  };
}

import { createHash } from 'node:crypto';
import type { RecordedEvent } from '@abland/kernel';
import { EventChecksum } from './event-checksum.js';

/** What two logs are compared by: what was appended and where, and when it was recorded. */
export class CopyChecksum {
  private readonly events = new EventChecksum();
  private readonly times = createHash('sha256');

  add(page: readonly RecordedEvent[]): void {
    for (const event of page) this.events.add(event);
    this.times.update(page.map(({ recordedAt }) => `${recordedAt}\n`).join(''));
  }

  get count(): bigint {
    return this.events.count;
  }

  /** Of the events alone, as `events stats` tells it. */
  hex(): string {
    return this.events.hex();
  }

  /** What differs, as pairs of values by name; null where nothing does. */
  difference(copy: CopyChecksum, withTimes: boolean): Readonly<Record<string, string>> | null {
    const values = (checksum: CopyChecksum): readonly (readonly [string, string])[] => [
      ['Events', checksum.count.toString()],
      ['Checksum', checksum.hex()],
      ...(withTimes ? [['RecordedTimes', checksum.times.copy().digest('hex')] as const] : []),
    ];
    const of = values(copy);
    const different = values(this).filter(([, value], index) => of[index]?.[1] !== value);
    if (different.length === 0) return null;
    return Object.fromEntries(
      values(this).flatMap(([name, value], index) => [
        [`source${name}`, value],
        [`target${name}`, of[index]?.[1] ?? ''],
      ]),
    );
  }
}

import { createHash, type Hash } from 'node:crypto';
import type { Json, RecordedEvent } from '@abland/kernel';

/**
 * A checksum over events in order, equal for a log and its copy in another store: over what was appended and where in its
 * stream it is, not over positions and recorded times, which are each store's own.
 */
export class EventChecksum {
  private readonly hash: Hash = createHash('sha256');
  count = 0n;

  add(event: RecordedEvent): void {
    const { id, stream, revision, type, version, data, metadata } = event;
    const place = [id, stream, revision.toString(), type, version];
    const line = [...place, sorted(data), sorted(metadata as unknown as Json)];
    this.hash.update(JSON.stringify(line)).update('\n');
    this.count += 1n;
  }

  hex(): string {
    return this.hash.copy().digest('hex');
  }
}

/** Keys in order: stores may give an object's keys back in another one. */
function sorted(value: Json): Json {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(sorted);
  const object = value as Readonly<Record<string, Json>>;
  return Object.fromEntries(
    Object.keys(object)
      .sort()
      .map((key) => [key, sorted(object[key] ?? null)]),
  );
}

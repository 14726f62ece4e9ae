import type { Running } from '@abland/kernel';

/** The end of whichever part ends first by itself. A failure that nobody awaits yet ends no program. */
export function firstEnd(parts: readonly Pick<Running, 'ended'>[]): Promise<void> {
  const ended = Promise.race(parts.map((part) => part.ended));
  ended.catch(() => undefined);
  return ended;
}

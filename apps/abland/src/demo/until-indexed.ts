import { CommandLate } from './follow-command.js';

const POLL_MS = 20;
/** As long as nothing more is indexed. */
const STANDS_MS_MAX = 60_000;
/** What takes no longer is no waiting to anybody. */
const TELL_EVERY_MS = 3_000;

export interface IndexedWait {
  /** Told now and then how far it is; absent: nobody is. */
  readonly onWait?: (line: string) => void;
  readonly standsMsMax?: number;
  readonly tellEveryMs?: number;
}

/**
 * Waits until a block is in the read models, for as long as they come nearer to it.
 * @param indexedBlock the newest that is; null before the first
 * @throws CommandLate where nothing more is indexed for a minute, and whatever the asking does
 */
export async function untilIndexed(
  block: number,
  indexedBlock: () => Promise<number | null>,
  { onWait, standsMsMax = STANDS_MS_MAX, tellEveryMs = TELL_EVERY_MS }: IndexedWait = {},
): Promise<void> {
  let newest: number | null = null;
  let movedAt = performance.now();
  let toldAt = movedAt;
  for (;;) {
    const indexed = await indexedBlock();
    if (indexed !== null && indexed >= block) return;
    if (indexed !== newest) [newest, movedAt] = [indexed, performance.now()];
    if (performance.now() - movedAt >= standsMsMax) {
      const at = newest === null ? 'no block' : `block ${newest}`;
      throw new CommandLate(
        `Indexing stands at ${at} for ${standsMsMax / 1000} s, and the chain has ${block}: /ready of the API says why`,
        { block, indexed: newest },
      );
    }
    if (performance.now() - toldAt >= tellEveryMs) {
      onWait?.(`waiting for block ${block} to be indexed: ${newest ?? 'none'} is`);
      toldAt = performance.now();
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

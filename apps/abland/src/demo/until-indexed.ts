import { CommandLate } from './follow-command.js';

const POLL_MS = 20;
/** As long as nothing more is indexed. */
const STANDS_MS_MAX = 60_000;

/**
 * Waits until a block is in the read models, for as long as they come nearer to it.
 * @param indexedBlock the newest that is; null before the first
 * @throws CommandLate where nothing more is indexed for a minute, and whatever the asking does
 */
export async function untilIndexed(
  block: number,
  indexedBlock: () => Promise<number | null>,
  standsMsMax = STANDS_MS_MAX,
): Promise<void> {
  let newest: number | null = null;
  let movedAt = performance.now();
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
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

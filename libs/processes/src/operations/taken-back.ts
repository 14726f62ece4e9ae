import { type BlockFact, chainStream, operationStream } from '@abland/domain';
import type { EventStore, Position, RecordedEvent } from '@abland/kernel';
import type { AcceptedBranch, ReorgOutcome } from '@abland/postgres';

type Taken = Extract<ReorgOutcome, { kind: 'TAKEN' }>;

/** How far the log was looked through for what an operation took back. */
interface Search {
  readonly operationId: string;
  readonly after: Position;
  /** Whether the newest of those blocks was come upon as taken back. */
  readonly tipIsTaken: boolean;
}

const LOOKED_AT = ['BlocksReverted', 'BlockIngested'] as const satisfies readonly BlockFact['type'][];

/**
 * Whether the log of facts has all that an accepted branch took back. Told by the blocks alone: what the log stream calls a message
 * by is another after its topic was made anew.
 */
export class TakenBack {
  /** By chain; each part of the log is looked through once. */
  readonly #searches = new Map<number, Search>();

  constructor(private readonly log: EventStore) {}

  async isInLog(
    chainId: number,
    { begunAtTip, operationId }: AcceptedBranch,
    { reached }: Taken,
  ): Promise<boolean> {
    let search = await this.#searchOf(chainId, operationId);
    if (search === null) return false;
    const filter = { types: LOOKED_AT, streamPrefixes: [chainStream(chainId)] };
    for await (const page of this.log.readAll({ after: search.after, filter })) {
      for (const event of page) {
        if (event.stream !== chainStream(chainId)) continue;
        const { type, data } = event as unknown as RecordedEvent & BlockFact;
        const tipIsTaken: boolean =
          search.tipIsTaken || (type === 'BlocksReverted' && data.hashes.includes(begunAtTip ?? ''));
        if (tipIsTaken && (reached === null || isReached({ type, data } as BlockFact, reached))) {
          this.#searches.delete(chainId);
          return true;
        }
        search = { operationId, after: event.position, tipIsTaken };
      }
    }
    this.#searches.set(chainId, search);
    return false;
  }

  /** From where the operation was recorded, before which nothing was taken back by it; null where the log does not know it. */
  async #searchOf(chainId: number, operationId: string): Promise<Search | null> {
    const search = this.#searches.get(chainId);
    if (search?.operationId === operationId) return search;
    for await (const [first] of this.log.readStream(operationStream(operationId), { maxCount: 1 }))
      if (first !== undefined) return { operationId, after: first.position, tipIsTaken: false };
    return null;
  }
}

/** No block comes between the parts of what is taken back: the first one after them says that these are all, wherever that led. */
function isReached({ data, type }: BlockFact, reached: string): boolean {
  return type === 'BlockIngested' || (type === 'BlocksReverted' && data.ancestor.hash === reached);
}

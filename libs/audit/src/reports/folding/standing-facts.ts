import type { Position, RecordedEvent } from '@abland/kernel';

/** What says which blocks stand. */
export const STANDING_TYPES = ['BlocksReverted', 'BlocksFinalized'] as const;

/** Where a fact of a chain stands, as of the end of the log. */
export interface FactAt {
  readonly chainId: number;
  readonly blockNumber: number;
  readonly blockHash: string;
  /** Seconds since the epoch. */
  readonly blockTime: number;
  readonly txHash: string | null;
  readonly logIndex: number | null;
  /** Whether no reorg of the usual depth takes it back any more. */
  readonly isFinal: boolean;
}

interface Revert {
  readonly position: Position;
  /** The oldest block that this or a later one took back. */
  from: number;
}

interface Chain {
  readonly reverts: Revert[];
  finalized: number;
}

/**
 * Which facts of a log are of its chains at its end: those of no block that was taken back after it. What it keeps grows with the
 * reorgs of a log alone. It is told at least the events of `STANDING_TYPES`, in their order, and may be asked once it was.
 */
export class StandingFacts {
  private readonly chains = new Map<number, Chain>();

  add({ data, position, stream, type }: RecordedEvent): void {
    if (type !== 'BlocksReverted' && type !== 'BlocksFinalized') return;
    const chain = this.chainOf(chainIdOf(stream));
    if (type === 'BlocksFinalized') chain.finalized = Number(data['number']);
    else {
      const from = Number(data['fromNumber']);
      chain.reverts.push({ position, from });
      // An operator let final blocks be taken back.
      chain.finalized = Math.min(chain.finalized, from - 1);
    }
  }

  /** To be called once, after the last event. */
  settle(): void {
    for (const { reverts } of this.chains.values())
      for (let at = reverts.length - 2; at >= 0; at -= 1) {
        const [revert, later] = [reverts[at], reverts[at + 1]];
        if (revert !== undefined && later !== undefined) revert.from = Math.min(revert.from, later.from);
      }
  }

  /** Whether two were told the same, as they are settled. */
  isSame(other: StandingFacts): boolean {
    return this.told() === other.told();
  }

  private told(): string {
    return [...this.chains]
      .map(([id, { finalized, reverts }]) =>
        [id, finalized, ...reverts.map(({ from, position }) => `${position}:${from}`)].join(' '),
      )
      .join('\n');
  }

  /** The newest final block; null where the log has none. */
  finalizedOf(chainId: number): number | null {
    const finalized = this.chains.get(chainId)?.finalized ?? -1;
    return finalized < 0 ? null : finalized;
  }

  /** Null where the block was taken back. */
  placeOf({ metadata: { chain }, position }: RecordedEvent): FactAt | null {
    if (chain === undefined) return null;
    const { blockHash, blockNumber, blockTime, chainId, logIndex, txHash } = chain;
    const known = this.chains.get(chainId);
    const later = known?.reverts[firstAfter(known.reverts, position)];
    if (later !== undefined && later.from <= blockNumber) return null;
    const isFinal = blockNumber <= (known?.finalized ?? -1);
    return { chainId, blockNumber, blockHash, blockTime, txHash, logIndex, isFinal };
  }

  private chainOf(chainId: number): Chain {
    const known = this.chains.get(chainId) ?? { reverts: [], finalized: -1 };
    this.chains.set(chainId, known);
    return known;
  }
}

/** What only tells of a chain's blocks names it in its stream. */
export const chainIdOf = (stream: string): number => Number(stream.slice('chain-'.length));

function firstAfter(reverts: readonly Revert[], position: Position): number {
  let [low, high] = [0, reverts.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((reverts[middle]?.position ?? 0n) > position) high = middle;
    else low = middle + 1;
  }
  return low;
}

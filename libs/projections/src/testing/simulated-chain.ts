import { type ChainFact, chainStream } from '@abland/domain';
import { EVENT_VERSIONS } from '@abland/event-codec';
import type { NewEvent } from '@abland/kernel';
import { copyOf, emptyMarket, type MarketState } from '@abland/testing/market';
import { deed, type Deed, openingFacts } from '@abland/testing/market';
import type { SeededRandom } from '@abland/testing/seeded-random';

export const CHAIN_ID = 31_337;
export const CHAIN_STREAM = chainStream(CHAIN_ID);
/** A second chain, on which everything may have the same addresses. */
export const OTHER_CHAIN_ID = 31_338;
const GENESIS_TIME = 1_700_000_000;

type FactData = { readonly type: ChainFact['type']; readonly data: Record<string, unknown> };

export interface SimulatedBlock {
  readonly number: number;
  readonly hash: string;
  readonly time: number;
  readonly events: readonly NewEvent[];
  /** After the block. */
  readonly state: MarketState;
}

/** A chain of blocks full of random but possible facts, which can be reverted and mined otherwise. */
export class SimulatedChain {
  readonly blocks: SimulatedBlock[] = [];
  finalized = 0;
  readonly stream: string;

  constructor(
    private readonly random: SeededRandom,
    private readonly secondsABlock = 12,
    readonly chainId = CHAIN_ID,
  ) {
    this.stream = chainStream(chainId);
  }

  get head(): SimulatedBlock | undefined {
    return this.blocks.at(-1);
  }

  get state(): MarketState {
    return this.head?.state ?? emptyMarket();
  }

  /**
   * Mines a block of random transactions, or of the given ones, which may name the commands that they execute.
   * @param atTime seconds since the epoch; absent: evenly
   */
  mine(
    deeds?: readonly Deed[],
    commandIds: readonly (string | null)[] = [],
    atTime: number | null = null,
  ): readonly NewEvent[] {
    const number = (this.head?.number ?? 0) + 1;
    const state = copyOf(this.state);
    const hash = this.random.hash();
    const time = atTime ?? GENESIS_TIME + number * this.secondsABlock;
    const events: NewEvent[] = [];
    const count = this.random.below(4);
    const chosen = deeds ?? Array.from({ length: count }, () => deed);
    const place = { chainId: this.chainId, blockNumber: number, blockHash: hash, blockTime: time };
    const emit = (facts: readonly FactData[], commandId: string | null): void => {
      const txHash = this.random.hash();
      for (const { type, data } of facts) {
        const logIndex = type === 'TransactionFailed' ? null : events.length;
        const own = type === 'TransactionFailed' ? { ...data, txHash } : { contract: CONTRACT, ...data };
        events.push(this.event(type, own, { ...place, txHash, logIndex, commandId }));
      }
    };
    if (number === 1) emit(openingFacts(), null);
    for (const [index, act] of chosen.entries()) {
      const facts = act(state, this.random);
      if (facts.length > 0) emit(facts, commandIds[index] ?? null);
    }
    const parentHash = this.head?.hash ?? `0x${'0'.repeat(64)}`;
    const closing = { number, hash, parentHash, time, facts: events.length };
    events.push(
      this.event(
        'BlockIngested',
        { ...closing, commandIds: [], proof: 'BLOOM', providers: 2 },
        { ...place, txHash: null, logIndex: null, commandId: null },
      ),
    );
    this.blocks.push({ number, hash, time, events, state });
    return events;
  }

  /** Takes the newest blocks back; never final ones. */
  revert(depth: number): readonly NewEvent[] {
    const most = (this.head?.number ?? 0) - Math.max(this.finalized, 1);
    const count = Math.min(depth, most);
    if (count <= 0) return [];
    const taken = this.blocks.splice(-count).reverse();
    const ancestor = this.head;
    const oldest = taken.at(-1);
    if (ancestor === undefined || oldest === undefined || taken[0] === undefined) return [];
    return [
      this.event('BlocksReverted', {
        fromNumber: oldest.number,
        toNumber: taken[0].number,
        hashes: taken.map((block) => block.hash),
        ancestor: { number: ancestor.number, hash: ancestor.hash },
      }),
    ];
  }

  finalize(depth: number): readonly NewEvent[] {
    const block = this.blocks[this.blocks.length - 1 - depth];
    if (block === undefined || block.number <= this.finalized) return [];
    this.finalized = block.number;
    return [this.event('BlocksFinalized', { number: block.number, hash: block.hash })];
  }

  private event(
    type: ChainFact['type'],
    data: Record<string, unknown>,
    chain?: NonNullable<NewEvent['metadata']['chain']>,
  ): NewEvent {
    return {
      // Chains of the same randomness tell different events of the same things.
      id: `${this.random.uuid().slice(0, 28)}${this.chainId.toString(16).padStart(8, '0')}`,
      type,
      version: EVENT_VERSIONS[type],
      data: data as NewEvent['data'],
      metadata: {
        correlationId: 'simulation',
        causationId: null,
        actor: 'chain',
        ...(chain === undefined ? {} : { chain }),
      },
    };
  }
}

/** Whichever of ours emitted it, where nobody asks. */
const CONTRACT = `0x${'c0'.repeat(20)}`;

import { tagCalldata } from '@abland/chain';
import {
  type MadeBlock,
  makeBlockOf,
  type MadeTransaction,
  makeTransaction,
} from '@abland/chain/made-blocks';
import {
  copyOf,
  createToken,
  type Deed,
  emptyMarket,
  type Fact,
  marketDeed,
  type MarketState,
  openingMarket,
  openStrangersPool,
  PEOPLE,
} from '../market/market.js';
import type { SeededRandom } from '../seeded-random.js';
import { contractOf, emittedLog } from './market-contracts.js';

/** What its transactions call. */
export const CALLED = '0x12345678';

export interface SimulatedFact extends Fact {
  readonly txHash: string;
  /** Null for a transaction that was reverted. */
  readonly logIndex: number | null;
  /** The command that the transaction's calldata names. */
  readonly commandId: string | null;
}

export interface SimulatedBlock {
  readonly number: number;
  readonly hash: string;
  /** Seconds since the epoch. */
  readonly time: number;
  /** What a node says of it. */
  readonly made: MadeBlock;
  readonly facts: readonly SimulatedFact[];
  /** What the contracts hold after it. */
  readonly state: MarketState;
}

export interface SimulatedChainOptions {
  readonly chainId: number;
  readonly secondsABlock?: number;
  /** Transactions of a block, at most. */
  readonly transactionsMax?: number;
  /** Tokens that are created, at most. */
  readonly tokensMax?: number;
  /** Whether people open pools of tokens that the factory did not make. */
  readonly strangers?: boolean;
  /** Whether each block's state is kept: without it the chain takes no block back, and is long at little cost. */
  readonly keepsStates?: boolean;
}

const GENESIS_TIME = 1_700_000_000;
const NOTHING = `0x${'00'.repeat(32)}`;
const TAGGED_PART = 0.2;
const STRANGE_PART = 0.15;

/**
 * A chain full of random transactions of a market, with blocks as nodes tell them: hashes, bloom filters and receipts' roots
 * are those of what is in them. The same seed gives the same chain.
 */
export class SimulatedChain {
  /** As the chain is now. */
  readonly blocks: SimulatedBlock[] = [];
  /** What reorgs took back, oldest branch first, each with the blocks before it. */
  readonly branches: (readonly SimulatedBlock[])[] = [];
  readonly chainId: number;

  constructor(
    private readonly random: SeededRandom,
    private readonly options: SimulatedChainOptions,
  ) {
    this.chainId = options.chainId;
    this.add([]);
    this.add([openingMarket]);
  }

  get head(): SimulatedBlock {
    const head = this.blocks.at(-1);
    if (head === undefined) throw new RangeError('A chain without blocks');
    return head;
  }

  /** Adds blocks of random transactions. */
  mine(count = 1): void {
    for (let left = count; left > 0; left -= 1) {
      const count = this.random.below((this.options.transactionsMax ?? 4) + 1);
      const deeds = Array.from({ length: count }, () => marketDeed);
      const strange = this.options.strangers === true && this.random.chance(STRANGE_PART);
      this.add(strange ? [...deeds, openStrangersPool] : deeds);
    }
  }

  /** Takes the newest blocks back, but for the first two; others, one more than they were, are in their place. */
  reorganize(depthMax: number): void {
    const depth = Math.min(depthMax, this.blocks.length - 2);
    if (depth <= 0) return;
    this.branches.push([...this.blocks]);
    this.blocks.splice(-depth);
    this.mine(depth + 1);
  }

  /** Takes up a branch again that was taken back. */
  restore(branch: readonly SimulatedBlock[]): void {
    this.branches.push([...this.blocks]);
    this.blocks.splice(0, this.blocks.length, ...branch);
  }

  /** Adds a block of transactions, as far as they are possible now. */
  add(deeds: readonly Deed[]): void {
    const parent = this.blocks.at(-1);
    const number = (parent?.number ?? -1) + 1;
    const { keepsStates = true, secondsABlock = 12, tokensMax = 40 } = this.options;
    const before = parent?.state ?? emptyMarket();
    const state = keepsStates ? copyOf(before) : before;
    const transactions: MadeTransaction[] = [];
    const facts: SimulatedFact[] = [];
    let logIndex = 0;
    for (const act of deeds) {
      const chosen = act === marketDeed && state.balances.size < 2 ? createToken : act;
      if (chosen === createToken && state.balances.size >= tokensMax) continue;
      const done = chosen(state, this.random);
      if (done.length === 0) continue;
      const transaction = this.transactionOf(done);
      transactions.push(transaction);
      for (const fact of done) {
        const { commandId, hash: txHash, reverted } = transaction;
        facts.push({ ...fact, txHash, logIndex: reverted ? null : logIndex++, commandId });
      }
    }
    const time = GENESIS_TIME + number * secondsABlock;
    const parentHash = parent?.hash ?? NOTHING;
    const made = makeBlockOf({ number, parentHash, time, stateRoot: this.random.hash(), transactions });
    this.blocks.push({ number, hash: String(made.header['hash']), time, made, facts, state });
  }

  private transactionOf(
    done: readonly Fact[],
  ): MadeTransaction & { readonly commandId: string | null; readonly reverted: boolean } {
    const [reverted] = done.filter(({ type }) => type === 'TransactionFailed');
    const last = done.at(-1);
    const to = last === undefined || reverted !== undefined ? undefined : contractOf(last);
    const ofOurs = reverted !== undefined || last?.type !== 'Transfer';
    const commandId = ofOurs && this.random.chance(TAGGED_PART) ? this.random.uuid() : null;
    return makeTransaction({
      salt: this.random.hash(),
      from: String(reverted?.data['from'] ?? this.random.pick(PEOPLE)),
      to: String(reverted?.data['to'] ?? to),
      input: commandId === null ? CALLED : tagCalldata(CALLED, commandId),
      logs: reverted === undefined ? done.map(emittedLog) : [],
      reverted: reverted !== undefined,
      commandId,
    });
  }
}

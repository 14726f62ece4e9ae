import { MemoryEventStore } from '@abland/event-store';
import type { NewEvent, Running } from '@abland/kernel';
import { SeededRandom } from '@abland/testing/seeded-random';
import {
  addLiquidity,
  createPool,
  createToken,
  type Deed,
  PEOPLE,
  swap,
  transfer,
} from '@abland/testing/market';
import { ProjectionBench } from './projection-bench.js';
import { CHAIN_ID, SimulatedChain } from './simulated-chain.js';
import { asked, ASKS, simulatedRequest } from './simulated-requests.js';
import { newEvent } from './told-events.js';

/** A market that is followed while it changes: blocks that come in parts, reorgs, finality, requests at every stage. */
export class ChangingMarket {
  readonly chain: SimulatedChain;
  private readonly random: SeededRandom;
  /** Facts of the newest block that are not told yet. */
  private rest: readonly NewEvent[] = [];
  /** Requests that nothing came of so far, and the transactions told for them. */
  private readonly open = new Map<string, string | null>();
  private acts = 0;
  private running: Running | null = null;

  private constructor(
    readonly bench: ProjectionBench,
    seed: number,
  ) {
    this.random = new SeededRandom(seed);
    this.chain = new SimulatedChain(new SeededRandom(seed), 1);
  }

  /** @param journalKeptMs absent: as by default */
  static async open(seed: number, batchSize: number, journalKeptMs?: number): Promise<ChangingMarket> {
    const market = new ChangingMarket(await ProjectionBench.open(new MemoryEventStore()), seed);
    const busy = [createToken, createPool, transfer, swap, addLiquidity].flatMap((act) => [act, act, act]);
    for (let block = 0; block < 8; block += 1) await market.mine(busy);
    for (let index = 0; index < 12; index += 1) await market.ask();
    market.running = market.bench.start({
      ...{ batchSize, clock: () => market.now * 1_000 },
      ...(journalKeptMs === undefined ? {} : { journalKeptMs }),
    });
    await market.level();
    return market;
  }

  /** Of the chain: seconds since the epoch. */
  get now(): number {
    return this.chain.head?.time ?? 0;
  }

  /** Some things happen. Returns the oldest block that was taken back, else null. */
  async change(): Promise<number | null> {
    let oldest: number | null = null;
    for (let acts = 1 + this.random.below(4); acts > 0; acts -= 1) {
      const turn = this.random.below(10);
      if (turn < 6) await this.mine(undefined, this.random.chance(0.3));
      else if (turn < 7) await this.tell(this.chain.stream, this.chain.finalize(4));
      else if (turn < 8) oldest = Math.min(oldest ?? Infinity, (await this.revert()) ?? Infinity);
      else await this.ask();
    }
    await this.level();
    return oldest === Infinity ? null : oldest;
  }

  async level(): Promise<void> {
    await this.bench.level(this.running ?? undefined);
  }

  /** Nobody follows it any more. */
  async stop(): Promise<void> {
    await this.running?.stop();
  }

  close(): Promise<void> {
    return this.bench.close();
  }

  /** @param inParts the last facts of the block are told with what comes next */
  private async mine(deeds?: readonly Deed[], inParts = false): Promise<void> {
    const waiting = [...this.open].find(([, txHash]) => txHash !== null);
    const txHash = waiting?.[1] ?? null;
    // Blocks of one number have different times on different branches.
    const time = this.chain.head === undefined ? null : this.now + 1 + this.random.below(3);
    const mined = this.chain.mine(deeds, [], time);
    const events = txHash === null ? mined : mined.map((event) => ofTransaction(event, txHash));
    if (waiting !== undefined) this.open.delete(waiting[0]);
    const told = inParts ? Math.ceil(events.length / 2) : events.length;
    await this.tell(this.chain.stream, events.slice(0, told));
    this.rest = events.slice(told);
  }

  private async revert(): Promise<number | null> {
    const events = this.chain.revert(1 + this.random.below(3));
    await this.tell(this.chain.stream, events);
    return events.length === 0 ? null : (this.chain.head?.number ?? 0) + 1;
  }

  private async ask(): Promise<void> {
    this.acts += 1;
    for (const { stream, events } of simulatedRequest(this.random, this.acts, CHAIN_ID)) {
      await this.tell(stream, events);
    }
    const told = [...this.open].find(([, txHash]) => txHash === null);
    if (told !== undefined) {
      const [commandId] = told;
      const txHash = this.random.hash();
      this.open.set(commandId, txHash);
      const data = { commandId, chainId: CHAIN_ID, txHash };
      await this.tell(`request-${commandId}`, [newEvent(this.random.uuid(), 'RequestSubmitted', data)]);
    }
    const commandId = this.random.uuid();
    this.open.set(commandId, null);
    const requestedAt = new Date(1_700_000_000_000 + this.acts * 1_000).toISOString();
    const header = { commandId, chainId: CHAIN_ID, requester: this.random.pick(PEOPLE), requestedAt };
    const data = asked(header, ASKS.SwapRequested);
    await this.tell(`request-${commandId}`, [newEvent(this.random.uuid(), 'SwapRequested', data)]);
  }

  private async tell(stream: string, events: readonly NewEvent[]): Promise<void> {
    if (stream === this.chain.stream && this.rest.length > 0) {
      await this.bench.store.append(stream, this.rest, 'any');
      this.rest = [];
    }
    if (events.length > 0) await this.bench.store.append(stream, events, 'any');
  }
}

/** A fact of a transaction as one of the given transaction. */
export function ofTransaction(event: NewEvent, txHash: string): NewEvent {
  const { chain } = event.metadata;
  if (chain === undefined || chain.txHash === null || event.type === 'TransactionFailed') return event;
  return { ...event, metadata: { ...event.metadata, chain: { ...chain, txHash } } };
}

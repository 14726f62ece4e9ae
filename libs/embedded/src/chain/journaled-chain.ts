import type { ContractAddresses } from '@abland/contracts';
import { Transaction } from 'ethers';
import type { Clock } from '@abland/kernel';
import type { EthereumProvider } from 'hardhat/types/providers';
import { mineBlock, readHead, type Head } from './block-source.js';
import { nextBlockTime } from './chain-time.js';
import { ChainStoppedError, RpcError } from './errors.js';
import { BLOCK_GAS_LIMIT } from './evm.js';
import type { JournalFile } from './journal-file.js';
import type { ChainRecord } from './journal-records.js';
import type { ReplayedState } from './replay.js';

type WithoutParent<Record> = Record extends ChainRecord ? Omit<Record, 'parent'> : never;

interface PendingTransaction {
  readonly raw: string;
  readonly gasLimit: bigint;
  readonly resolve: (hash: string) => void;
  readonly reject: (error: unknown) => void;
}

interface Exclusive {
  readonly run: () => Promise<void>;
  readonly reject: (error: unknown) => void;
}

type Work = { readonly transaction: PendingTransaction } | { readonly exclusive: Exclusive };

const SNAPSHOT_ID = /^0x[0-9a-f]{1,16}$/;
/** The end of the year 9999. */
const TIME_MAX_SECONDS = 253_402_300_799;

/**
 * The chain's only writer. Everything that changes it is executed one after the other, each on disk before it is
 * executed. Transactions that arrive while a block is being made go into the next one together.
 */
export class JournaledChain {
  readonly #queue: Work[] = [];
  #working: Promise<void> | null = null;
  #failure: unknown = null;
  #state: ReplayedState;

  constructor(
    private readonly provider: EthereumProvider,
    private readonly journal: JournalFile,
    private readonly clock: Clock,
    state: ReplayedState,
    private readonly listeners: {
      readonly onBlock: () => void;
      readonly onFailure: (error: unknown) => void;
    },
  ) {
    this.#state = state;
  }

  get state(): ReplayedState {
    return this.#state;
  }

  /** Resolves with the hash once the transaction is on disk and its block is made. A refused one leaves nothing. */
  async submitTransaction(raw: string): Promise<string> {
    const gasLimit = parseGasLimit(raw);
    return new Promise((resolve, reject) => {
      this.#enqueue({ transaction: { raw, gasLimit, resolve, reject } });
    });
  }

  /** A block at once, empty where nothing waits. A time given moves the chain's clock there. */
  mine(timeSeconds?: number): Promise<Head> {
    return this.#exclusively(async () => {
      if (timeSeconds !== undefined) {
        if (timeSeconds <= this.#state.newestTime || timeSeconds > TIME_MAX_SECONDS) {
          throw new RpcError(-32602, `Timestamp ${timeSeconds} is not after ${this.#state.newestTime}`);
        }
        await this.#setClockOffset(timeSeconds - this.#wallSeconds());
      }
      return this.#mine([], timeSeconds ?? this.#nextTime());
    });
  }

  snapshot(): Promise<string> {
    return this.#exclusively(async () => {
      await this.#record({ kind: 'snapshot' });
      return (await this.provider.request({ method: 'evm_snapshot', params: [] })) as string;
    });
  }

  /** Takes the chain back to a snapshot; false where there is no such snapshot. */
  async revert(snapshot: string): Promise<boolean> {
    if (!SNAPSHOT_ID.test(snapshot)) throw new RpcError(-32602, `Not a snapshot id: ${snapshot}`);
    return this.#exclusively(async () => {
      await this.#record({ kind: 'revert', snapshot });
      const reverted = await this.provider.request({ method: 'evm_revert', params: [snapshot] });
      this.#state = { ...this.#state, head: await readHead(this.provider), emptyBlocks: 0 };
      this.listeners.onBlock();
      return reverted as boolean;
    });
  }

  /** Moves the chain's clock ahead; gives the whole offset to the wall clock in seconds. */
  increaseTime(seconds: number): Promise<number> {
    return this.#exclusively(async () => {
      const offset = this.#state.clockOffsetSeconds + seconds;
      if (seconds < 0 || this.#wallSeconds() + offset > TIME_MAX_SECONDS) {
        throw new RpcError(-32602, `Cannot move the chain's clock by ${seconds} seconds`);
      }
      await this.#setClockOffset(offset);
      return this.#state.clockOffsetSeconds;
    });
  }

  recordDeployment(contracts: ContractAddresses): Promise<void> {
    return this.#exclusively(async () => {
      await this.#record({ kind: 'deployment', contracts });
      this.#state = { ...this.#state, contracts };
    });
  }

  /** Refuses what waits and what comes, and returns when the work in hand is done. */
  async stop(): Promise<void> {
    this.#failure ??= new ChainStoppedError('The embedded chain is stopping');
    await this.#working;
  }

  #exclusively<Result>(run: () => Promise<Result>): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.#enqueue({ exclusive: { run: () => run().then(resolve), reject } });
    });
  }

  #enqueue(work: Work): void {
    this.#queue.push(work);
    this.#working ??= this.#work();
  }

  async #work(): Promise<void> {
    // What arrives in the same turn of the event loop shares a block.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.#queue.length > 0) {
      const batch = this.#nextBatch();
      if (batch.length === 0) await this.#runExclusive();
      else await this.#mineTransactions(batch);
    }
    this.#working = null;
  }

  /** The transactions at the front of the queue that fit into one block; none where something else comes first. */
  #nextBatch(): PendingTransaction[] {
    const batch: PendingTransaction[] = [];
    let gas = 0n;
    for (const work of this.#queue) {
      if (!('transaction' in work)) break;
      gas += work.transaction.gasLimit;
      if (batch.length > 0 && gas > BigInt(BLOCK_GAS_LIMIT)) break;
      batch.push(work.transaction);
    }
    this.#queue.splice(0, batch.length);
    return batch;
  }

  async #runExclusive(): Promise<void> {
    const work = this.#queue.shift();
    if (work === undefined || !('exclusive' in work)) return;
    if (this.#failure !== null) return work.exclusive.reject(this.#failure);
    try {
      await work.exclusive.run();
    } catch (error) {
      if (!(error instanceof RpcError)) this.#fail(error);
      work.exclusive.reject(error);
    }
  }

  async #mineTransactions(batch: readonly PendingTransaction[]): Promise<void> {
    if (this.#failure !== null) {
      for (const { reject } of batch) reject(this.#failure);
      return;
    }
    const pooled: { readonly transaction: PendingTransaction; readonly hash: string }[] = [];
    for (const transaction of batch) {
      try {
        const hash = await this.provider.request({
          method: 'eth_sendRawTransaction',
          params: [transaction.raw],
        });
        pooled.push({ transaction, hash: hash as string });
      } catch (error) {
        transaction.reject(error);
      }
    }
    if (pooled.length === 0) return;
    try {
      await this.#mine(
        pooled.map(({ transaction }) => transaction.raw),
        this.#nextTime(),
      );
      for (const { transaction, hash } of pooled) transaction.resolve(hash);
    } catch (error) {
      this.#fail(error);
      for (const { transaction } of pooled) transaction.reject(error);
    }
  }

  async #mine(transactions: readonly string[], time: number): Promise<Head> {
    await this.#record({ kind: 'block', time, transactions });
    const head = await mineBlock(this.provider, this.#state.head.hash, time);
    this.#state = {
      ...this.#state,
      head,
      newestTime: Math.max(this.#state.newestTime, time),
      emptyBlocks: head.transactions > 0 ? 0 : this.#state.emptyBlocks + 1,
    };
    this.listeners.onBlock();
    return head;
  }

  async #setClockOffset(offsetSeconds: number): Promise<void> {
    await this.#record({ kind: 'clock', offsetSeconds });
    this.#state = { ...this.#state, clockOffsetSeconds: offsetSeconds };
  }

  #record(record: WithoutParent<ChainRecord>): Promise<void> {
    return this.journal.append({ ...record, parent: this.#state.head.hash });
  }

  #wallSeconds(): number {
    return Math.floor(this.clock() / 1000);
  }

  #nextTime(): number {
    return nextBlockTime(this.#wallSeconds() + this.#state.clockOffsetSeconds, this.#state.newestTime);
  }

  /** The journal and the EVM may disagree from here on: only a restart, which replays the journal, is right. */
  #fail(error: unknown): void {
    if (this.#failure !== null) return;
    this.#failure = error;
    this.listeners.onFailure(error);
  }
}

function parseGasLimit(raw: string): bigint {
  try {
    return Transaction.from(raw).gasLimit;
  } catch (error) {
    throw new RpcError(-32602, `Not a raw transaction: ${(error as Error).message}`);
  }
}

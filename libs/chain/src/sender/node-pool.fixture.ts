import { makeError, Transaction } from 'ethers';
import { forwarderAnswer } from './sending.fixture.js';
import type { SendingProvider } from './sending-provider.js';

const saying = (message: string): Error =>
  Object.assign(new Error('could not coalesce'), { error: { message } });

/**
 * A node with a pool as geth's, for one account: a transaction below the base fee is taken and waits, those behind its nonce
 * wait too, and another takes its place for so many percent more of both fees. It mines when it is told to.
 */
export class NodePool {
  baseFee = 1_000n;
  tip = 1n;
  blockNumber = 100;
  /** Of the account, in wei. */
  balance = 10n ** 18n;
  /** What more another must offer to take a place. */
  percentMore = 10n;
  /** Some nodes take nothing that could not be mined now. */
  takesBelowBaseFee = true;
  tellsPrice = true;
  /** With less of a tip a transaction is passed over. */
  leastTip = 0n;
  /** What a mined transaction paid beside gas, in wei. */
  dataFee = 0n;
  beforeTaking: () => void = () => undefined;
  readonly mined: Transaction[] = [];
  /** Hashes of what it was handed, in order, with what it refused. */
  readonly handed: string[] = [];
  private readonly pool = new Map<number, Transaction>();

  get waiting(): readonly Transaction[] {
    return [...this.pool.values()].sort((one, other) => one.nonce - other.nonce);
  }

  /** A block with all that its base fee and the order of nonces let in. */
  mine(blocks = 1): void {
    this.blockNumber += blocks;
    for (let next = this.next(); next !== undefined; next = this.next()) {
      this.pool.delete(next.nonce);
      this.mined.push(next);
    }
  }

  /** As by a restart: what waits is gone. */
  forget(): void {
    this.pool.clear();
  }

  asProvider(): SendingProvider {
    const answers: Partial<Record<keyof SendingProvider, (...args: never[]) => unknown>> = {
      getTransactionCount: (_: string, tag: string) =>
        tag === 'pending' ? this.nextFree() : this.mined.length,
      getBlock: () => ({ number: this.blockNumber, baseFeePerGas: this.baseFee }),
      getFeeData: () => this.feeData(),
      getBalance: () => this.balance,
      estimateGas: () => 100_000n,
      call: ({ data }: { data: string }) => forwarderAnswer(data, 0n, true),
      broadcastTransaction: (raw: string) => this.take(Transaction.from(raw)),
      isKnown: (hash: string) => this.known(hash) !== null,
      dataFeeOf: (hash: string) => (this.mined.some((one) => one.hash === hash) ? this.dataFee : null),
      isMined: (hash: string) => this.mined.some((one) => one.hash === hash),
    };
    const asked = Object.entries(answers).map(([name, answer]) => [
      name,
      async (...args: never[]) => Promise.resolve(answer(...args)),
    ]);
    return Object.fromEntries(asked) as SendingProvider;
  }

  private nextFree(): number {
    let nonce = this.mined.length;
    while (this.pool.has(nonce)) nonce += 1;
    return nonce;
  }

  private feeData(): object {
    if (!this.tellsPrice) throw new Error('connect ECONNREFUSED');
    return { maxFeePerGas: this.baseFee * 2n + this.tip, maxPriorityFeePerGas: this.tip };
  }

  private next(): Transaction | undefined {
    const next = this.pool.get(this.mined.length);
    if (next === undefined) return undefined;
    const [most, tip] = feesOf(next);
    return most >= this.baseFee && tip >= this.leastTip ? next : undefined;
  }

  private known(hash: string): Transaction | null {
    return [...this.mined, ...this.pool.values()].find((one) => one.hash === hash) ?? null;
  }

  private take(transaction: Transaction): void {
    this.beforeTaking();
    this.handed.push(transaction.hash ?? '');
    const { nonce } = transaction;
    const before = this.pool.get(nonce);
    if (before?.hash === transaction.hash) throw saying('already known');
    if (nonce < this.mined.length) throw makeError('nonce too low', 'NONCE_EXPIRED', { transaction });
    if (!this.takesBelowBaseFee && feesOf(transaction)[0] < this.baseFee)
      throw saying('max fee per gas less than block base fee');
    if (before !== undefined && !this.outbids(transaction, before))
      throw makeError('replacement fee too low', 'REPLACEMENT_UNDERPRICED', { transaction });
    this.pool.set(nonce, transaction);
  }

  private outbids(transaction: Transaction, before: Transaction): boolean {
    const old = feesOf(before);
    return feesOf(transaction).every(
      (fee, index) =>
        fee > (old[index] ?? 0n) && fee * 100n >= (old[index] ?? 0n) * (100n + this.percentMore),
    );
  }
}

const feesOf = ({ maxFeePerGas, maxPriorityFeePerGas }: Transaction): readonly [bigint, bigint] => [
  maxFeePerGas ?? 0n,
  maxPriorityFeePerGas ?? 0n,
];

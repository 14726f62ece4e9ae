import type { Address } from '@abland/domain';
import { type Logger, Outages, type Timing } from '@abland/kernel';
import type { StandingTransaction } from './relayer-account.js';
import type { SendingProvider } from './sending-provider.js';

/** Why an account takes no new work while another can. */
export type SenderHindrance =
  /** Its balance does not pay one transaction beside those that wait. */
  | 'RELAYER_CANNOT_PAY'
  /** Its oldest transaction is not mined for a minute, or may not offer what it would have to. */
  | 'RELAYER_STUCK'
  /** As many of its transactions wait as may. */
  | 'RELAYER_FULL'
  /** Nobody gave us its key, and transactions of it wait. */
  | 'RELAYER_KEY_MISSING';

/** How an account of ours is, as it was looked at last. */
export interface SenderStatus {
  readonly relayer: Address;
  /** In decimal; null where the chain did not say. */
  readonly balanceWei: string | null;
  /** Recorded and not mined. */
  readonly waiting: number;
  /** For how long the oldest of these has been seen waiting; null where none waits. */
  readonly oldestWaitingMs: number | null;
  readonly hindrance: SenderHindrance | null;
}

/** Milliseconds after which it is told of a transaction that is not mined. */
const STANDING_MS_MAX = 60_000;
/** Transactions of an account that wait to be mined: beyond this nothing is signed, so that what is broadcast again has a bound. */
export const IN_FLIGHT_MAX = 64;

/** Of a relayed command, about. */
const USUAL_GAS = 300_000n;

interface SenderWatchOptions {
  readonly provider: Pick<SendingProvider, 'getBalance'>;
  readonly relayer: Address;
  readonly timing: Pick<Timing, 'now'>;
  readonly logger: Logger;
}

/** A transaction that there was to send and that an account's balance does not pay; all but the gas in wei. */
export interface Unpayable {
  readonly gas: bigint;
  /** The most that it may cost. */
  readonly price: bigint;
  readonly balance: bigint;
  /** The most that those may cost yet that wait to be mined, as far as they were looked at. */
  readonly committed?: bigint;
}

/** Sees how an account is, for whoever asks. */
export class SenderWatch {
  /** The lowest nonce that was not mined when it was looked last, and since when. */
  private oldest: { readonly nonce: number; readonly since: number } | null = null;
  private waiting = 0;
  private balance: bigint | null = null;
  /** The most that those may cost yet that wait, in wei, as they were looked at last. */
  private committed = 0n;
  /** What one transaction costs at most, in wei, as far as it is known. */
  private need = 0n;
  private gas = USUAL_GAS;
  /** Whether its oldest transaction would have to be replaced and may not. */
  isHeld = false;

  private readonly standing: Outages;
  private readonly unpayable: Outages;

  constructor(private readonly options: SenderWatchOptions) {
    const { logger } = options;
    const message = 'a transaction of ours is not mined, and holds back those after it';
    this.standing = new Outages({ logger, message });
    const cannotPay = 'the relayer account cannot pay for gas';
    this.unpayable = new Outages({ logger, message: cannotPay, level: 'error' });
  }

  status(): SenderStatus {
    const { relayer } = this.options;
    const balanceWei = this.balance?.toString() ?? null;
    const { oldestWaitingMs, waiting } = this;
    return { relayer, balanceWei, waiting, oldestWaitingMs, hindrance: this.hindrance() };
  }

  /**
   * One that is never mined holds back all after it: somebody should know.
   * @param committed the most that all of them may cost yet, in wei
   */
  see(waiting: readonly StandingTransaction[], committed: bigint): void {
    const { relayer, timing } = this.options;
    const [oldest] = waiting;
    this.waiting = waiting.length;
    this.committed = committed;
    const now = timing.now();
    if (oldest === undefined) {
      this.isHeld = false;
      return void (this.oldest = null);
    }
    const { nonce, txHash, commandId } = oldest.transaction;
    if (this.oldest?.nonce !== nonce) return void (this.oldest = { nonce, since: now });
    const waitingMs = now - this.oldest.since;
    if (waitingMs < STANDING_MS_MAX) return;
    const fields = { relayer, nonce, txHash, commandId, waitingMs };
    this.standing.note(null, fields, `${nonce}`);
  }

  /** As far as it was counted between two looks. */
  seeCount(waiting: number): void {
    this.waiting = waiting;
  }

  /** One that there was to send could not be paid. Until it can be, each is taken to need as much gas. */
  cannotPay({ balance, committed = 0n, gas, price }: Unpayable): void {
    this.balance = balance;
    this.committed = committed;
    this.gas = gas;
    this.need = price;
    this.unpayable.note(null, { relayer: this.options.relayer }, 'unpayable');
  }

  /**
   * @param fee that a transaction would offer now, in wei per gas
   * @param dataFee that must be there beside, in wei
   */
  seePrice(fee: bigint, dataFee: bigint): void {
    this.need = fee * this.gas + dataFee;
    if (this.paysAnother) this.gas = USUAL_GAS;
  }

  /** Never rejects: that it is not known is what is told then. */
  async askBalance(): Promise<void> {
    const { logger, provider, relayer } = this.options;
    try {
      this.balance = BigInt(await provider.getBalance(relayer));
    } catch (error) {
      this.balance = null;
      logger.debug({ err: error, relayer }, 'the balance of the sender is not known');
    }
  }

  private get paysAnother(): boolean {
    return this.balance !== null && this.balance >= this.committed + this.need;
  }

  private get oldestWaitingMs(): number | null {
    return this.oldest === null ? null : this.options.timing.now() - this.oldest.since;
  }

  private hindrance(): SenderHindrance | null {
    if (this.balance !== null && !this.paysAnother) return 'RELAYER_CANNOT_PAY';
    if (this.isHeld || (this.oldestWaitingMs ?? 0) >= STANDING_MS_MAX) return 'RELAYER_STUCK';
    return this.waiting >= IN_FLIGHT_MAX ? 'RELAYER_FULL' : null;
  }
}

import type { Address } from '@abland/domain';
import type { Clock, Logger } from '@abland/kernel';
import type { StandingTransaction } from './relayer-account.js';
import type { SendingProvider } from './sending-provider.js';

/** How the sender's account is, as it was looked at last. */
export interface SenderStatus {
  readonly relayer: Address;
  /** In decimal; null where the chain did not say. */
  readonly balanceWei: string | null;
  /** Recorded and not mined. */
  readonly waiting: number;
  /** For how long the oldest of these has been seen waiting; null where none waits. */
  readonly oldestWaitingMs: number | null;
}

/** Milliseconds after which it is told of a transaction that is not mined. */
const STANDING_MS_MAX = 60_000;

interface SenderWatchOptions {
  readonly provider: Pick<SendingProvider, 'getBalance'>;
  readonly relayer: Address;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Sees how the sender's account is, for whoever asks. */
export class SenderWatch {
  /** The lowest nonce that was not mined when it was looked last, and since when. */
  private oldest: { readonly nonce: number; readonly since: number } | null = null;
  private waiting = 0;
  private balanceWei: string | null = null;

  constructor(private readonly options: SenderWatchOptions) {}

  status(): SenderStatus {
    const { clock, relayer } = this.options;
    const oldestWaitingMs = this.oldest === null ? null : Math.max(0, clock() - this.oldest.since);
    return { relayer, balanceWei: this.balanceWei, waiting: this.waiting, oldestWaitingMs };
  }

  /** One that is never mined holds back all after it: somebody should know. */
  see(waiting: readonly StandingTransaction[]): void {
    const { clock, logger, relayer } = this.options;
    const [oldest] = waiting;
    this.waiting = waiting.length;
    const now = clock();
    if (oldest === undefined) return void (this.oldest = null);
    const { nonce, txHash, commandId } = oldest.transaction;
    if (this.oldest?.nonce !== nonce) return void (this.oldest = { nonce, since: now });
    const waitingMs = now - this.oldest.since;
    if (waitingMs < STANDING_MS_MAX) return;
    const fields = { relayer, nonce, txHash, commandId, waitingMs };
    logger.warn(fields, 'a transaction of ours is not mined, and holds back those after it');
  }

  /** Never rejects: that it is not known is what is told then. */
  async askBalance(): Promise<void> {
    const { logger, provider, relayer } = this.options;
    try {
      this.balanceWei = (await provider.getBalance(relayer)).toString();
    } catch (error) {
      this.balanceWei = null;
      logger.debug({ err: error, relayer }, 'the balance of the sender is not known');
    }
  }
}

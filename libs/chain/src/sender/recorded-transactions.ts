import { AblandError } from '@abland/kernel';
import type { Address } from '@abland/domain';
import { broadcast } from './broadcast.js';
import { ChainUnavailableError, RelayerNonceMismatchError } from './errors.js';
import { mostOf, signedCall } from './price.js';
import { reasonOf } from './reason.js';
import type { RelayerAccount, StandingTransaction } from './relayer-account.js';
import type { SendingProvider } from './sending-provider.js';

type AskedProvider = Pick<
  SendingProvider,
  'broadcastTransaction' | 'getTransactionCount' | 'isKnown' | 'isMined'
>;

/** The most that transactions may cost, in wei. @param dataFee that of each beside gas, in wei */
export const committedBy = (waiting: readonly StandingTransaction[], dataFee: bigint): bigint =>
  waiting.reduce((sum, { transaction }) => sum + mostOf(signedCall(transaction.rawTransaction), dataFee), 0n);

/**
 * What an account recorded, handed to the chain in the order of nonces until it is mined. It needs no key: the bytes are in the log.
 * Nothing here may run twice at a time.
 */
export class RecordedTransactions {
  /** Nonces below this were given to the chain by this instance, or mined before. */
  private broadcastTo = 0;
  /** Nonces below this are mined, as far as it was asked. */
  minedTo = 0;

  constructor(
    private readonly account: RelayerAccount,
    private readonly provider: AskedProvider,
  ) {}

  get relayer(): Address {
    return this.account.address;
  }

  /**
   * Begins anew where the chain is now.
   * @throws RelayerNonceMismatchError where more is mined than the log knows
   */
  async skipMined(): Promise<void> {
    const [mined, next] = await Promise.all([this.transactionCount('latest'), this.account.nextRecorded()]);
    if (next !== null && mined > next) throw new RelayerNonceMismatchError(this.relayer, next, mined);
    this.skipTo(mined);
  }

  /** As `skipMined`, wherever the chain is. */
  async skipAllMined(): Promise<void> {
    this.skipTo(await this.transactionCount('latest'));
  }

  /** Asks how far the chain is, for what was recorded since. */
  async askMined(): Promise<number> {
    return (this.minedTo = await this.transactionCount('latest'));
  }

  /** What is not mined, in the order of nonces. */
  waiting(): Promise<readonly StandingTransaction[]> {
    return this.account.standingFrom(this.minedTo);
  }

  /** The most that what is not mined may cost yet, in wei. @param dataFee that of each beside gas, in wei */
  async committed(dataFee: bigint): Promise<bigint> {
    return committedBy(await this.waiting(), dataFee);
  }

  async broadcastUpTo(nonce: number): Promise<void> {
    if (this.broadcastTo <= nonce) await this.broadcast();
  }

  /** In order of their nonces: a chain takes none before those below it. */
  async broadcast(): Promise<void> {
    for (const standing of await this.account.standingFrom(this.broadcastTo)) {
      await broadcast(this.provider, standing);
      this.broadcastTo = standing.transaction.nonce + 1;
    }
  }

  private skipTo(mined: number): void {
    this.broadcastTo = mined;
    this.minedTo = mined;
  }

  /** @throws ChainUnavailableError, RpcUnavailableError where the chain does not say */
  async transactionCount(at: 'latest' | 'pending'): Promise<number> {
    try {
      return await this.provider.getTransactionCount(this.relayer, at);
    } catch (error) {
      if (error instanceof AblandError) throw error;
      const details = { relayer: this.relayer };
      throw new ChainUnavailableError(`The account's nonce is not known: ${reasonOf(error)}`, details, error);
    }
  }
}

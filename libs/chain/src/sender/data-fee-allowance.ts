import type { Logger } from '@abland/kernel';
import type { RelayerAccount } from './relayer-account.js';
import type { SendingProvider } from './sending-provider.js';

/** It follows what the chain below asks, and may have grown by as much until the next transaction is mined. */
const GROWTH = 2n;

interface DataFeeAllowanceOptions {
  readonly account: RelayerAccount;
  readonly provider: Pick<SendingProvider, 'dataFeeOf'>;
  readonly logger: Logger;
}

/** What a chain takes beside gas for the data of an account's transactions, as far as its own have shown. */
export class DataFeeAllowance {
  private lookedTo = 0;
  private newest = 0n;

  constructor(private readonly options: DataFeeAllowanceOptions) {}

  /** What must be there for the next one, in wei: nothing where none was mined, or the chain takes none. */
  get allowance(): bigint {
    return this.newest * GROWTH;
  }

  /**
   * Asks what the newest one paid that is mined. Never rejects: what is not told now is asked at the next look.
   * @param minedTo nonces below are mined
   */
  async look(minedTo: number): Promise<void> {
    if (minedTo === this.lookedTo || minedTo === 0) return;
    const { account, logger } = this.options;
    try {
      const [newest] = await account.standingFrom(minedTo - 1);
      const isOurs = newest?.transaction.nonce === minedTo - 1;
      const paid = isOurs ? await this.paidBy([newest.transaction.txHash, ...newest.replaced]) : null;
      if (paid !== null) this.newest = paid;
      this.lookedTo = minedTo;
    } catch (error) {
      logger.debug(
        { err: error, relayer: account.address },
        'not known what a transaction paid for its data',
      );
    }
  }

  /** By the one of them that is mined; null where none tells. */
  private async paidBy(hashes: readonly string[]): Promise<bigint | null> {
    for (const hash of hashes) {
      const paid = await this.options.provider.dataFeeOf(hash);
      if (paid !== null) return paid;
    }
    return null;
  }
}

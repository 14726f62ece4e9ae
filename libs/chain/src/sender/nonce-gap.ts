import type { Logger, Timing } from '@abland/kernel';
import type { ChainId } from '@abland/domain';
import type { Wallet } from 'ethers';
import { currentPrice, newFees } from './price.js';
import type { RecordedTransactions } from './recorded-transactions.js';
import type { SendingProvider } from './sending-provider.js';
import { signTransaction } from './sign-transaction.js';

export interface NonceGapOptions {
  readonly recorded: RecordedTransactions;
  readonly provider: SendingProvider;
  readonly wallet: Wallet;
  readonly chainId: ChainId;
  /** The most that a transaction may offer, in wei per gas. */
  readonly maxFeePerGas: bigint;
  readonly timing: Pick<Timing, 'now'>;
  readonly logger: Logger;
}

/** What was seen waiting for less may be on its way between two providers. */
const GAP_MS = 30_000;
/** Of a transfer. */
const GAS = 21_000n;

/**
 * Fills nonces below the first recorded one that nothing uses: what waited there when the account was taken into use was dropped,
 * and nothing of ours would ever be mined. Each gets a transfer of nothing to ourselves, which may be signed as often as it takes:
 * one of them is mined, and does nothing.
 */
export class NonceGap {
  private seen: { readonly nonce: number; readonly since: number } | null = null;

  constructor(private readonly options: NonceGapOptions) {}

  /** @param first the lowest recorded nonce that is not mined; null where all are */
  async look(first: number | null): Promise<void> {
    const { recorded, timing } = this.options;
    const { minedTo } = recorded;
    const isGap =
      first !== null && first > minedTo && (await recorded.transactionCount('pending')) === minedTo;
    if (!isGap) return void (this.seen = null);
    if (this.seen?.nonce !== minedTo) return void (this.seen = { nonce: minedTo, since: timing.now() });
    if (timing.now() - this.seen.since < GAP_MS) return;
    for (let nonce = minedTo; nonce < first; nonce += 1) await this.fill(nonce);
  }

  private async fill(nonce: number): Promise<void> {
    const { chainId, logger, maxFeePerGas, provider, wallet } = this.options;
    const fees = newFees(await currentPrice(provider), maxFeePerGas);
    const call = { to: wallet.address, data: '0x', value: 0n };
    const { txHash, rawTransaction } = await signTransaction(wallet, {
      call,
      gas: GAS,
      fees,
      chainId,
      nonce,
    });
    await provider.broadcastTransaction(rawTransaction);
    logger.warn({ relayer: wallet.address, nonce, txHash }, 'a nonce that nothing used is filled');
  }
}

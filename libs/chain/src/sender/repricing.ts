import type { ChainId, Hash } from '@abland/domain';
import { type Logger, Outages, type Timing } from '@abland/kernel';
import type { Wallet } from 'ethers';
import { RelayerFeeCappedError } from './errors.js';
import { judgeFees, type Wait } from './fee-rule.js';
import { currentPrice, type Fees, mostOf, type Price, type SignedCall, signedCall } from './price.js';
import type { RelayerAccount, StandingTransaction } from './relayer-account.js';
import type { SendingProvider } from './sending-provider.js';
import { signTransaction } from './sign-transaction.js';

export interface RepricingOptions {
  readonly account: RelayerAccount;
  readonly provider: SendingProvider;
  readonly wallet: Wallet;
  readonly chainId: ChainId;
  /** The most that a transaction may offer, in wei per gas. */
  readonly maxFeePerGas: bigint;
  /** What must be there beside gas for the data of a transaction, in wei. */
  readonly dataFee: () => bigint;
  readonly timing: Pick<Timing, 'now'>;
  readonly logger: Logger;
}

/** When a transaction was seen to wait first, by our time and by the chain's blocks. */
interface Seen {
  readonly since: number;
  readonly block: number;
}

/**
 * Replaces transactions that wait at fees that the chain has outgrown: the same call under the same nonce, dearer. They are
 * recorded and not broadcast: what is recorded is broadcast in the order of nonces, whoever recorded it.
 */
export class Repricing {
  /** What waited when it was looked last. */
  private seen: ReadonlyMap<Hash, Seen> = new Map();
  private foremost: Hash | null = null;
  private refused: Hash | null = null;
  private held = false;

  private readonly unknown: Outages;
  private readonly unpayable: Outages;
  private readonly capped: Outages;

  constructor(private readonly options: RepricingOptions) {
    const { logger } = options;
    this.unknown = new Outages({
      logger,
      message: 'not known what the chain asks for transactions that wait',
    });
    const message = 'the relayer account cannot pay for a dearer transaction';
    this.unpayable = new Outages({ logger, message, level: 'error' });
    this.capped = new Outages({ logger, message: 'a transaction of ours is not replaced' });
  }

  /** The node does not take it for what it offers: it is replaced at the next look. */
  tellRefused(txHash: Hash): void {
    this.refused = txHash;
  }

  /**
   * @param all what waits to be mined, in the order of nonces
   * @returns whether one of them should offer more than it may, or than there is
   */
  async look(all: readonly StandingTransaction[]): Promise<boolean> {
    const price = all.length === 0 ? null : await this.price();
    if (price === null) return this.held && all.length > 0;
    this.held = false;
    this.see(all, price.blockNumber);
    let before = 0n;
    for (const standing of all) {
      const most = await this.reprice(standing, price, before);
      // Where one cannot be replaced, dearer ones behind its nonce would not be mined either.
      if (most === null) break;
      before += most;
    }
    return this.held;
  }

  private async price(): Promise<Price | null> {
    try {
      return await currentPrice(this.options.provider);
    } catch (error) {
      this.unknown.note(error);
      return null;
    }
  }

  private see(all: readonly StandingTransaction[], block: number): void {
    const now = { since: this.options.timing.now(), block };
    const first = all[0]?.transaction.txHash ?? null;
    // Behind others it did not wait for the chain.
    const earlier = (txHash: Hash): Seen | undefined =>
      txHash === first && txHash !== this.foremost ? undefined : this.seen.get(txHash);
    this.seen = new Map(all.map(({ transaction: { txHash } }) => [txHash, earlier(txHash) ?? now]));
    this.foremost = first;
  }

  private waitOf(txHash: Hash, { blockNumber }: Price): Wait {
    const now = this.options.timing.now();
    const { since, block } = this.seen.get(txHash) ?? { since: now, block: blockNumber };
    const [foremost, refused] = [txHash === this.foremost, txHash === this.refused];
    return { ms: now - since, blocks: blockNumber - block, foremost, refused };
  }

  /**
   * @param before the most that those of lower nonces may cost, in wei: they are paid first
   * @returns the most that what stands now may cost, in wei; null where it should be replaced and cannot be
   */
  private async reprice(standing: StandingTransaction, price: Price, before: bigint): Promise<bigint | null> {
    const { txHash, rawTransaction } = standing.transaction;
    const signed = signedCall(rawTransaction);
    const wait = this.waitOf(txHash, price);
    const judged = judgeFees(signed.fees, price, wait, this.options.maxFeePerGas);
    switch (judged.outcome) {
      case 'STANDS':
        return mostOf(signed, this.options.dataFee());
      case 'CAPPED':
        this.held = true;
        this.tellCapped(standing, wait, new RelayerFeeCappedError(judged.least, judged.cap));
        return null;
      case 'RAISED':
        return this.replace(standing, { ...signed, fees: judged.fees }, before);
      default:
        return judged satisfies never;
    }
  }

  private async replace(
    standing: StandingTransaction,
    call: SignedCall,
    before: bigint,
  ): Promise<bigint | null> {
    const { account, chainId, dataFee, logger, provider, wallet } = this.options;
    const { nonce, commandId, txHash: replaces } = standing.transaction;
    const fields = { relayer: wallet.address, nonce, commandId, replaces, ...inDecimal(call.fees) };
    const most = mostOf(call, dataFee());
    if ((await provider.getBalance(wallet.address)) < before + most) {
      this.held = true;
      this.unpayable.note(null, fields, `${nonce}`);
      return null;
    }
    const dearer = await signTransaction(wallet, { ...call, chainId, nonce });
    if (!(await account.replace(standing, dearer))) return null; // another instance was first: looked at again
    logger.info({ ...fields, txHash: dearer.txHash }, 'a transaction of ours is replaced by a dearer one');
    return most;
  }

  private tellCapped(
    { transaction: { nonce, commandId, txHash } }: StandingTransaction,
    { ms: waitingMs }: Wait,
    { code, message, details }: RelayerFeeCappedError,
  ): void {
    const fields = { code, relayer: this.options.wallet.address, nonce, commandId, txHash, waitingMs };
    this.capped.note(null, { ...fields, ...details, reason: message }, `${nonce}`);
  }
}

/** As logs and events hold them. */
const inDecimal = ({ maxFeePerGas, maxPriorityFeePerGas }: Fees) => ({
  maxFeePerGas: String(maxFeePerGas),
  maxPriorityFeePerGas: String(maxPriorityFeePerGas),
});

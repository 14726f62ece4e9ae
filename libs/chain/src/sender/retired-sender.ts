import type { Address } from '@abland/domain';
import { type Clock, type EventStore, InTurn, type Logger, Outages, systemTiming } from '@abland/kernel';
import type { AuthorizedRelay } from './authorized-relay.js';
import { RecordedTransactions } from './recorded-transactions.js';
import type { SendOutcome } from './relay-sender.js';
import { RelayerAccount } from './relayer-account.js';
import { type SenderStatus, SenderWatch } from './sender-watch.js';
import type { SendingProvider } from './sending-provider.js';

export interface RetiredSenderOptions {
  readonly store: EventStore;
  readonly provider: SendingProvider;
  readonly chainId: number;
  readonly relayer: Address;
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * An account whose key we are not given any more. What it recorded is broadcast as it is until it is mined; it signs nothing, and
 * replaces nothing.
 */
export class RetiredSender {
  readonly relayer: Address;
  private readonly account: RelayerAccount;
  private readonly recorded: RecordedTransactions;
  private readonly watch: SenderWatch;
  private readonly inTurn = new InTurn();
  private readonly missed: Outages;

  constructor(private readonly options: RetiredSenderOptions) {
    const { chainId, logger, provider, relayer, store } = options;
    const message = 'transactions wait of an account whose key is not among RELAYER_PRIVATE_KEYS';
    this.missed = new Outages({ logger, message, level: 'error' });
    this.relayer = relayer;
    this.account = new RelayerAccount(store, chainId, relayer);
    this.recorded = new RecordedTransactions(this.account, provider);
    this.watch = new SenderWatch({ ...options, timing: systemTiming });
  }

  /** @throws ChainUnavailableError, RpcUnavailableError where the chain does not say how far it is */
  async open(): Promise<void> {
    this.account.forget();
    const waiting = await this.inTurn.run(() => this.look());
    if (waiting > 0) this.tell(waiting);
  }

  /** Its key is missed while something of it waits. */
  status(): SenderStatus {
    const status = this.watch.status();
    return { ...status, hindrance: status.waiting > 0 ? 'RELAYER_KEY_MISSING' : null };
  }

  /** Read from the log: whoever has its key may have signed. */
  async hasSigned({ commandId, authorizedAt }: AuthorizedRelay): Promise<boolean> {
    return (await this.account.findRecorded(commandId, authorizedAt)) !== null;
  }

  /** Of what it has signed alone. */
  async send({ commandId, authorizedAt }: AuthorizedRelay): Promise<SendOutcome> {
    const signed = await this.account.findRecorded(commandId, authorizedAt);
    if (signed === null) return { outcome: 'LATER', notBefore: this.options.clock() };
    await this.inTurn.run(() => this.recorded.broadcastUpTo(signed.nonce));
    return { outcome: 'SENT', txHash: signed.txHash };
  }

  async rebroadcast(): Promise<void> {
    await this.inTurn.run(async () => {
      const waiting = await this.look();
      await this.recorded.broadcast();
      if (waiting > 0) this.tell(waiting);
    });
  }

  /** How many of its transactions wait. Whoever has the account now may send from it what we do not know. */
  private async look(): Promise<number> {
    await this.recorded.skipAllMined();
    const waiting = await this.recorded.waiting();
    this.watch.see(waiting, 0n); // nothing more is signed for it
    await this.watch.askBalance();
    return waiting.length;
  }

  private tell(waiting: number): void {
    const fields = { code: 'RELAYER_KEY_MISSING', relayer: this.relayer, waiting };
    this.missed.note(null, fields, this.relayer);
  }
}

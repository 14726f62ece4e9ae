import {
  type Clock,
  type EventStore,
  handleCommand,
  InTurn,
  loadAggregate,
  type Logger,
  systemTiming,
  type Timing,
} from '@abland/kernel';
import {
  type Address,
  type ExpireRequest,
  type FailRequest,
  type Hash,
  type RecordRelayFailure,
  requestDecider,
  requestStream,
  type RequestState,
} from '@abland/domain';
import type { Wallet } from 'ethers';
import { v5 as uuidv5 } from 'uuid';
import type { AuthorizedRelay } from './authorized-relay.js';
import { DataFeeAllowance } from './data-fee-allowance.js';
import { RelayerContendedError, RelayerUnderpricedError } from './errors.js';
import { NonceGap } from './nonce-gap.js';
import { currentPrice, mostOf } from './price.js';
import { reasonOf } from './reason.js';
import { CANNOT_PAY, type ReadyRelay, RelayPreparation, type SignedRelay } from './relay-preparation.js';
import { committedBy, RecordedTransactions } from './recorded-transactions.js';
import { RelayerAccount } from './relayer-account.js';
import { Repricing } from './repricing.js';
import { isTooEarly, nextAttemptAt } from './retry-pause.js';
import type { SendingProvider } from './sending-provider.js';
import { IN_FLIGHT_MAX, type SenderStatus, SenderWatch, type Unpayable } from './sender-watch.js';
import { signTransaction } from './sign-transaction.js';

/** Never changes: ids of the events that the sender appends derive from it. */
const EVENT_ID_NAMESPACE = '6a0d9a0e-3f0c-4d0b-8a3a-0d8f6f2f6c11';

export interface RelaySenderOptions {
  readonly store: EventStore;
  readonly provider: SendingProvider;
  /** Signs for the relayer account; needs no provider of its own. */
  readonly wallet: Wallet;
  readonly chainId: number;
  readonly forwarder: Address;
  /** The most that a transaction may offer, in wei per gas. */
  readonly maxFeePerGas: bigint;
  /** The most gas that a transaction may take. */
  readonly gasMax: bigint;
  readonly clock: Clock;
  /** What waiting is measured by; absent: the machine's. */
  readonly timing?: Pick<Timing, 'now'>;
  readonly logger: Logger;
}

/** How often another instance may sign first before this one lets it be for now. */
const SIGN_ATTEMPTS_MAX = 5;

/** What a call of `send` came to; whatever it is, it is in the log. */
export type SendOutcome =
  | { readonly outcome: 'SENT'; readonly txHash: Hash }
  | { readonly outcome: 'REFUSED' }
  /** To be tried again, not before this time in milliseconds since the epoch. */
  | { readonly outcome: 'LATER'; readonly notBefore: number };

type Answer = RecordRelayFailure | FailRequest | ExpireRequest;

/**
 * Carries signed requests to one chain, each under one nonce at most: a transaction is recorded under its nonce before
 * it is broadcast, and what is recorded is broadcast again until it is mined, or replaced under its nonce where the chain
 * has outgrown its fees. Every step can be repeated after a crash.
 */
export class RelaySender {
  readonly relayer: Address;
  private readonly account: RelayerAccount;
  private readonly recorded: RecordedTransactions;
  private readonly preparation: RelayPreparation;
  private readonly repricing: Repricing;
  private readonly watch: SenderWatch;
  private readonly gap: NonceGap;
  private readonly dataFeeAllowance: DataFeeAllowance;
  private readonly inTurn = new InTurn();

  constructor(private readonly options: RelaySenderOptions) {
    const { chainId, provider, store, timing = systemTiming, wallet } = options;
    this.relayer = wallet.address;
    this.account = new RelayerAccount(store, chainId, this.relayer);
    this.recorded = new RecordedTransactions(this.account, provider);
    this.dataFeeAllowance = new DataFeeAllowance({ ...options, account: this.account });
    const dataFee = (): bigint => this.dataFeeAllowance.allowance;
    this.repricing = new Repricing({ ...options, timing, account: this.account, dataFee });
    this.watch = new SenderWatch({ ...options, timing, relayer: this.relayer });
    this.gap = new NonceGap({ ...options, timing, recorded: this.recorded });
    this.preparation = new RelayPreparation({
      ...options,
      relayer: this.relayer,
      dataFee,
      onUnpayable: (unpayable) => this.watch.cannotPay(unpayable),
    });
  }

  /**
   * Before the first `send`, and after another instance may have sent: since the log knows the account, nothing else may have sent
   * from it.
   * @throws RelayerNonceMismatchError
   * @throws ChainUnavailableError, RpcUnavailableError where the chain does not say
   */
  async open(): Promise<void> {
    this.account.forget();
    await this.inTurn.run(() => this.recorded.skipMined());
    await this.dataFeeAllowance.look(this.recorded.minedTo);
    await this.watch.askBalance();
  }

  /** As of the last `open` or `rebroadcast`. */
  status(): SenderStatus {
    return this.watch.status();
  }

  /**
   * Whether it recorded a transaction for a relay: then it is this sender's, for good.
   * @param isOpen whether it is open, and nobody else may sign for its account
   */
  async hasSigned({ commandId, authorizedAt }: AuthorizedRelay, isOpen: boolean): Promise<boolean> {
    const { account } = this;
    const found = isOpen
      ? account.find(commandId, authorizedAt)
      : account.findRecorded(commandId, authorizedAt);
    return (await found) !== null;
  }

  /**
   * Takes a relay as far as it can go now. Safe to call again at any time, also while the outcome of a call is unknown.
   * @throws ChainUnavailableError where a recorded transaction could not be broadcast
   */
  async send(relay: AuthorizedRelay): Promise<SendOutcome> {
    const { store, clock } = this.options;
    const signed = await this.account.find(relay.commandId, relay.authorizedAt);
    if (signed !== null) return this.broadcastUpTo(signed.nonce, signed.txHash);
    const { state } = await loadAggregate(store, requestDecider, requestStream(relay.commandId));
    const awaited = awaitedRelay(state);
    if (awaited === null) return { outcome: 'REFUSED' };
    const now = clock();
    const notBefore = awaited.retryAt === null ? now : Date.parse(awaited.retryAt);
    if (isTooEarly(now, notBefore) && relay.ignorePause !== true) return { outcome: 'LATER', notBefore };
    if (now > awaited.forward.deadline * 1_000)
      return this.unlessSigned(relay, () => this.expire(relay, now));
    const prepared = await this.preparation.prepare(relay, awaited);
    switch (prepared.outcome) {
      case 'READY':
        return this.sign(relay, awaited, prepared);
      case 'REFUSED':
        return this.unlessSigned(relay, () => this.refuse(relay, prepared));
      case 'NOT_YET':
        return this.unlessSigned(relay, () => this.failAttempt(relay, awaited, prepared.reason));
    }
  }

  /**
   * Replaces what waits at fees that the chain has outgrown, and broadcasts everything recorded that is not mined, whatever was
   * broadcast before.
   * @throws ChainUnavailableError, RelayerUnderpricedError where the chain did not take all of it
   */
  async rebroadcast(): Promise<void> {
    await this.inTurn.run(async () => {
      await this.recorded.skipMined();
      const waiting = await this.recorded.waiting();
      await this.dataFeeAllowance.look(this.recorded.minedTo);
      this.watch.see(waiting, committedBy(waiting, this.dataFeeAllowance.allowance));
      await this.askWhatItPays();
      this.watch.isHeld = await this.repricing.look(waiting);
      await this.handing(() => this.recorded.broadcast());
      await this.gap.look(waiting[0]?.transaction.nonce ?? null);
    });
  }

  /** Its balance, and whether that pays one transaction as they are now. */
  private async askWhatItPays(): Promise<void> {
    const { logger, maxFeePerGas, provider } = this.options;
    await this.watch.askBalance();
    try {
      const { maxFeePerGas: advised } = (await currentPrice(provider)).fees;
      const { allowance } = this.dataFeeAllowance;
      this.watch.seePrice(advised < maxFeePerGas ? advised : maxFeePerGas, allowance);
    } catch (error) {
      logger.debug({ err: error, relayer: this.relayer }, 'not known what a transaction costs');
    }
  }

  private async sign(relay: AuthorizedRelay, signed: SignedRelay, ready: ReadyRelay): Promise<SendOutcome> {
    const { commandId, correlationId, authorizedAt } = relay;
    // One at a time: the nonce is the account's next.
    const recorded = await this.inTurn.run(async () => {
      for (let attempt = 1; attempt <= SIGN_ATTEMPTS_MAX; attempt += 1) {
        const earlier = await this.account.find(commandId, authorizedAt);
        if (earlier !== null) return earlier;
        const nonce = (await this.account.nextNonce(authorizedAt)) ?? (await this.firstNonce());
        const hindrance = await this.hindranceOf(nonce, ready);
        if (hindrance !== null) return hindrance;
        const { chainId, wallet } = this.options;
        const transaction = await signTransaction(wallet, { ...ready, chainId, nonce });
        const data = { chainId, relayer: this.relayer, nonce, commandId, ...transaction, replaces: null };
        if (await this.account.record(data, { correlationId, causationId: commandId })) return data;
      }
      throw new RelayerContendedError(this.relayer);
    });
    if (typeof recorded === 'string') return this.failAttempt(relay, signed, recorded);
    return this.broadcastUpTo(recorded.nonce, recorded.txHash);
  }

  /** Why the account takes no other transaction now; null where it does. */
  private async hindranceOf(nonce: number, ready: ReadyRelay): Promise<string | null> {
    if (await this.isFull(nonce)) return `${IN_FLIGHT_MAX} transactions wait to be mined`;
    try {
      return (await this.canPay(nonce, ready)) ? null : CANNOT_PAY;
    } catch (error) {
      return reasonOf(error);
    }
  }

  /** Whether the balance, which pays it alone, pays a transaction beside all that wait: nodes take none that it does not. */
  private async canPay(nonce: number, ready: ReadyRelay): Promise<boolean> {
    if (nonce <= this.recorded.minedTo || (await this.unpayable(ready)) === null) return true;
    // Some may be mined since it was asked, and are taken off the balance already.
    await this.recorded.askMined();
    const unpayable = await this.unpayable(ready);
    if (unpayable !== null) this.watch.cannotPay(unpayable);
    return unpayable === null;
  }

  /** Null where its balance pays it beside what waits, as far as that is known to wait. */
  private async unpayable(ready: ReadyRelay): Promise<Unpayable | null> {
    const { allowance } = this.dataFeeAllowance;
    const price = mostOf(ready, allowance);
    const committed = await this.recorded.committed(allowance);
    // After what waits: one that is mined in between counts twice, never not at all.
    const balance = await this.options.provider.getBalance(this.relayer);
    return balance >= committed + price ? null : { gas: ready.gas, price, balance, committed };
  }

  private async isFull(nonce: number): Promise<boolean> {
    const waiting = nonce - this.recorded.minedTo;
    if (waiting < IN_FLIGHT_MAX) return false;
    const waitingNow = nonce - (await this.recorded.askMined());
    this.watch.seeCount(waitingNow);
    return waitingNow >= IN_FLIGHT_MAX;
  }

  /**
   * While this instance was frozen or did not lead, another may have signed and sent the relay: its own transaction, recorded
   * before anybody heard of it, is why the chain refuses the request now.
   */
  private async unlessSigned(
    { commandId, authorizedAt }: AuthorizedRelay,
    giveUp: () => Promise<SendOutcome>,
  ): Promise<SendOutcome> {
    const signed = await this.account.findRecorded(commandId, authorizedAt);
    return signed === null ? giveUp() : this.broadcastUpTo(signed.nonce, signed.txHash);
  }

  private async broadcastUpTo(nonce: number, txHash: Hash): Promise<SendOutcome> {
    await this.inTurn.run(() => this.handing(() => this.recorded.broadcastUpTo(nonce)));
    return { outcome: 'SENT', txHash };
  }

  private async handing(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (error instanceof RelayerUnderpricedError) this.repricing.tellRefused(error.txHash);
      throw error;
    }
  }

  /** The account may have been used before the log knew it: whatever was sent then, mined or waiting, comes first. */
  private firstNonce(): Promise<number> {
    return this.recorded.transactionCount('pending');
  }

  private async refuse(
    relay: AuthorizedRelay,
    { code, reason }: { readonly code: string; readonly reason: string },
  ): Promise<SendOutcome> {
    await this.answer(relay, { type: 'FailRequest', code, reason }, 'refusal');
    this.options.logger.info({ commandId: relay.commandId, code, reason }, 'relay refused');
    return { outcome: 'REFUSED' };
  }

  private async expire(relay: AuthorizedRelay, now: number): Promise<SendOutcome> {
    const at = new Date(now).toISOString();
    await this.answer(relay, { type: 'ExpireRequest', at, clock: 'OURS' }, 'expiry');
    this.options.logger.info({ commandId: relay.commandId }, 'relay expired');
    return { outcome: 'REFUSED' };
  }

  private async failAttempt(
    relay: AuthorizedRelay,
    { failures, forward }: SignedRelay,
    reason: string,
  ): Promise<SendOutcome> {
    const attempt = failures + 1;
    const notBefore = nextAttemptAt(this.options.clock(), attempt, forward.deadline * 1_000);
    const retryAt = new Date(notBefore).toISOString();
    await this.answer(relay, { type: 'RecordRelayFailure', attempt, reason, retryAt }, `attempt/${attempt}`);
    return { outcome: 'LATER', notBefore };
  }

  private async answer(relay: AuthorizedRelay, command: Answer, step: string): Promise<void> {
    const { commandId, correlationId } = relay;
    await handleCommand(this.options.store, requestDecider, requestStream(commandId), command, {
      metadata: { correlationId, causationId: commandId, actor: `relayer:${this.relayer}` },
      eventId: (index) => uuidv5(`${commandId}/${step}/${index}`, EVENT_ID_NAMESPACE),
    });
  }
}

/** The signed request that waits to be sent; null where none does. */
function awaitedRelay(state: RequestState): SignedRelay | null {
  return state.status === 'ACCEPTED' && state.relay?.status === 'AUTHORIZED' ? state.relay : null;
}

import {
  AblandError,
  type Clock,
  type EventStore,
  handleCommand,
  loadAggregate,
  type Logger,
  type Position,
} from '@abland/kernel';
import {
  type Address,
  type ExpireRequest,
  type FailRequest,
  type Hash,
  type RecordRelayFailure,
  type Relay,
  requestDecider,
  requestStream,
  type RequestState,
  type Uuid,
} from '@abland/domain';
import type { Wallet } from 'ethers';
import { v5 as uuidv5 } from 'uuid';
import { broadcast } from './broadcast.js';
import { ChainUnavailableError, RelayerNonceMismatchError } from './errors.js';
import { Forwarder, type Simulation } from './forwarder.js';
import { reasonOf } from './reason.js';
import { RelayerAccount } from './relayer-account.js';
import { nextAttemptAt } from './retry-pause.js';
import type { SendingProvider } from './sending-provider.js';
import { Serial } from './serial.js';
import { currentFees, type Fees, signTransaction } from './sign-transaction.js';

/** Never changes: ids of the events that the sender appends derive from it. */
const EVENT_ID_NAMESPACE = '6a0d9a0e-3f0c-4d0b-8a3a-0d8f6f2f6c11';

export const REFUSED_BY_SIMULATION = 'REFUSED_BY_SIMULATION';

export interface RelaySenderOptions {
  readonly store: EventStore;
  readonly provider: SendingProvider;
  /** Signs for the relayer account; needs no provider of its own. */
  readonly wallet: Wallet;
  readonly chainId: number;
  readonly forwarder: Address;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** A relayed command that its user has signed. */
export interface AuthorizedRelay {
  readonly commandId: Uuid;
  readonly correlationId: string;
  /** Position of its RelayAuthorized or any earlier one of its own: nothing can have been signed for it before. */
  readonly authorizedAt: Position;
  /** What an earlier attempt waited for has come. */
  readonly ignorePause?: boolean;
}

/** What a call of `send` came to; whatever it is, it is in the log. */
export type SendOutcome =
  | { readonly outcome: 'SENT'; readonly txHash: Hash }
  | { readonly outcome: 'REFUSED' }
  /** To be tried again, not before this time in milliseconds since the epoch. */
  | { readonly outcome: 'LATER'; readonly notBefore: number };

type Authorized = Extract<Relay, { status: 'AUTHORIZED' }>;
type Answer = RecordRelayFailure | FailRequest | ExpireRequest;
type ReadyToSign = Extract<Simulation, { outcome: 'READY' }> & { readonly fees: Fees };
type Prepared = ReadyToSign | Exclude<Simulation, { outcome: 'READY' }>;

/**
 * Carries signed requests to one chain, each under one nonce at most: a transaction is recorded under its nonce before
 * it is broadcast, and what is recorded is only ever broadcast again. Every step can be repeated after a crash.
 */
export class RelaySender {
  readonly relayer: Address;
  private readonly account: RelayerAccount;
  private readonly forwarder: Forwarder;
  private readonly serial = new Serial();
  /** Nonces below this were given to the chain by this instance, or mined before. */
  private broadcastTo = 0;

  constructor(private readonly options: RelaySenderOptions) {
    const { chainId, forwarder, provider, store, wallet } = options;
    this.relayer = wallet.address;
    this.account = new RelayerAccount(store, chainId, this.relayer);
    this.forwarder = new Forwarder(provider, forwarder, this.relayer);
  }

  /**
   * Before the first `send`: since the log knows the account, nothing else may have sent from it.
   * @throws RelayerNonceMismatchError
   * @throws ChainUnavailableError, RpcUnavailableError where the chain does not say
   */
  async open(): Promise<void> {
    await this.serial.run(() => this.skipMined());
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
    if (notBefore > now && relay.ignorePause !== true) return { outcome: 'LATER', notBefore };
    if (now > awaited.forward.deadline * 1_000)
      return this.unlessSigned(relay, () => this.expire(relay, now));
    const prepared = await this.prepare(relay.commandId, awaited);
    switch (prepared.outcome) {
      case 'READY':
        return this.sign(relay, prepared);
      case 'REFUSED':
        return this.unlessSigned(relay, () => this.refuse(relay, prepared.reason));
      case 'NOT_YET':
        return this.unlessSigned(relay, () => this.failAttempt(relay, awaited, prepared.reason));
    }
  }

  /** Broadcasts everything recorded that is not mined, whatever was broadcast before. */
  async rebroadcast(): Promise<void> {
    await this.serial.run(async () => {
      await this.skipMined();
      await this.broadcastRecorded();
    });
  }

  private async prepare(commandId: Uuid, { forward, signature }: Authorized): Promise<Prepared> {
    try {
      const [simulation, fees] = await Promise.all([
        this.forwarder.simulate({ commandId, request: forward, signature }),
        currentFees(this.options.provider),
      ]);
      return simulation.outcome === 'READY' ? { ...simulation, fees } : simulation;
    } catch (error) {
      this.options.logger.warn({ err: error, commandId }, 'relay not simulated');
      return { outcome: 'NOT_YET', reason: reasonOf(error) };
    }
  }

  private async sign(relay: AuthorizedRelay, ready: ReadyToSign): Promise<SendOutcome> {
    const { commandId, correlationId, authorizedAt } = relay;
    // One at a time: the nonce is the account's next.
    const recorded = await this.serial.run(async () => {
      for (;;) {
        const earlier = await this.account.find(commandId, authorizedAt);
        if (earlier !== null) return earlier;
        const nonce = (await this.account.nextNonce(authorizedAt)) ?? (await this.firstNonce());
        const { chainId, wallet } = this.options;
        const transaction = await signTransaction(wallet, { ...ready, chainId, nonce });
        const data = { chainId, relayer: this.relayer, nonce, commandId, ...transaction, replaces: null };
        if (await this.account.record(data, { correlationId, causationId: commandId })) return data;
      }
    });
    return this.broadcastUpTo(recorded.nonce, recorded.txHash);
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
    await this.serial.run(async () => {
      if (this.broadcastTo <= nonce) await this.broadcastRecorded();
    });
    return { outcome: 'SENT', txHash };
  }

  /** In order of their nonces: a chain takes none before those below it. */
  private async broadcastRecorded(): Promise<void> {
    for (const standing of await this.account.standingFrom(this.broadcastTo)) {
      await broadcast(this.options.provider, standing);
      this.broadcastTo = standing.transaction.nonce + 1;
    }
  }

  private async skipMined(): Promise<void> {
    const [mined, next] = await Promise.all([this.transactionCount('latest'), this.account.nextRecorded()]);
    if (next !== null && mined > next) throw new RelayerNonceMismatchError(this.relayer, next, mined);
    this.broadcastTo = mined;
  }

  /** The account may have been used before the log knew it: whatever was sent then, mined or waiting, comes first. */
  private firstNonce(): Promise<number> {
    return this.transactionCount('pending');
  }

  private async transactionCount(at: 'latest' | 'pending'): Promise<number> {
    try {
      return await this.options.provider.getTransactionCount(this.relayer, at);
    } catch (error) {
      if (error instanceof AblandError) throw error;
      const details = { relayer: this.relayer };
      throw new ChainUnavailableError(`The account's nonce is not known: ${reasonOf(error)}`, details, error);
    }
  }

  private async refuse(relay: AuthorizedRelay, reason: string): Promise<SendOutcome> {
    const code = REFUSED_BY_SIMULATION;
    await this.answer(relay, { type: 'FailRequest', code, reason }, 'refusal');
    this.options.logger.info({ commandId: relay.commandId, code, reason }, 'relay refused');
    return { outcome: 'REFUSED' };
  }

  private async expire(relay: AuthorizedRelay, now: number): Promise<SendOutcome> {
    await this.answer(relay, { type: 'ExpireRequest', at: new Date(now).toISOString() }, 'expiry');
    this.options.logger.info({ commandId: relay.commandId }, 'relay expired');
    return { outcome: 'REFUSED' };
  }

  private async failAttempt(
    relay: AuthorizedRelay,
    { failures, forward }: Authorized,
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
function awaitedRelay(state: RequestState): Authorized | null {
  return state.status === 'ACCEPTED' && state.relay?.status === 'AUTHORIZED' ? state.relay : null;
}

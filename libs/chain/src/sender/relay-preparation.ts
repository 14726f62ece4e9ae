import { DomainError, type EventStore, type Logger, Outages } from '@abland/kernel';
import type { Address, ChainId, Relay } from '@abland/domain';
import type { AuthorizedRelay } from './authorized-relay.js';
import { ForwardNonceBook } from './forward-nonce-book.js';
import { Forwarder, type Simulation } from './forwarder.js';
import { reasonOf } from './reason.js';
import { currentPrice, type Fees, mostOf, newFees, type Price } from './price.js';
import type { Unpayable } from './sender-watch.js';
import type { SendingProvider } from './sending-provider.js';

/** The contracts say no to the signed request, as it is and as the chain is now. */
export const REFUSED_BY_SIMULATION = 'REFUSED_BY_SIMULATION';
/** The forwarder executed another request under its nonce. */
export const RELAY_NONCE_USED = 'RELAY_NONCE_USED';
/** A request that was to be executed before it ended without being so. */
export const RELAY_NONCE_SKIPPED = 'RELAY_NONCE_SKIPPED';
/** It costs more than gas. */
export const RELAY_VALUE_REFUSED = 'RELAY_VALUE_REFUSED';
/** It takes more gas than we pay for at once. */
export const RELAY_GAS_REFUSED = 'RELAY_GAS_REFUSED';

/**
 * Looks at a used nonce before it is taken for another's: where somebody else executed this very request, the chain's facts
 * are about to confirm it. With the pauses between attempts, half a minute.
 */
const USED_ATTEMPTS = 5;

/** A receipt tells the approvals and what is to be signed at once: an approval may be on its way yet. */
const APPROVAL_AWAITED = /^ERC20InsufficientAllowance\b/;
/** With the pauses between them two minutes: whatever the signer asks for next waits as long. */
const APPROVAL_ATTEMPTS = 7;

/** Why a relay waits that no account pays now. */
export const CANNOT_PAY = 'our sender cannot pay for gas now';

export type SignedRelay = Extract<Relay, { status: 'AUTHORIZED' }>;
export type ReadyRelay = Extract<Simulation, { outcome: 'READY' }> & { readonly fees: Fees };
export type PreparedRelay =
  | ReadyRelay
  | { readonly outcome: 'NOT_YET'; readonly reason: string }
  | { readonly outcome: 'REFUSED'; readonly code: string; readonly reason: string };

export interface RelayPreparationOptions {
  readonly store: EventStore;
  readonly provider: SendingProvider;
  readonly chainId: ChainId;
  readonly forwarder: Address;
  readonly relayer: Address;
  /** The most that a transaction may offer, in wei per gas. */
  readonly maxFeePerGas: bigint;
  /** The most gas that a transaction may take. */
  readonly gasMax: bigint;
  /** What must be there beside gas for the data of a transaction, in wei. */
  readonly dataFee: () => bigint;
  readonly logger: Logger;
  /** Told of a transaction that the account's balance does not pay. */
  readonly onUnpayable: (unpayable: Unpayable) => void;
}

/** Finds out whether a signed request can be sent now, later, or never. */
export class RelayPreparation {
  private readonly forwarder: Forwarder;
  private readonly nonces: ForwardNonceBook;
  private readonly notSimulated: Outages;

  constructor(private readonly options: RelayPreparationOptions) {
    const { logger, provider, forwarder, relayer, store } = options;
    this.notSimulated = new Outages({ logger, message: 'relay not simulated' });
    this.forwarder = new Forwarder(provider, forwarder, relayer);
    this.nonces = new ForwardNonceBook(store);
  }

  /** Never throws: what could not be found out is tried again. */
  async prepare(relay: AuthorizedRelay, signed: SignedRelay): Promise<PreparedRelay> {
    const { commandId } = relay;
    const { forward, signature } = signed;
    if (forward.value !== '0') {
      const reason = `our sender pays gas, and no value (${forward.value} wei)`;
      return { outcome: 'REFUSED', code: RELAY_VALUE_REFUSED, reason };
    }
    try {
      const [simulation, price] = await Promise.all([
        this.forwarder.simulate({ commandId, request: forward, signature }),
        currentPrice(this.options.provider),
      ]);
      return await this.judge(relay, signed, simulation, price);
    } catch (error) {
      this.notSimulated.note(error, { commandId });
      return { outcome: 'NOT_YET', reason: reasonOf(error) };
    }
  }

  private judge(relay: AuthorizedRelay, signed: SignedRelay, simulation: Simulation, price: Price) {
    switch (simulation.outcome) {
      case 'READY':
        if (simulation.gas > this.options.gasMax) return this.tooMuch(simulation.gas);
        return this.payable(relay, signed, {
          ...simulation,
          fees: newFees(price, this.options.maxFeePerGas),
        });
      case 'WAITS':
        return this.awaitNonce(signed, simulation);
      case 'USED':
        return signed.failures < USED_ATTEMPTS
          ? ({ outcome: 'NOT_YET', reason: simulation.reason } as const)
          : ({ outcome: 'REFUSED', code: RELAY_NONCE_USED, reason: simulation.reason } as const);
      case 'REFUSED':
        return signed.failures < APPROVAL_ATTEMPTS && APPROVAL_AWAITED.test(simulation.reason)
          ? ({ outcome: 'NOT_YET', reason: simulation.reason } as const)
          : { ...simulation, code: REFUSED_BY_SIMULATION };
      default:
        return simulation satisfies never;
    }
  }

  private tooMuch(gas: bigint): PreparedRelay {
    const reason = `it takes ${gas} gas, and our sender pays for ${this.options.gasMax} at most`;
    return { outcome: 'REFUSED', code: RELAY_GAS_REFUSED, reason };
  }

  /** A transaction that the account cannot pay for would wait under its nonce, and all after it behind it. */
  private async payable(
    relay: AuthorizedRelay,
    signed: SignedRelay,
    ready: ReadyRelay,
  ): Promise<PreparedRelay> {
    const { dataFee, gasMax, maxFeePerGas, onUnpayable, provider, relayer } = this.options;
    const price = mostOf(ready, dataFee());
    const most = gasMax * maxFeePerGas;
    if (price > most) {
      const reason = `with ${dataFee()} wei for its data it may cost ${price}, and our sender pays ${most} at most`;
      return { outcome: 'NOT_YET', reason };
    }
    const balance = await provider.getBalance(relayer);
    if (balance >= price) return this.takeNonce(relay, signed, ready);
    onUnpayable({ gas: ready.gas, price, balance });
    return { outcome: 'NOT_YET', reason: CANNOT_PAY };
  }

  /** Two signed requests of one nonce are never both sent: the second waits for what becomes of the first. */
  private async takeNonce(
    { commandId, correlationId }: AuthorizedRelay,
    { forward }: SignedRelay,
    ready: ReadyRelay,
  ): Promise<PreparedRelay> {
    const { chainId, relayer } = this.options;
    const nonce = Number(forward.nonce);
    const asking = { chainId, signer: forward.from, commandId, correlationId, actor: `relayer:${relayer}` };
    try {
      await this.nonces.take({ ...asking, next: nonce }, nonce);
      return ready;
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      return {
        outcome: 'NOT_YET',
        reason: `nonce ${nonce} is another request's: ${JSON.stringify(error.details)}`,
      };
    }
  }

  private async awaitNonce(
    { forward }: SignedRelay,
    { next, reason }: Extract<Simulation, { outcome: 'WAITS' }>,
  ): Promise<PreparedRelay> {
    const signer = { chainId: this.options.chainId, signer: forward.from };
    const ended = await this.nonces.endedBefore(signer, Number(next), Number(forward.nonce));
    if (ended === null) return { outcome: 'NOT_YET', reason };
    const { nonce, commandId } = ended;
    return {
      outcome: 'REFUSED',
      code: RELAY_NONCE_SKIPPED,
      reason: `nonce ${nonce} was of command ${commandId}, which ended without being executed`,
    };
  }
}

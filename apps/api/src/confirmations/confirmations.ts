import { randomUUID } from 'node:crypto';
import { type UserCommand, userDecider, userStream } from '@abland/domain';
import { type Clock, type EventStore, handleCommand } from '@abland/kernel';
import { ApiError } from '../errors/api-error.js';
import { eventIds, idOf } from '../recording/identity.js';
import type { KnownUsers } from '../sessions/known-users.js';
import type { IsSignedByContract } from '../wallets/contract-wallets.js';
import type { Nonces } from '../wallets/nonces.js';
import { type AskedAct, type Confirmation, parseConfirmation, SignedAct } from './signed-act.js';

/**
 * Whose acts are confirmed: of a person, where they turned it on; of an operator, also where the deployment asks it of all of them; and
 * always, of turning it on and off.
 */
export type ConfirmedBy = 'PERSON' | 'OPERATOR' | 'EVERYBODY';

/** An act, and what came with it. */
export interface PresentedAct extends AskedAct {
  /** The header. */
  readonly presented: string | readonly string[] | undefined;
  readonly correlationId: string;
}

export type ConfirmAct = (by: ConfirmedBy, act: AskedAct) => Promise<void>;

export interface ConfirmationPorts {
  readonly log: EventStore;
  readonly clock: Clock;
  readonly known: KnownUsers;
  readonly nonces: Nonces;
  readonly isSignedByContract: IsSignedByContract;
  /** On which a wallet may be that is a contract. */
  readonly chainIds: readonly number[];
  /** Host of the API, as browsers reach it. */
  readonly site: string;
  /** Whether all acts of operators are confirmed. */
  readonly ofOperators: boolean;
}

type Fault = 'MISSING' | 'MALFORMED' | 'UNKNOWN' | 'EXPIRED' | 'USED' | 'SIGNATURE';

const NONCE_FAULTS = { unknown: 'UNKNOWN', expired: 'EXPIRED', used: 'USED' } as const;

/** Has acts confirmed by the caller's wallet: a session that somebody else got hold of does not act. */
export class Confirmations {
  constructor(private readonly ports: ConfirmationPorts) {}

  /** Whether acts of somebody are confirmed. */
  async isNeeded(by: ConfirmedBy, address: string): Promise<boolean> {
    if (by === 'EVERYBODY' || (by === 'OPERATOR' && this.ports.ofOperators)) return true;
    return (await this.ports.known.newestOf(address)).confirmsActs;
  }

  /** Good once: what is asked again is signed again. @throws ApiError CONFIRMATION_NEEDED */
  async require(by: ConfirmedBy, act: PresentedAct): Promise<void> {
    if (!(await this.isNeeded(by, act.caller))) return;
    const { presented } = act;
    if (presented === undefined || presented === '') throw this.needed(act, 'MISSING');
    const confirmation = typeof presented === 'string' ? parseConfirmation(presented) : null;
    if (confirmation === null) throw this.needed(act, 'MALFORMED');
    await this.spend(act, confirmation);
  }

  /** The person turns it on or off. */
  async set(address: string, isOn: boolean, correlationId: string): Promise<void> {
    const command = { type: 'SetConfirmation', isOn, at: this.now() } as const;
    await this.record(address, command, correlationId, randomUUID());
    this.ports.known.forget(address);
  }

  private async spend(act: PresentedAct, { nonce, signature }: Confirmation): Promise<void> {
    const { nonces, site } = this.ports;
    const state = await nonces.stateOf(nonce, act.caller);
    if (state !== 'open') throw this.needed(act, NONCE_FAULTS[state]);
    const signed = new SignedAct(act, nonce, site);
    if (!(await this.isSigned(signed, act.caller, signature))) throw this.needed(act, 'SIGNATURE');
    if (!(await nonces.use(nonce, act.caller))) throw this.needed(act, 'USED');
    const { digest } = signed;
    const command = { type: 'ConfirmAct', act: act.act, digest, signature, at: this.now() } as const;
    const id = idOf('confirmation', act.caller, nonce);
    const appended = await this.record(act.caller, command, act.correlationId, id);
    // The log knows it also where what is kept of nonces was lost.
    if (appended === 0) throw this.needed(act, 'USED');
  }

  private async isSigned(signed: SignedAct, address: string, signature: string): Promise<boolean> {
    if (signed.signerOf(signature) === address) return true;
    const { chainIds, isSignedByContract } = this.ports;
    const claim = { address, hash: signed.digest, signature };
    const asked = await Promise.allSettled(chainIds.map((chainId) => isSignedByContract(chainId, claim)));
    if (asked.some((one) => one.status === 'fulfilled' && one.value)) return true;
    for (const one of asked) if (one.status === 'rejected') throw one.reason;
    return false;
  }

  /** Tells what is to be signed, with a nonce of its own each time. */
  private needed(act: AskedAct, reason: Fault): ApiError {
    const { nonce, expiresAt } = this.ports.nonces.issue(act.caller);
    return new ApiError(
      'CONFIRMATION_NEEDED',
      'This act takes your wallet’s word: sign it, and send it again with `x-confirmation`',
      'x-confirmation',
      {
        reason,
        typedData: new SignedAct(act, nonce, this.ports.site).typedData,
        expiresAt: expiresAt.toISOString(),
      },
    );
  }

  /** @returns how much it led to */
  private async record(
    address: string,
    command: UserCommand,
    correlationId: string,
    commandId: string,
  ): Promise<number> {
    const { appended } = await handleCommand(this.ports.log, userDecider, userStream(address), command, {
      metadata: { correlationId, causationId: null, actor: address },
      eventId: eventIds(commandId),
    });
    return appended;
  }

  private now(): string {
    return new Date(this.ports.clock()).toISOString();
  }
}

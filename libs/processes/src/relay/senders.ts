import { type AuthorizedRelay, byPreference, type SendOutcome } from '@abland/chain';
import type { Address, ChainId } from '@abland/domain';
import { type Clock, type Logger, Wakeup } from '@abland/kernel';
import type pg from 'pg';
import { type Sender, SenderPart, type SenderPartStatus } from './sender-part.js';

export interface SendersOptions {
  /** Of the accounts that we have the keys of; one at least. */
  readonly senders: readonly Sender[];
  /** Of an account that the log knows and we have no key of. */
  readonly retired: (relayer: Address) => Sender;
  readonly chainId: ChainId;
  /** Of the leases. */
  readonly pool: pg.Pool;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Milliseconds between two broadcasts of what is recorded and not mined. */
  readonly rebroadcastIntervalMs?: number;
}

/** Until it is looked again whether an account can be used that cannot now. */
const LATER_MS = 1_000;

/**
 * All accounts that send on one chain. A relay that an account signed is that account's; any other goes to the first, in an order
 * that is its signer's own, of those that nothing hinders.
 */
export class Senders {
  private parts: readonly SenderPart[] = [];
  private isRunning = false;
  private readonly retired = new Map<Address, Sender>();
  private readonly changed = new Wakeup();

  constructor(private readonly options: SendersOptions) {}

  /** The accounts that we have the keys of. */
  get relayers(): readonly Address[] {
    return this.options.senders.map(({ relayer }) => relayer);
  }

  /** @param known every account that signed on this chain before */
  start(known: readonly Address[]): void {
    this.isRunning = true;
    this.parts = this.options.senders.map((sender) => this.part(sender, false));
    for (const sender of this.retired.values()) this.parts = [...this.parts, this.part(sender, true)];
    this.learn(known);
  }

  /** Of accounts that the log tells of: those without a key are watched until nothing of theirs waits. */
  learn(relayers: readonly Address[]): void {
    for (const relayer of relayers) {
      if (this.isOfUs(relayer) || this.retired.has(relayer)) continue;
      const sender = this.options.retired(relayer);
      this.retired.set(relayer, sender);
      if (this.isRunning) this.parts = [...this.parts, this.part(sender, true)];
    }
  }

  async stop(): Promise<void> {
    this.isRunning = false;
    const { parts } = this;
    this.parts = [];
    await Promise.all(parts.map((part) => part.stop()));
  }

  /** Returns once one of ours is open, or the signal aborts. @throws what keeps the first from it, where all of them failed */
  async opened(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const ours = this.parts.slice(0, this.options.senders.length);
      if (ours.some((part) => part.canSign)) return;
      if (ours.every((part) => part.openFailure !== null)) throw ours[0]?.openFailure;
      await this.changed.wait(LATER_MS, signal);
    }
  }

  /** As they were looked at last; none while another instance sends. */
  status(): readonly SenderPartStatus[] {
    return this.parts
      .map((part) => part.status())
      .filter(({ relayer, waiting }) => this.isOfUs(relayer) || waiting > 0);
  }

  /** Takes a relay as far as it can go now. @throws as the sender's own `send` */
  async send(relay: AuthorizedRelay): Promise<SendOutcome> {
    const { parts } = this;
    const later: SendOutcome = { outcome: 'LATER', notBefore: this.options.clock() + LATER_MS };
    for (const part of parts) {
      if (!(await part.sender.hasSigned(relay, part.canSend))) continue;
      return part.canSend ? part.sender.send(relay) : later;
    }
    const able = byPreference(relay.signer, parts).filter((part) => part.canSign);
    const chosen = able.find((part) => part.isUnhindered) ?? able[0];
    return chosen === undefined ? later : chosen.sender.send(relay);
  }

  private isOfUs(relayer: Address): boolean {
    return this.options.senders.some((sender) => sender.relayer === relayer);
  }

  private part(sender: Sender, isRetired: boolean): SenderPart {
    const { chainId, logger, pool, rebroadcastIntervalMs = 15_000 } = this.options;
    const onChange = (): void => this.changed.wake();
    return new SenderPart({ sender, isRetired, chainId, pool, logger, rebroadcastIntervalMs, onChange });
  }
}

import type { PublishOptions } from '@abland/kernel';
import { StreamFencedError } from './errors.js';

/** What a stream publishes with on a topic; `claim` is the adapter's own, of that claim alone. */
export interface HeldClaim<Claim> {
  readonly epoch: bigint;
  /** Null once another publishes: nothing more is until it is claimed again. */
  readonly claim: Claim | null;
}

/** The claims that a stream holds, by topic. */
export class Claims<Claim> {
  readonly #held = new Map<string, HeldClaim<Claim>>();

  constructor(private readonly take: (topic: string, epoch: bigint) => Promise<Claim>) {}

  async renew(topic: string, epoch: bigint): Promise<Claim> {
    const claim = await this.take(topic, epoch);
    this.#held.set(topic, { epoch, claim });
    return claim;
  }

  /**
   * What to publish with: null without an epoch, for a topic that nobody claims. Where that epoch was not claimed by this stream it
   * is now.
   * @throws StreamFencedError where a claim of the same epoch was lost
   */
  async of(topic: string, { epoch }: PublishOptions): Promise<Claim | null> {
    if (epoch === undefined) return null;
    const held = this.#held.get(topic);
    if (held?.epoch !== epoch) return this.renew(topic, epoch);
    return held.claim ?? fenced(topic, epoch);
  }

  /** What comes next is published by a new claim. */
  forget(topic: string, claim: Claim): void {
    if (this.#held.get(topic)?.claim === claim) this.#held.delete(topic);
  }

  /** Another publishes: @throws StreamFencedError, and goes on doing so until it is claimed again. */
  lost(topic: string, { epoch }: PublishOptions, current?: bigint): never {
    if (epoch !== undefined) this.#held.set(topic, { epoch, claim: null });
    return fenced(topic, epoch ?? 0n, current);
  }
}

/** @param current the epoch that publishes, where it is known */
export function fenced(topic: string, epoch: bigint, current?: bigint): never {
  throw new StreamFencedError('Another publishes on this topic', {
    topic,
    epoch: epoch.toString(),
    ...(current === undefined ? {} : { current: current.toString() }),
  });
}

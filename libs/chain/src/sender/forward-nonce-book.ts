import {
  type Address,
  type ChainId,
  type Count,
  type ForwardNonceCommand,
  type ForwardNonces,
  forwardNoncesDecider,
  forwardNoncesStream,
  type HeldNonce,
  type Instant,
  nonceOf,
  requestDecider,
  requestStream,
  type RequestState,
  type Uuid,
} from '@abland/domain';
import {
  type EventStore,
  handleCommand,
  InTurnByKey,
  InvariantViolation,
  loadAggregate,
  systemTiming,
  Wakeup,
} from '@abland/kernel';
import { v5 as uuidv5 } from 'uuid';

/** Never changes: ids of the events of nonces derive from it. */
const EVENT_ID_NAMESPACE = '5c0f4a43-0e0e-4f4c-9c3a-9f4f6f0c8f25';
/** How often it is looked whether another program took a nonce that is waited for. */
const TAKEN_POLL_MS = 250;

/** Whose nonces: each has its own on each chain. */
export interface ForwardSigner {
  readonly chainId: ChainId;
  readonly signer: Address;
}

/** A request that needs a nonce of its signer. */
export interface ForForward extends ForwardSigner {
  readonly commandId: Uuid;
  /** The forwarder's next nonce of the signer, as far as it is known; one that lags costs only nonces ahead. */
  readonly next: Count;
  readonly correlationId: string;
  readonly actor: string;
}

export interface Offer {
  readonly at: Instant;
  readonly heldUntil: Instant;
  /** Whether it goes before those that were offered a nonce and did not sign. */
  readonly beforeUnsigned: boolean;
}

/** Which relayed request has which nonce of its signer, in the log: nobody reads it from a copy that lags. */
export class ForwardNonceBook {
  /** By stream: asked at once, they would come first before each other. */
  private readonly inTurn = new InTurnByKey();
  /** Who waits for a nonce to be taken, by stream and nonce. */
  private readonly waiting = new Map<string, Set<Wakeup>>();

  constructor(private readonly store: EventStore) {}

  /** The nonce that a request is to be signed with. @throws DomainError RELAY_QUEUE_FULL */
  async offer(forward: ForForward, offer: Offer): Promise<Count> {
    const { chainId, signer, commandId, next } = forward;
    const stream = streamOf(forward);
    const state = await this.inTurn.run(stream, async () => {
      const others = await this.othersFrom(forward, stream);
      const asking = { chainId, signer, commandId, next, ended: await this.endedOf(others) };
      const name = `${commandId}/offered/${offer.at}/${offer.beforeUnsigned}`;
      return this.handle(forward, stream, name, { type: 'OfferForwardNonce', ...asking, ...offer });
    });
    const nonce = nonceOf(state, commandId);
    if (nonce === null) throw new InvariantViolation('A request was offered no nonce', { commandId });
    return nonce;
  }

  /** Gives a nonce to a signed request for good. @throws DomainError RELAY_NONCE_USED, RELAY_OUT_OF_TURN */
  async take(forward: ForForward, nonce: Count): Promise<void> {
    const { chainId, signer, commandId, next } = forward;
    const stream = streamOf(forward);
    await this.inTurn.run(stream, async () => {
      const others = (await this.othersFrom(forward, stream)).filter((one) => one.nonce <= nonce);
      const asking = { chainId, signer, commandId, next, ended: await this.endedOf(others) };
      const name = `${commandId}/taken/${nonce}`;
      return this.handle(forward, stream, name, { type: 'TakeForwardNonce', ...asking, nonce });
    });
    for (const waiter of this.waiting.get(placeOf(forward, nonce)) ?? []) waiter.wake();
  }

  /**
   * Returns when a nonce is taken, here or by another program, or when the time in milliseconds is over; never at once,
   * so that it may be asked again and again.
   */
  async whenTaken(signer: ForwardSigner, nonce: Count, msMax: number): Promise<void> {
    const place = placeOf(signer, nonce);
    const waiter = new Wakeup();
    const waiters = this.waiting.get(place) ?? new Set();
    this.waiting.set(place, waiters.add(waiter));
    const until = systemTiming.now() + msMax;
    try {
      for (let left = msMax; left > 0; left = until - systemTiming.now()) {
        await waiter.wait(Math.min(left, TAKEN_POLL_MS));
        const { held } = await this.load(streamOf(signer));
        if (held.some((one) => one.nonce === nonce && one.heldUntil === null)) return;
      }
    } finally {
      waiters.delete(waiter);
      if (waiters.size === 0) this.waiting.delete(place);
    }
  }

  /**
   * The first request before a nonce that ended without using its own: nothing comes of those behind it. Null where there is
   * none, as far as the log tells.
   */
  async endedBefore(signer: ForwardSigner, next: Count, nonce: Count): Promise<HeldNonce | null> {
    const { held } = await this.load(streamOf(signer));
    const before = held.filter((one) => one.nonce >= next && one.nonce < nonce);
    const ended = await this.endedOf(before);
    return before.find(({ commandId }) => ended.includes(commandId)) ?? null;
  }

  private async handle(
    { commandId, correlationId, actor }: ForForward,
    stream: string,
    name: string,
    command: ForwardNonceCommand,
  ): Promise<ForwardNonces> {
    const outcome = await handleCommand(this.store, forwardNoncesDecider, stream, command, {
      metadata: { correlationId, causationId: commandId, actor },
      eventId: (index) => uuidv5(`${name}/${index}`, EVENT_ID_NAMESPACE),
    });
    return outcome.state;
  }

  private async load(stream: string): Promise<ForwardNonces> {
    return (await loadAggregate(this.store, forwardNoncesDecider, stream)).state;
  }

  private async othersFrom({ commandId, next }: ForForward, stream: string): Promise<readonly HeldNonce[]> {
    const { held } = await this.load(stream);
    return held.filter((one) => one.nonce >= next && one.commandId !== commandId);
  }

  private async endedOf(held: readonly HeldNonce[]): Promise<readonly Uuid[]> {
    const found = await Promise.all(
      held.map(async ({ commandId }) => {
        const { state } = await loadAggregate(this.store, requestDecider, requestStream(commandId));
        return hasEndedUnused(state) ? [commandId] : [];
      }),
    );
    return found.flat();
  }
}

const streamOf = ({ chainId, signer }: ForwardSigner): string => forwardNoncesStream(chainId, signer);
const placeOf = (signer: ForwardSigner, nonce: Count): string => `${streamOf(signer)}/${nonce}`;

/** The forwarder uses a nonce only for what it executes; a request that is not in the log yet is about to be. */
function hasEndedUnused({ status }: RequestState): boolean {
  switch (status) {
    case 'NONE':
    case 'ACCEPTED':
    case 'SUBMITTED':
    case 'CONFIRMED':
    case 'FINALIZED':
      return false;
    case 'FAILED':
    case 'EXPIRED':
    case 'REVERTED':
      return true;
  }
}

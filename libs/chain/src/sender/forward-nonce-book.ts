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
import { type EventStore, handleCommand, InvariantViolation, loadAggregate } from '@abland/kernel';
import { v5 as uuidv5 } from 'uuid';

/** Never changes: ids of the events of nonces derive from it. */
const EVENT_ID_NAMESPACE = '5c0f4a43-0e0e-4f4c-9c3a-9f4f6f0c8f25';

/** A request that needs a nonce of its signer. */
export interface ForForward {
  readonly chainId: ChainId;
  readonly signer: Address;
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

type Asked = (asking: {
  readonly chainId: ChainId;
  readonly signer: Address;
  readonly commandId: Uuid;
  readonly next: Count;
  readonly ended: readonly Uuid[];
}) => ForwardNonceCommand;

/** Which relayed request has which nonce of its signer, in the log: nobody reads it from a copy that lags. */
export class ForwardNonceBook {
  /** The last of those that wait for their turn at a stream: asked at once, they would come first before each other. */
  private readonly queues = new Map<string, Promise<unknown>>();

  constructor(private readonly store: EventStore) {}

  /** The nonce that a request is to be signed with. @throws DomainError RELAY_QUEUE_FULL */
  async offer(forward: ForForward, { at, ...offer }: Offer): Promise<Count> {
    const { commandId } = forward;
    const state = await this.give(
      forward,
      `${commandId}/offered/${at}/${offer.beforeUnsigned}`,
      (asking) => ({
        ...{ type: 'OfferForwardNonce', ...asking, at, ...offer },
      }),
    );
    const nonce = nonceOf(state, commandId);
    if (nonce === null) throw new InvariantViolation('A request was offered no nonce', { commandId });
    return nonce;
  }

  /** Gives a nonce to a signed request for good. @throws DomainError RELAY_NONCE_USED, RELAY_OUT_OF_TURN */
  async take(forward: ForForward, nonce: Count): Promise<void> {
    const name = `${forward.commandId}/taken/${nonce}`;
    await this.give(forward, name, (asking) => ({ type: 'TakeForwardNonce', ...asking, nonce }));
  }

  /**
   * The first request before a nonce that ended without using its own: nothing comes of those behind it. Null where there is
   * none, as far as the log tells.
   */
  async endedBefore(
    { chainId, signer, next }: Pick<ForForward, 'chainId' | 'signer' | 'next'>,
    nonce: Count,
  ): Promise<HeldNonce | null> {
    const stream = forwardNoncesStream(chainId, signer);
    const { held } = (await loadAggregate(this.store, forwardNoncesDecider, stream)).state;
    const before = held.filter((one) => one.nonce >= next && one.nonce < nonce);
    const ended = await this.endedOf(before);
    return before.find(({ commandId }) => ended.includes(commandId)) ?? null;
  }

  private async give(forward: ForForward, name: string, command: Asked): Promise<ForwardNonces> {
    const { chainId, signer, commandId, next, correlationId, actor } = forward;
    const stream = forwardNoncesStream(chainId, signer);
    return this.inTurn(stream, async () => {
      const { state } = await loadAggregate(this.store, forwardNoncesDecider, stream);
      const others = state.held.filter((one) => one.nonce >= next && one.commandId !== commandId);
      const ended = await this.endedOf(others);
      const asked = command({ chainId, signer, commandId, next, ended });
      const outcome = await handleCommand(this.store, forwardNoncesDecider, stream, asked, {
        metadata: { correlationId, causationId: commandId, actor },
        eventId: (index) => uuidv5(`${name}/${index}`, EVENT_ID_NAMESPACE),
      });
      return outcome.state;
    });
  }

  private async inTurn<Result>(stream: string, work: () => Promise<Result>): Promise<Result> {
    const before = this.queues.get(stream) ?? Promise.resolve();
    const result = before.then(work);
    const queued = result.catch(() => undefined); // its caller gets the failure; the next one runs all the same
    this.queues.set(stream, queued);
    try {
      return await result;
    } finally {
      if (this.queues.get(stream) === queued) this.queues.delete(stream);
    }
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

/** The forwarder uses a nonce only for what it executes; a request that is not in the log yet is about to be. */
function hasEndedUnused(state: RequestState): boolean {
  switch (state.status) {
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

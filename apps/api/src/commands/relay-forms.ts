import { Inject, Injectable } from '@nestjs/common';
import { ForwardNonceBook, type ForForward } from '@abland/chain';
import { type AcceptedRequest, type ForwardRequest, secondsOf } from '@abland/domain';
import { type Clock, DomainError, type EventStore, systemTiming } from '@abland/kernel';
import { forwarderNonce, type ReadModel } from '@abland/projections';
import { ChainDirectory } from '../served-chains/chain-directory.js';
import { PORT } from '../ports/ports.js';
import { EDGE_KINDS, type EdgeKinds } from './kinds/edge-kinds.js';

/** How long a nonce is kept for a request that is not signed: to find and press the wallet's button. */
const HELD_MS = 30_000;
/** How long a signature waits for those before it, which may have been handed in at the same moment. */
const TURN_MS_MAX = 5_000;

/** What callers are asked to sign, so that our sender may carry it. */
@Injectable()
export class RelayForms {
  private readonly nonces: ForwardNonceBook;

  constructor(
    @Inject(ChainDirectory) private readonly chains: ChainDirectory,
    @Inject(EDGE_KINDS) private readonly kinds: EdgeKinds,
    @Inject(PORT.commandReadModel) private readonly readModel: ReadModel,
    @Inject(PORT.log) log: EventStore,
    @Inject(PORT.clock) private readonly clock: Clock,
  ) {
    this.nonces = new ForwardNonceBook(log);
  }

  /**
   * With a nonce that no other request of the caller has: several may be asked for and signed in a row.
   * @throws DomainError RELAY_QUEUE_FULL
   */
  async forwardOf(state: AcceptedRequest, correlationId: string): Promise<ForwardRequest> {
    const { kind, request } = state;
    const { requester: from, deadline } = request;
    const { call, gasMax } = await this.kinds[kind].plan(request as never, this.chains.byId(request.chainId));
    const { to, value, data } = call;
    // What will be refused takes no nonce.
    const nonce = value === '0' ? await this.offer(state, correlationId) : 0;
    return {
      ...{ from, to, value, data },
      gas: gasMax.toString(),
      nonce: nonce.toString(),
      deadline: secondsOf(deadline),
    };
  }

  /**
   * Gives the nonce of its form to a request that was signed. Where another has it, or one before it is not signed, the
   * request is offered the next one, which it is asked to sign when it is given again.
   * @throws DomainError RELAY_NONCE_USED, RELAY_OUT_OF_TURN
   */
  async take(state: AcceptedRequest, forward: ForwardRequest, correlationId: string): Promise<void> {
    const nonce = Number(forward.nonce);
    const until = systemTiming.now() + TURN_MS_MAX;
    for (;;) {
      const asking = await this.forForward(state, correlationId);
      try {
        return await this.nonces.take(asking, nonce);
      } catch (error) {
        if (!(error instanceof DomainError)) throw error;
        const left = until - systemTiming.now();
        if (error.code === 'RELAY_OUT_OF_TURN' && left > 0) {
          await this.nonces.whenTaken(asking, nonce - 1, left);
          continue;
        }
        await this.offer(state, correlationId, true);
        throw error;
      }
    }
  }

  private async offer(state: AcceptedRequest, correlationId: string, beforeUnsigned = false) {
    const now = this.clock();
    const offer = { at: new Date(now).toISOString(), heldUntil: new Date(now + HELD_MS).toISOString() };
    return this.nonces.offer(await this.forForward(state, correlationId), { ...offer, beforeUnsigned });
  }

  private async forForward({ request }: AcceptedRequest, correlationId: string): Promise<ForForward> {
    const { chainId, requester: signer, commandId } = request;
    const next = Number(await forwarderNonce(this.readModel, { chainId, signer }));
    return { chainId, signer, commandId, next, correlationId, actor: signer };
  }
}

import { userDecider, userStream } from '@abland/domain';
import { type Clock, type EventStore, handleCommand, invariant } from '@abland/kernel';
import { eventIds, idOf } from '../recording/identity.js';

/**
 * One sign-in is one nonce: telling it again appends nothing.
 * @returns which registration of the address it is of
 */
export async function recordSignIn(
  { log, clock }: { readonly log: EventStore; readonly clock: Clock },
  signer: { readonly address: string; readonly nonce: string },
  correlationId: string,
): Promise<number> {
  const { address, nonce } = signer;
  const { state } = await handleCommand(
    log,
    userDecider,
    userStream(address),
    { type: 'SignInUser', address, at: new Date(clock()).toISOString() },
    {
      metadata: { correlationId, causationId: null, actor: address },
      eventId: eventIds(idOf('sign-in', address, nonce)),
    },
  );
  invariant(state.status === 'REGISTERED', 'A sign-in registers', { status: state.status });
  return state.registration;
}

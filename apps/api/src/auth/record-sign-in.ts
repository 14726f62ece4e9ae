import { type NewSession, userDecider, userStream } from '@abland/domain';
import { type Clock, type EventStore, handleCommand } from '@abland/kernel';
import { eventIds, idOf } from '../recording/identity.js';

/** One sign-in is one nonce, and one session: telling it again appends nothing. */
export async function recordSignIn(
  { log, clock }: { readonly log: EventStore; readonly clock: Clock },
  signer: { readonly address: string; readonly nonce: string },
  session: NewSession,
  correlationId: string,
): Promise<void> {
  const { address, nonce } = signer;
  await handleCommand(
    log,
    userDecider,
    userStream(address),
    { type: 'SignInUser', address, session, at: new Date(clock()).toISOString() },
    {
      metadata: { correlationId, causationId: null, actor: address },
      eventId: eventIds(idOf('sign-in', address, nonce)),
    },
  );
}

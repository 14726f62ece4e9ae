import { userDecider, userStream } from '@abland/domain';
import { handleCommand } from '@abland/kernel';
import { eventIds, idOf } from '../commands/identity.js';
import type { ApiDependencies } from '../server/dependencies.js';

/** One sign-in is one nonce: telling it again appends nothing. */
export async function recordSignIn(
  { store, clock }: Pick<ApiDependencies, 'store' | 'clock'>,
  signer: { readonly address: string; readonly nonce: string },
  correlationId: string,
): Promise<void> {
  const { address, nonce } = signer;
  await handleCommand(
    store,
    userDecider,
    userStream(address),
    { type: 'SignInUser', address, at: new Date(clock()).toISOString() },
    {
      metadata: { correlationId, causationId: null, actor: address },
      eventId: eventIds(idOf('sign-in', address, nonce)),
    },
  );
}

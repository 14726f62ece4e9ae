import { Inject } from '@nestjs/common';
import { Args, Context, Int, Mutation, Resolver } from '@nestjs/graphql';
import { parseAddress } from '@abland/domain';
import type { PersonalDataCipher } from '@abland/personal-data';
import type { Clock, EventStore } from '@abland/kernel';
import type { ReadModel } from '@abland/projections';
import { getAddress } from 'ethers';
import { ChainDirectory } from '../served-chains/chain-directory.js';
import type { ApiContext } from '../context/api-context.js';
import { AddressScalar, HexDataScalar } from '../graphql/scalars.js';
import { RateClassed } from '../rate-limits/rate-classed.js';
import { PORT } from '../ports/ports.js';
import { readCaller } from '../users/read-user.js';
import { SignedIn, SignInRequest } from './auth.types.js';
import { toldTokens } from './session.types.js';
import type { IsSignedByContract } from '../wallets/contract-wallets.js';
import type { Nonces } from '../wallets/nonces.js';
import { recordSignIn } from './record-sign-in.js';
import { Sessions } from '../sessions/session.js';
import { requestSignIn, type SignInScope, useNonce, verifySignIn } from './sign-in.js';

@Resolver()
export class AuthResolver {
  private readonly scope: SignInScope;

  constructor(
    @Inject(PORT.log) private readonly log: EventStore,
    @Inject(PORT.clock) private readonly clock: Clock,
    @Inject(PORT.readModel) private readonly readModel: ReadModel,
    @Inject(PORT.personalData) private readonly personalData: PersonalDataCipher,
    @Inject(Sessions) private readonly sessions: Sessions,
    @Inject(PORT.nonces) private readonly nonces: Nonces,
    @Inject(PORT.publicUrl) publicUrl: string,
    @Inject(ChainDirectory) private readonly chains: ChainDirectory,
    @Inject(PORT.isSignedByContract) private readonly isSignedByContract: IsSignedByContract,
  ) {
    this.scope = { publicUrl, chainId: chains.first.chainId, chainIds: chains.ids };
  }

  @RateClassed('signIn')
  @Mutation(() => SignInRequest, { description: 'The first of two steps: what to sign.' })
  requestSignIn(
    @Args('address', { type: () => AddressScalar }) address: string,
    @Args('chainId', {
      type: () => Int,
      nullable: true,
      description:
        'Where the address is a contract: on which chain it is. Absent: on the first that is served.',
    })
    chainId: number | null | undefined,
  ): SignInRequest {
    const asked = parseAddress(address, 'address', getAddress);
    const on = this.chains.byId(chainId ?? this.scope.chainId).chainId;
    const { message, nonce, expiresAt } = requestSignIn(asked, this.nonces, this.scope, on);
    return { message, nonce, expiresAt: expiresAt.toISOString() };
  }

  @RateClassed('signIn')
  @Mutation(() => SignedIn, {
    description: 'The second step: the message as it was given, and its signature.',
  })
  async signIn(
    @Args('message', { type: () => String }) message: string,
    @Args('signature', { type: () => HexDataScalar }) signature: string,
    @Context() context: ApiContext,
  ): Promise<SignedIn> {
    const { log, clock, readModel, personalData, nonces, scope, isSignedByContract } = this;
    const signer = await verifySignIn(message, signature, nonces, scope, clock, isSignedByContract);
    // What can fail comes first: a session that is recorded is told.
    const user = await readCaller({ readModel, personalData }, signer.address);
    await useNonce(signer, nonces);
    const { secret, ...session } = this.sessions.open();
    await recordSignIn({ log, clock }, signer, session, context.correlationId);
    const tokens = await this.sessions.tokensOf(signer.address, { ...session, secret });
    return { ...toldTokens(tokens), user };
  }
}

import { Inject } from '@nestjs/common';
import { Args, Context, Mutation, Resolver } from '@nestjs/graphql';
import { parseAddress } from '@abland/domain';
import { getAddress } from 'ethers';
import type { ApiContext } from '../graphql/api-context.js';
import { AddressScalar, HexDataScalar } from '../graphql/scalars.js';
import { API } from '../server/dependencies.js';
import type { ApiServices } from '../server/services.js';
import { readCaller } from '../users/read-user.js';
import { SignedIn, SignInRequest } from './auth.types.js';
import { Nonces } from './nonces.js';
import { recordSignIn } from './record-sign-in.js';
import type { Sessions } from './session.js';
import { requestSignIn, type SignInScope, verifySignIn } from './sign-in.js';

@Resolver()
export class AuthResolver {
  private readonly nonces: Nonces;
  private readonly scope: SignInScope;

  constructor(
    @Inject(API.services) private readonly api: ApiServices,
    @Inject(API.sessions) private readonly sessions: Sessions,
  ) {
    this.nonces = new Nonces(api.pool, api.clock);
    this.scope = { publicUrl: api.config.publicUrl, chainId: api.config.chain.chainId };
  }

  @Mutation(() => SignInRequest, { description: 'The first of two steps: what to sign.' })
  async requestSignIn(
    @Args('address', { type: () => AddressScalar }) address: string,
  ): Promise<SignInRequest> {
    const asked = parseAddress(address, 'address', getAddress);
    const { message, nonce, expiresAt } = await requestSignIn(asked, this.nonces, this.scope);
    return { message, nonce, expiresAt: expiresAt.toISOString() };
  }

  @Mutation(() => SignedIn, {
    description: 'The second step: the message as it was given, and its signature.',
  })
  async signIn(
    @Args('message', { type: () => String }) message: string,
    @Args('signature', { type: () => HexDataScalar }) signature: string,
    @Context() context: ApiContext,
  ): Promise<SignedIn> {
    const signer = await verifySignIn(message, signature, this.nonces, this.scope, this.api.clock);
    await recordSignIn(this.api, signer, context.correlationId);
    const { token, expiresAt } = await this.sessions.issue(signer.address);
    const user = await readCaller(this.api, signer.address);
    return { token, expiresAt: expiresAt.toISOString(), user };
  }
}

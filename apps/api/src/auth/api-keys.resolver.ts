import { parseUuid } from '@abland/domain';
import { Inject } from '@nestjs/common';
import { Args, Context, Mutation, Query, Resolver } from '@nestjs/graphql';
import {
  ApiKey,
  ApiKeysEnded,
  CreateApiKeyInput,
  CreatedApiKey,
  RevokedApiKey,
} from '../api-keys/api-key.types.js';
import { ApiKeyUses } from '../api-keys/api-key-uses.js';
import { ApiKeys } from '../api-keys/api-keys.js';
import { NotByKey } from '../api-keys/by-key.js';
import { type ApiContext, Caller } from '../context/api-context.js';
import { type Confirm, Confirming } from '../context/confirming.js';
import { ApiError } from '../errors/api-error.js';
import { UuidScalar } from '../graphql/scalars.js';
import { apiKeyStartOf } from '../sessions/api-key-text.js';

const DAYS_MAX = 365;

/** Keys of the caller, for programs of theirs. */
@Resolver()
export class ApiKeysResolver {
  constructor(
    @Inject(ApiKeys) private readonly keys: ApiKeys,
    @Inject(ApiKeyUses) private readonly uses: ApiKeyUses,
  ) {}

  @NotByKey()
  @Query(() => [ApiKey], { description: 'Those that are good, the newest first.' })
  async apiKeys(@Caller() address: string): Promise<readonly ApiKey[]> {
    const listed = await this.keys.of(address);
    const used = await this.uses.lastOf(listed.map(([keyId]) => keyId));
    return listed.map(([keyId, key]) => told(keyId, key, used.get(keyId) ?? null));
  }

  @Mutation(() => CreatedApiKey, {
    description: 'A key for a program of the caller’s: of twenty at most, told this once.',
  })
  async createApiKey(
    @Caller() address: string,
    @Args('input', { type: () => CreateApiKeyInput }) { expiresInDays, scopes }: CreateApiKeyInput,
    @Context() { correlationId }: ApiContext,
    @Confirming('PERSON') confirm: Confirm,
  ): Promise<CreatedApiKey> {
    if (expiresInDays < 1 || expiresInDays > DAYS_MAX) {
      const message = `A key is good for 1 to ${DAYS_MAX} days`;
      throw new ApiError('INVALID_ARGUMENT', message, 'expiresInDays', { max: DAYS_MAX });
    }
    const act = { address, actor: address, correlationId, confirm };
    const { listed, text } = await this.keys.create(act, [...new Set(scopes)].toSorted(), expiresInDays);
    return { key: text, apiKey: told(...listed, null) };
  }

  @Mutation(() => ApiKeysEnded, { description: 'Ends every key of the caller’s.' })
  async revokeApiKeys(
    @Caller() address: string,
    @Context() { correlationId }: ApiContext,
  ): Promise<ApiKeysEnded> {
    return { ended: await this.keys.revoke({ address, actor: address, correlationId }, null) };
  }

  @Mutation(() => RevokedApiKey, { description: 'Ends a key of the caller’s, within moments everywhere.' })
  async revokeApiKey(
    @Caller() address: string,
    @Args('keyId', { type: () => UuidScalar }) given: string,
    @Context() { correlationId }: ApiContext,
  ): Promise<RevokedApiKey> {
    const keyId = parseUuid(given, 'keyId');
    await this.keys.revoke({ address, actor: address, correlationId }, keyId);
    return { keyId };
  }
}

const told = (
  keyId: string,
  key: Omit<ApiKey, 'keyId' | 'start' | 'lastUsedAt'>,
  lastUsedAt: string | null,
): ApiKey => ({
  ...{ keyId, start: apiKeyStartOf(keyId), scopes: key.scopes, rateClass: key.rateClass },
  ...{ createdAt: key.createdAt, expiresAt: key.expiresAt, lastUsedAt },
});

import { parseAddress, parseReason, parseUuid, type RoleKeeper } from '@abland/domain';
import type { Clock, EventStore } from '@abland/kernel';
import { Inject } from '@nestjs/common';
import { Args, Context, Mutation, Resolver } from '@nestjs/graphql';
import { getAddress } from 'ethers';
import {
  ApiKeyRate,
  ApiKeyRateInput,
  ApiKeysEnded,
  RevokeApiKeysOfInput,
} from '../api-keys/api-key.types.js';
import { ApiKeys, type KeyAct } from '../api-keys/api-keys.js';
import { type ApiContext, Caller } from '../context/api-context.js';
import { type Confirm, Confirming } from '../context/confirming.js';
import { PORT } from '../ports/ports.js';
import { idOf, inputHashOf, type Understood } from '../recording/identity.js';
import { recordingRejection } from '../recording/rejections.js';
import { Roles } from '../roles/roles.js';

interface Acting {
  readonly context: ApiContext;
  readonly confirm: Confirm;
}

/** What others do with somebody's keys: who may not is on record. */
@Resolver()
export class ApiKeyActsResolver {
  constructor(
    @Inject(ApiKeys) private readonly keys: ApiKeys,
    @Inject(Roles) private readonly roles: Roles,
    @Inject(PORT.log) private readonly log: EventStore,
    @Inject(PORT.clock) private readonly clock: Clock,
  ) {}

  @Mutation(() => ApiKeyRate, {
    description: 'Says how often somebody’s key may ask. Only for admins; nobody raises their own.',
  })
  async setApiKeyRate(
    @Caller() caller: string,
    @Args('input', { type: () => ApiKeyRateInput }) { rateClass, ...input }: ApiKeyRateInput,
    @Context() context: ApiContext,
    @Confirming('OPERATOR') confirm: Confirm,
  ): Promise<ApiKeyRate> {
    const address = parseAddress(input.address, 'address', getAddress);
    const keyId = parseUuid(input.keyId, 'keyId');
    const reason = parseReason(input.reason);
    const told = { address, keyId, rateClass, reason };
    await this.act('setApiKeyRate', caller, told, { context, confirm }, (act, by) =>
      this.keys.setRate(act, { keyId, rateClass, by, reason }),
    );
    return { keyId, rateClass };
  }

  @Mutation(() => ApiKeysEnded, {
    description: 'Ends a key of somebody’s, or all of theirs. Only for operators.',
  })
  async revokeApiKeysOf(
    @Caller() caller: string,
    @Args('input', { type: () => RevokeApiKeysOfInput }) input: RevokeApiKeysOfInput,
    @Context() context: ApiContext,
    @Confirming('OPERATOR') confirm: Confirm,
  ): Promise<ApiKeysEnded> {
    const address = parseAddress(input.address, 'address', getAddress);
    const keyId = input.keyId === null ? null : parseUuid(input.keyId, 'keyId');
    const reason = parseReason(input.reason);
    const told = { address, keyId, reason };
    const ended = await this.act('revokeApiKeysOf', caller, told, { context, confirm }, (act, by) =>
      this.keys.revoke(act, keyId, { ...by, reason }),
    );
    return { ended };
  }

  private act<Result>(
    name: string,
    caller: string,
    told: { readonly address: string; readonly [name: string]: Understood },
    { confirm, context: { correlationId } }: Acting,
    run: (act: KeyAct, by: RoleKeeper) => Promise<Result>,
  ): Promise<Result> {
    const { clock, log } = this;
    const inputHash = inputHashOf(name, told);
    const commandId = idOf(name, caller.toLowerCase(), inputHash);
    const rejectable = { name, caller, commandId, chainId: null, correlationId, inputHash };
    return recordingRejection({ log, clock }, rejectable, async () => {
      const by = { name: caller, roles: await this.roles.newestOf(caller) };
      return run({ address: told.address, actor: caller, correlationId, confirm }, by);
    });
  }
}

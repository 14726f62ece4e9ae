import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { type ErasedBy, type Erasure, refusal, type UserState } from '@abland/domain';
import { invariant } from '@abland/kernel';
import { inputHashOf } from '../../commands/identity.js';
import { recordingRejection } from '../../commands/rejections.js';
import { API } from '../../server/dependencies.js';
import type { ApiServices } from '../../server/services.js';
import { aboutUserId, acceptAboutUser } from '../accept-about-user.js';
import type { ErasureReceipt } from '../user.types.js';

export class EraseUser extends Command<ErasureReceipt> {
  constructor(
    /** The mutation's name. */
    readonly name: string,
    readonly caller: string,
    readonly erasure: {
      readonly idempotencyKey: string;
      readonly address: string;
      readonly by: ErasedBy;
      readonly reason: string | null;
    },
    readonly correlationId: string,
  ) {
    super();
  }
}

@CommandHandler(EraseUser)
export class EraseUserHandler implements ICommandHandler<EraseUser> {
  constructor(@Inject(API.commandServices) private readonly api: ApiServices) {}

  async execute({ name, caller, erasure, correlationId }: EraseUser): Promise<ErasureReceipt> {
    const { idempotencyKey, address, by, reason } = erasure;
    const commandId = aboutUserId(caller, idempotencyKey);
    const inputHash = inputHashOf(name, { address, reason });
    if (by === 'OPERATOR') {
      const rejectable = { name, caller, commandId, correlationId, inputHash };
      await recordingRejection(this.api, rejectable, async () => this.requireOperator(caller));
    }
    const at = new Date(this.api.clock()).toISOString();
    const state = await acceptAboutUser(this.api, {
      ...{ name, caller, address, commandId, correlationId, inputHash, rejectionHash: inputHash },
      command: { type: 'EraseUser', commandId, by, requestedBy: caller, reason, inputHash, at },
    });
    const { commandId: erasedBy, at: erasedAt } = erasureOf(state, commandId);
    return { commandId: erasedBy, address, erasedAt };
  }

  /** @throws DomainError NOT_AN_OPERATOR */
  private requireOperator(caller: string): void {
    if (this.api.config.operators.includes(caller)) return;
    throw refusal('NOT_AN_OPERATOR', 'Only an operator erases the data of others');
  }
}

/** What this command erased, or what was erased before it came. */
function erasureOf(state: UserState, commandId: string): Erasure {
  const erasures = state.status === 'UNKNOWN' ? [] : state.erasures;
  const erasure = erasures.find((one) => one.commandId === commandId) ?? erasures.at(-1);
  invariant(erasure !== undefined, 'An erasure was accepted and is not there', { commandId });
  return erasure;
}

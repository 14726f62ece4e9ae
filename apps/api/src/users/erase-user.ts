import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import {
  type Erasure,
  type EraseUser as Erase,
  userDecider,
  type UserState,
  userStream,
} from '@abland/domain';
import { type Clock, type EventStore, invariant, loadAggregate } from '@abland/kernel';
import { recordOperation } from '@abland/operations';
import type { Confirm } from '../context/confirming.js';
import { Roles } from '../roles/roles.js';
import { PORT } from '../ports/ports.js';
import { inputHashOf } from '../recording/identity.js';
import { recordingRejection } from '../recording/rejections.js';
import { aboutUserId, acceptAboutUser } from './accept-about-user.js';
import { Sessions } from '../sessions/session.js';
import type pg from 'pg';
import type { ErasureReceipt } from './user.types.js';

interface Identity {
  readonly commandId: string;
  readonly inputHash: string;
}

export interface ErasureWish {
  readonly idempotencyKey: string;
  readonly address: string;
  /** An operator's; null where the person asks for themselves. */
  readonly reason: string | null;
}

export class EraseUser extends Command<ErasureReceipt> {
  constructor(
    /** The mutation's name. */
    readonly name: string,
    readonly caller: string,
    readonly wish: ErasureWish,
    readonly correlationId: string,
    readonly confirm: Confirm,
  ) {
    super();
  }
}

@CommandHandler(EraseUser)
export class EraseUserHandler implements ICommandHandler<EraseUser> {
  constructor(
    @Inject(PORT.log) private readonly log: EventStore,
    @Inject(PORT.clock) private readonly clock: Clock,
    @Inject(Roles) private readonly roles: Roles,
    @Inject(PORT.pool) private readonly pool: pg.Pool,
    @Inject(Sessions) private readonly sessions: Sessions,
  ) {}

  async execute(command: EraseUser): Promise<ErasureReceipt> {
    const { name, caller, confirm, wish, correlationId } = command;
    const { idempotencyKey, address, reason } = wish;
    const commandId = aboutUserId(caller, idempotencyKey);
    const inputHash = inputHashOf(name, { address, reason });
    const identity = { commandId, inputHash };
    if (reason === null) {
      await confirm();
      return this.erase(command, identity);
    }
    const { log, clock } = this;
    const rejectable = { name, caller, commandId, chainId: null, correlationId, inputHash };
    await recordingRejection({ log, clock }, rejectable, () =>
      this.roles.require({ address: caller, key: null }, 'OPERATE'),
    );
    // What is refused anyway is no operation.
    const { state } = await loadAggregate(log, userDecider, userStream(address));
    userDecider.decide(this.commandOf(command, identity), state);
    await confirm();
    const act = {
      operationId: commandId,
      kind: 'ERASE_USER',
      subject: address,
      requestedBy: caller,
      reason,
    } as const;
    return recordOperation({ log, clock, pool: this.pool }, act, async () => {
      const result = await this.erase(command, identity);
      return { result, figures: [{ name: 'erasedAt', value: result.erasedAt }] };
    });
  }

  private commandOf({ caller: requestedBy, wish: { reason } }: EraseUser, identity: Identity): Erase {
    const by = reason === null ? 'PERSON' : 'OPERATOR';
    const at = new Date(this.clock()).toISOString();
    return { type: 'EraseUser', ...identity, by, requestedBy, reason, at };
  }

  private async erase(given: EraseUser, identity: Identity): Promise<ErasureReceipt> {
    const { name, caller, wish, correlationId } = given;
    const { commandId, inputHash } = identity;
    const { log, clock } = this;
    const { address } = wish;
    const about = { name, caller, address, commandId, correlationId, inputHash, rejectionHash: inputHash };
    const command = this.commandOf(given, identity);
    const state = await acceptAboutUser({ log, clock }, { ...about, command });
    this.sessions.forget(address);
    const { commandId: erasedBy, at: erasedAt } = erasureOf(state, commandId);
    return { commandId: erasedBy, address, erasedAt };
  }
}

/** What this command erased, or what was erased before it came. */
function erasureOf(state: UserState, commandId: string): Erasure {
  const erasures = state.status === 'UNKNOWN' ? [] : state.erasures;
  const erasure = erasures.find((one) => one.commandId === commandId) ?? erasures.at(-1);
  invariant(erasure !== undefined, 'An erasure was accepted and is not there', { commandId });
  return erasure;
}

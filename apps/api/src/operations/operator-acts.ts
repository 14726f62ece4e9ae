import { parseIdempotencyKey, parseReason } from '@abland/domain';
import type { Clock, EventStore } from '@abland/kernel';
import { Inject, Injectable } from '@nestjs/common';
import type { Confirm } from '../context/confirming.js';
import { PORT } from '../ports/ports.js';
import { idOf, inputHashOf, type Understood } from '../recording/identity.js';
import { recordingRejection } from '../recording/rejections.js';
import { Roles } from '../roles/roles.js';

/** A mutation that only operators may ask for. */
export interface AskedOfOperators {
  /** The mutation's name. */
  readonly name: string;
  readonly caller: string;
  readonly correlationId: string;
  readonly confirm: Confirm;
  readonly idempotencyKey: string;
  readonly reason: string;
  /** Absent where it concerns no chain. */
  readonly chainId?: number;
  /** What else it was asked with. */
  readonly input: Readonly<Record<string, Understood>>;
}

/** By whom, why, and under which id of its own. */
export interface OperatorsWord {
  readonly operationId: string;
  readonly requestedBy: string;
  readonly reason: string;
}

/** Does what operators ask for; who is none, and what is refused before it is an operation, is recorded. */
@Injectable()
export class OperatorActs {
  constructor(
    @Inject(PORT.log) private readonly log: EventStore,
    @Inject(PORT.clock) private readonly clock: Clock,
    @Inject(Roles) private readonly roles: Roles,
  ) {}

  /** @throws ApiError CONFIRMATION_NEEDED; DomainError INVALID_IDEMPOTENCY_KEY, NOT_AN_OPERATOR, INVALID_REASON, and whatever the act throws */
  async run<Result>(
    { caller, correlationId, input, name, ...asked }: AskedOfOperators,
    act: (word: OperatorsWord) => Promise<Result>,
  ): Promise<Result> {
    const operationId = idOf(name, caller.toLowerCase(), parseIdempotencyKey(asked.idempotencyKey));
    const inputHash = inputHashOf(name, { ...input, reason: asked.reason });
    const chainId = asked.chainId ?? null;
    const rejectable = { name, caller, commandId: operationId, chainId, correlationId, inputHash };
    const { clock, log } = this;
    return recordingRejection({ log, clock }, rejectable, async () => {
      await this.roles.require({ address: caller, key: null }, 'OPERATE');
      const reason = parseReason(asked.reason);
      await asked.confirm();
      return act({ operationId, requestedBy: caller, reason });
    });
  }
}

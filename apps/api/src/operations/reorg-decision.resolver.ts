import { decideChainReorg } from '@abland/operations';
import { Inject } from '@nestjs/common';
import {
  Args,
  Context,
  Field,
  InputType,
  Int,
  Mutation,
  ObjectType,
  registerEnumType,
  Resolver,
} from '@nestjs/graphql';
import type { Clock, EventStore } from '@abland/kernel';
import type pg from 'pg';
import { CHAIN_ID } from '../served-chains/chain.args.js';
import { ChainDirectory } from '../served-chains/chain-directory.js';
import { type ApiContext, Caller } from '../context/api-context.js';
import { type Confirm, Confirming } from '../context/confirming.js';
import { IDEMPOTENCY_KEY } from '../graphql/idempotency-key.js';
import { UuidScalar } from '../graphql/scalars.js';
import { PORT } from '../ports/ports.js';
import { OperatorActs } from './operator-acts.js';

export const ReorgDecision = { ACCEPT: 'ACCEPT', WAIT: 'WAIT' } as const;
registerEnumType(ReorgDecision, {
  name: 'ReorgDecision',
  valuesMap: {
    ACCEPT: { description: 'The provider’s branch counts: what was final of ours is taken back.' },
    WAIT: {
      description:
        'Ours counts, until a provider has it: what was accepted and is not carried out is withdrawn.',
    },
  },
});

@InputType()
export class DecideReorgInput {
  @Field(() => String, IDEMPOTENCY_KEY)
  idempotencyKey!: string;

  @Field(() => Int, CHAIN_ID)
  chainId?: number | null;

  @Field(() => UuidScalar, {
    nullable: true,
    description:
      'The alarm that it is about, as `chains` has it: refused where the chain stands with another by now.',
  })
  alarmId?: string | null;

  @Field(() => ReorgDecision)
  decision!: keyof typeof ReorgDecision;

  @Field(() => String, { description: '3 to 200 characters on one line: it stays in the log for good.' })
  reason!: string;
}

@ObjectType({
  description:
    'It is decided. Where the branch is accepted, the chain’s indexer goes on within seconds, and the operation ends with what came of it: COMPLETED once the branch is in the log.',
})
export class ReorgDecisionReceipt {
  @Field(() => UuidScalar)
  operationId!: string;
}

/** What becomes of a chain whose provider has another branch in the place of final blocks; only for operators. */
@Resolver()
export class ReorgDecisionResolver {
  constructor(
    @Inject(PORT.log) private readonly log: EventStore,
    @Inject(PORT.clock) private readonly clock: Clock,
    @Inject(PORT.pool) private readonly pool: pg.Pool,
    @Inject(ChainDirectory) private readonly chains: ChainDirectory,
    @Inject(OperatorActs) private readonly acts: OperatorActs,
  ) {}

  @Mutation(() => ReorgDecisionReceipt, {
    description:
      'Decides on a chain that stands with REORG_TOO_DEEP or CHAIN_BEHIND; undecided, it goes on once a provider has our branch. Only for operators.',
  })
  async decideReorg(
    @Caller() caller: string,
    @Args('input', { type: () => DecideReorgInput }) input: DecideReorgInput,
    @Context() { correlationId }: ApiContext,
    @Confirming('OPERATOR') confirm: Confirm,
  ): Promise<ReorgDecisionReceipt> {
    const { alarmId = null, decision, idempotencyKey, reason } = input;
    const { chainId } = this.chains.meant(input.chainId);
    const asked = { name: 'decideReorg', caller, correlationId, confirm, idempotencyKey, reason, chainId };
    const kind = decision === 'ACCEPT' ? 'ACCEPT_REORG' : 'WAIT_FOR_BRANCH';
    const { clock, log, pool } = this;
    return this.acts.run({ ...asked, input: { chainId, decision, alarmId } }, async (word) => {
      await decideChainReorg({ log, clock, pool }, { ...word, kind, subject: String(chainId), alarmId });
      return { operationId: word.operationId };
    });
  }
}

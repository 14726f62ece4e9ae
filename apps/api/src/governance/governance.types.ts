import type { GovernanceClock as Clock } from '@abland/domain';
import { Field, Float, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import type { At, FeeChangeView, FeeKind as Kind } from '@abland/projections';
import { connectionOf } from '../graphql/connection.js';
import { AddressScalar, BigIntStringScalar, DateTimeScalar, HashScalar } from '../graphql/scalars.js';
import { instantOf } from '../graphql/instant.js';

export const GovernanceClock = { BLOCKS: 'BLOCKS', SECONDS: 'SECONDS' } as const satisfies Record<
  Clock,
  Clock
>;
registerEnumType(GovernanceClock, {
  name: 'GovernanceClock',
  description: 'What a Governor counts its votes by.',
  valuesMap: {
    BLOCKS: { description: 'Numbers of blocks.' },
    SECONDS: { description: 'Seconds since the epoch.' },
  },
});

@ObjectType({ description: 'How governance decides at present, by the facts of the chain.' })
export class Governance {
  @Field(() => Int)
  chainId!: number;

  @Field(() => AddressScalar, { description: 'The Governor: where proposals and votes go.' })
  governor!: string;

  @Field(() => AddressScalar, { description: 'Owns the other contracts and does what was decided.' })
  timelock!: string;

  @Field(() => AddressScalar, { description: 'The token whose delegated balances are votes.' })
  token!: string;

  @Field(() => GovernanceClock, { description: 'What the voting delay and the voting period count.' })
  clock!: Clock;

  @Field(() => Float, { description: 'By the clock, from a proposal to the moment whose votes count.' })
  votingDelay!: number;

  @Field(() => Float, { description: 'By the clock, how long is voted.' })
  votingPeriod!: number;

  @Field(() => BigIntStringScalar, { description: 'Base units of votes that a proposer needs.' })
  proposalThreshold!: string;

  @Field(() => Int, { description: 'Of the supply, to vote for or abstain.' })
  quorumPercent!: number;

  @Field(() => BigIntStringScalar, { description: 'Base units of votes that this is of today’s supply.' })
  quorum!: string;

  @Field(() => BigIntStringScalar, { description: 'Base units of the votes token.' })
  votesSupply!: string;

  @Field(() => Float, { description: 'From queueing to execution, at least.' })
  timelockDelaySeconds!: number;

  /** The block of the newest change; no field of the API. */
  updatedBlock!: number;
}

@ObjectType()
export class VotingPower {
  @Field(() => Int)
  chainId!: number;

  @Field(() => AddressScalar)
  account!: string;

  @Field(() => BigIntStringScalar, {
    description: 'Base units of the votes token that were delegated to the account, by itself too.',
  })
  votes!: string;

  @Field(() => AddressScalar, {
    nullable: true,
    description: 'Whom its own balance votes through; null: nobody, so that it counts for nothing.',
  })
  delegate!: string | null;

  /** Null where nothing ever changed it; no field of the API. */
  updatedBlock!: number | null;
}

@ObjectType({ description: 'The fees in force.' })
export class Fees {
  @Field(() => Int)
  chainId!: number;

  @Field(() => Int, { description: 'Basis points of 10,000 of what goes into a swap.' })
  swapFeeBps!: number;

  @Field(() => Int, {
    description: 'The protocol’s part inside of the swap fee, as basis points of the same.',
  })
  protocolFeeBps!: number;

  @Field(() => BigIntStringScalar, { description: 'Wei.' })
  tokenCreationFee!: string;

  /** The block of the newest change; no field of the API. */
  updatedBlock!: number;

  /** The state that it is of, null for that of now; no field of the API. */
  at!: At | null;
}

export const FeeKind = {
  SWAP: 'SWAP',
  PROTOCOL: 'PROTOCOL',
  TOKEN_CREATION: 'TOKEN_CREATION',
} as const satisfies Record<Kind, Kind>;
registerEnumType(FeeKind, { name: 'FeeKind' });

@ObjectType()
export class FeeChange {
  @Field(() => String, { description: '`<chain id>-<block number>-<log index>`.' })
  id!: string;

  @Field(() => Int)
  chainId!: number;

  @Field(() => FeeKind)
  kind!: Kind;

  @Field(() => BigIntStringScalar, { description: 'Basis points of 10,000; wei for TOKEN_CREATION.' })
  oldValue!: string;

  @Field(() => BigIntStringScalar)
  newValue!: string;

  @Field(() => HashScalar)
  txHash!: string;

  @Field(() => DateTimeScalar)
  time!: string;

  /** No field of the API. */
  blockNumber!: number;
}

export const FeeChangeConnection = connectionOf(FeeChange, 'FeeChange');

export function feeChangeOf({ blockTime, ...view }: FeeChangeView): FeeChange {
  return { ...view, time: instantOf(blockTime) };
}

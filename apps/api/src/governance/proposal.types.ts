import type { GovernanceClock as Clock } from '@abland/domain';
import { Field, Float, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import type {
  ProposalState as State,
  ProposalView,
  VoteSupport as Support,
  VoteView,
} from '@abland/projections';
import { connectionOf } from '../graphql/connection.js';
import {
  AddressScalar,
  BigIntStringScalar,
  DateTimeScalar,
  HashScalar,
  HexDataScalar,
} from '../graphql/scalars.js';
import { instantOf } from '../graphql/instant.js';
import { GovernanceClock } from './governance.types.js';

export const ProposalState = {
  PENDING: 'PENDING',
  ACTIVE: 'ACTIVE',
  CANCELED: 'CANCELED',
  DEFEATED: 'DEFEATED',
  SUCCEEDED: 'SUCCEEDED',
  QUEUED: 'QUEUED',
  EXPIRED: 'EXPIRED',
  EXECUTED: 'EXECUTED',
} as const satisfies Record<State, State>;
registerEnumType(ProposalState, {
  name: 'ProposalState',
  description: 'As the Governor reckons it at the newest block of the answers.',
  valuesMap: {
    PENDING: { description: 'Voting has not begun.' },
    ACTIVE: { description: 'Votes are taken.' },
    DEFEATED: { description: 'Too few votes, or not more for than against.' },
    SUCCEEDED: { description: 'Accepted; anyone may queue it.' },
    QUEUED: { description: 'In the timelock; anyone may execute it from executableAt on.' },
    EXPIRED: {
      description: 'Of the Governor’s states; the timelock of this deployment lets nothing expire.',
    },
  },
});

export const VoteSupport = { AGAINST: 'AGAINST', FOR: 'FOR', ABSTAIN: 'ABSTAIN' } as const satisfies Record<
  Support,
  Support
>;
registerEnumType(VoteSupport, { name: 'VoteSupport' });

@ObjectType()
export class CallArgument {
  @Field(() => String, { description: 'Empty where the contract gives it none.' })
  name!: string;

  @Field(() => String, { description: 'Its type in Solidity.' })
  type!: string;

  @Field(() => String, { description: 'Integers in decimal, bytes in hexadecimal, lists in brackets.' })
  value!: string;
}

@ObjectType({ description: 'A call of a contract of ours, decoded.' })
export class DecodedCall {
  @Field(() => String)
  contract!: string;

  @Field(() => String)
  function!: string;

  @Field(() => String, { description: '`setSwapFee(uint256)`' })
  signature!: string;

  @Field(() => [CallArgument])
  arguments!: readonly CallArgument[];

  @Field(() => String, { description: '`ABLiquidityManager.setSwapFee(25)`; texts in it are quoted.' })
  text!: string;
}

@ObjectType({ description: 'What a proposal does when it is executed.' })
export class ProposalAction {
  /** Of the proposal; no field of the API. */
  chainId!: number;

  @Field(() => AddressScalar)
  target!: string;

  @Field(() => BigIntStringScalar, { description: 'Wei.' })
  value!: string;

  @Field(() => HexDataScalar)
  calldata!: string;
}

@ObjectType()
export class Proposal {
  @Field(() => Int)
  chainId!: number;

  @Field(() => BigIntStringScalar, { description: 'The Governor’s own: an unsigned integer of 256 bits.' })
  id!: string;

  @Field(() => AddressScalar)
  proposer!: string;

  @Field(() => String, {
    description: 'Untrusted text of the proposer’s, perhaps with markup; cut after 10,000 characters.',
  })
  description!: string;

  @Field(() => HashScalar, {
    description: 'keccak256 of the whole description: what queueing and executing ask for.',
  })
  descriptionHash!: string;

  @Field(() => [ProposalAction])
  actions!: readonly ProposalAction[];

  @Field(() => BigIntStringScalar, {
    nullable: true,
    description: 'Votes for and abstaining that it needs; provisional while PENDING.',
  })
  quorum!: string | null;

  @Field(() => GovernanceClock, { description: 'What the next two count.' })
  clock!: Clock;

  @Field(() => Float, { description: 'The moment whose votes count; voting begins with the next one.' })
  votingStarts!: number;

  @Field(() => Float, { description: 'The last moment with voting.' })
  votingEnds!: number;

  @Field(() => BigIntStringScalar, { description: 'Base units of the votes token, as the next two.' })
  forVotes!: string;

  @Field(() => BigIntStringScalar)
  againstVotes!: string;

  @Field(() => BigIntStringScalar)
  abstainVotes!: string;

  @Field(() => Int)
  voteCount!: number;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'From when on it may be executed; null until it is queued.',
  })
  executableAt!: string | null;

  @Field(() => HashScalar)
  txHash!: string;

  @Field(() => HashScalar, { nullable: true })
  queuedTxHash!: string | null;

  @Field(() => HashScalar, { nullable: true })
  executedTxHash!: string | null;

  @Field(() => HashScalar, { nullable: true })
  canceledTxHash!: string | null;

  @Field(() => DateTimeScalar)
  createdAt!: string;

  /** Null where the settings of governance are not known; resolved. */
  knownState!: State | null;
  /** The newest block that changed it; no field of the API. */
  updatedBlock!: number;
}

export const ProposalConnection = connectionOf(Proposal, 'Proposal');

/** The end of the year 9999: what a timelock with an absurd delay promises lies beyond any date. */
const TIME_MAX_SECONDS = 253_402_300_799;

export function proposalOf({ blockTime, state, eta, actions, ...view }: ProposalView): Proposal {
  const { chainId } = view;
  return {
    ...view,
    actions: actions.map((action) => ({ chainId, ...action })),
    knownState: state,
    executableAt: eta === null || eta > TIME_MAX_SECONDS ? null : instantOf(eta),
    createdAt: instantOf(blockTime),
  };
}

@ObjectType()
export class ProposalVote {
  @Field(() => Int)
  chainId!: number;

  @Field(() => AddressScalar)
  voter!: string;

  @Field(() => VoteSupport)
  support!: Support;

  @Field(() => BigIntStringScalar, { description: 'Base units of the votes token.' })
  weight!: string;

  @Field(() => String, { description: 'Untrusted text of the voter’s; cut after 10,000 characters.' })
  reason!: string;

  @Field(() => HashScalar)
  txHash!: string;

  @Field(() => DateTimeScalar)
  time!: string;

  /** No field of the API. */
  blockNumber!: number;
}

export const ProposalVoteConnection = connectionOf(ProposalVote, 'ProposalVote');

export function voteOf({ blockTime, ...view }: VoteView): ProposalVote {
  return { ...view, time: instantOf(blockTime) };
}

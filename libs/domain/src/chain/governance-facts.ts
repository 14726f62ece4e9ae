import type { DomainEvent } from '@abland/kernel';
import type { Address, AmountText, Count, Hash, HexData, UnixSeconds } from '../vocabulary/values.js';
import type { Logged } from './log.js';

/** What the Governor and its votes token count time in (ERC-6372): blocks, or seconds since the epoch. */
export type GovernanceClock = 'BLOCKS' | 'SECONDS';

type OfProposal = Logged & {
  /** The Governor's hash of actions and description, an unsigned integer of 256 bits. */
  readonly proposalId: AmountText;
};

export type ProposalCreated = DomainEvent<
  'ProposalCreated',
  OfProposal & {
    readonly proposer: Address;
    /** One each an action, in the order of execution. */
    readonly targets: readonly Address[];
    /** Wei. */
    readonly values: readonly AmountText[];
    readonly signatures: readonly string[];
    readonly calldatas: readonly HexData[];
    readonly clock: GovernanceClock;
    /** By that clock: the moment whose votes count; voting begins with the next one. */
    readonly voteStart: Count;
    /** By that clock: the last moment with voting. */
    readonly voteEnd: Count;
    readonly description: string;
    /** keccak256 of the description's bytes: what queueing and executing ask for. */
    readonly descriptionHash: Hash;
    /** What the timelock will call the operation, reckoned from the actions and the description. */
    readonly operationId: Hash;
  }
>;
export type ProposalQueued = DomainEvent<
  'ProposalQueued',
  OfProposal & {
    /** The earliest time of execution. */
    readonly eta: UnixSeconds;
  }
>;
export type ProposalExecuted = DomainEvent<'ProposalExecuted', OfProposal>;
export type ProposalCanceled = DomainEvent<'ProposalCanceled', OfProposal>;
/** Its quorum was reached late: the voting goes on. */
export type ProposalExtended = DomainEvent<
  'ProposalExtended',
  OfProposal & {
    /** By the proposal's clock: the last moment with voting from now on. */
    readonly voteEnd: Count;
  }
>;
/** Each voter votes once on a proposal. */
export type VoteCast = DomainEvent<
  'VoteCast',
  OfProposal & {
    readonly voter: Address;
    readonly support: 'AGAINST' | 'FOR' | 'ABSTAIN';
    /** Base units of the votes token that were delegated to the voter at the proposal's voteStart. */
    readonly weight: AmountText;
    readonly reason: string;
    /** `0x` where there are none. */
    readonly params: HexData;
  }
>;

type Change = Logged & { readonly oldValue: AmountText; readonly newValue: AmountText };
type ClockChange = Change & { readonly clock: GovernanceClock };
/** By its clock, from a proposal to its voteStart. */
export type VotingDelaySet = DomainEvent<'VotingDelaySet', ClockChange>;
/** By its clock, how long is voted. */
export type VotingPeriodSet = DomainEvent<'VotingPeriodSet', ClockChange>;
/** By its clock, how long is voted at least after a quorum that was reached late. */
export type VoteExtensionSet = DomainEvent<'VoteExtensionSet', ClockChange>;
/** Who may cancel any proposal that is not executed, and until when. */
export type VetoGranted = DomainEvent<
  'VetoGranted',
  Logged & { readonly guardian: Address; readonly until: UnixSeconds }
>;
/** Base units of votes that a proposer needs. */
export type ProposalThresholdSet = DomainEvent<'ProposalThresholdSet', Change>;
/** Percent of the votes token's supply that has to vote for or abstain. */
export type QuorumNumeratorUpdated = DomainEvent<'QuorumNumeratorUpdated', Change>;
/** Seconds from queueing to execution, at least. */
export type TimelockDelayChanged = DomainEvent<'TimelockDelayChanged', Change>;
/** The Governor queues with another timelock from now on. */
export type GovernanceTimelockChanged = DomainEvent<
  'GovernanceTimelockChanged',
  Logged & { readonly oldTimelock: Address; readonly newTimelock: Address }
>;

type OfOperation = Logged & { readonly operationId: Hash };
type OperationCall = OfOperation & {
  readonly index: Count;
  readonly target: Address;
  /** Wei. */
  readonly value: AmountText;
  readonly calldata: HexData;
};
export type TimelockCallScheduled = DomainEvent<
  'TimelockCallScheduled',
  OperationCall & {
    readonly predecessor: Hash;
    /** Seconds until it may be executed. */
    readonly delay: AmountText;
  }
>;
export type TimelockCallExecuted = DomainEvent<'TimelockCallExecuted', OperationCall>;
export type TimelockOperationCancelled = DomainEvent<'TimelockOperationCancelled', OfOperation>;
/** What the operation's hash was made different from others with. */
export type TimelockSaltTold = DomainEvent<'TimelockSaltTold', OfOperation & { readonly salt: Hash }>;

/** Supply of the votes token came into being; it never grows or shrinks otherwise. */
export type GovernanceTokenMinted = DomainEvent<
  'GovernanceTokenMinted',
  Logged & { readonly to: Address; readonly amount: AmountText }
>;
/** Address zero stands for nobody. */
export type VotesDelegated = DomainEvent<
  'VotesDelegated',
  Logged & { readonly delegator: Address; readonly fromDelegate: Address; readonly toDelegate: Address }
>;
/** How many votes, in base units of the votes token, a delegate has from now on. */
export type DelegateVotesChanged = DomainEvent<
  'DelegateVotesChanged',
  Logged & {
    readonly delegate: Address;
    readonly oldVotes: AmountText;
    readonly newVotes: AmountText;
  }
>;

/**
 * Facts of the Governor, its timelock and its votes token. Texts are whatever a stranger wrote: malformed UTF-8 is replaced,
 * and what is longer than 10,000 characters is cut. Of a log with more than 131,072 bytes of data only these are kept.
 */
export type GovernanceFact =
  | ProposalCreated
  | ProposalQueued
  | ProposalExecuted
  | ProposalCanceled
  | ProposalExtended
  | VoteCast
  | VotingDelaySet
  | VotingPeriodSet
  | VoteExtensionSet
  | VetoGranted
  | ProposalThresholdSet
  | QuorumNumeratorUpdated
  | TimelockDelayChanged
  | GovernanceTimelockChanged
  | TimelockCallScheduled
  | TimelockCallExecuted
  | TimelockOperationCancelled
  | TimelockSaltTold
  | GovernanceTokenMinted
  | VotesDelegated
  | DelegateVotesChanged;

/** The newest schema version of each. */
export const GOVERNANCE_FACT_VERSIONS = {
  ProposalCreated: 1,
  ProposalQueued: 1,
  ProposalExecuted: 1,
  ProposalCanceled: 1,
  ProposalExtended: 1,
  VoteCast: 1,
  VotingDelaySet: 1,
  VotingPeriodSet: 1,
  VoteExtensionSet: 1,
  VetoGranted: 1,
  ProposalThresholdSet: 1,
  QuorumNumeratorUpdated: 1,
  TimelockDelayChanged: 1,
  GovernanceTimelockChanged: 1,
  TimelockCallScheduled: 1,
  TimelockCallExecuted: 1,
  TimelockOperationCancelled: 1,
  TimelockSaltTold: 1,
  GovernanceTokenMinted: 1,
  VotesDelegated: 1,
  DelegateVotesChanged: 1,
} as const satisfies Record<GovernanceFact['type'], number>;

import type { ChainFact } from './chain/facts.js';
import type { OrderEvent } from './order/events.js';
import type { PoolEvent } from './pool/events.js';
import type { RelayerEvent, RelayEvent } from './relay/events.js';
import type { TokenEvent } from './token/events.js';
import type { UserEvent } from './user/events.js';

/** Every event that the log may hold, in its newest shape. */
export type AnyEvent =
  ChainFact | TokenEvent | PoolEvent | OrderEvent | RelayEvent | RelayerEvent | UserEvent;

export type EventType = AnyEvent['type'];

/**
 * The newest schema version of each event type. Changing a shape means: a higher number here, a new schema file, and an
 * upcaster from the version before.
 */
export const EVENT_VERSIONS = {
  BlockIngested: 1,
  BlocksFinalized: 1,
  BlocksReverted: 1,
  CommandRejected: 1,
  CreationFeeUpdated: 1,
  DelegateVotesChanged: 1,
  ForwardRequestExecuted: 1,
  GovernanceTimelockChanged: 1,
  GovernanceTokenMinted: 1,
  LiquidityAdded: 1,
  LiquidityRemoved: 1,
  OrderConfirmed: 1,
  OrderExpired: 1,
  OrderFailed: 1,
  OrderFinalized: 1,
  OrderOutcomeRetracted: 1,
  OrderRequested: 1,
  OrderReverted: 1,
  OrderSubmitted: 1,
  PoolCreated: 1,
  PoolCreationFailed: 1,
  PoolCreationRequested: 1,
  PoolCreationSubmitted: 1,
  PoolDeployed: 1,
  PoolDeploymentRetracted: 1,
  ProfileUpdated: 1,
  ProposalCanceled: 1,
  ProposalCreated: 1,
  ProposalExecuted: 1,
  ProposalQueued: 1,
  ProposalThresholdSet: 1,
  ProtocolFeeUpdated: 1,
  QuorumNumeratorUpdated: 1,
  RelayAttemptFailed: 1,
  RelayAuthorized: 1,
  RelayRefused: 1,
  RelayRequested: 1,
  RelayerTransactionSigned: 1,
  Swap: 1,
  SwapFeeUpdated: 1,
  Sync: 1,
  TimelockCallExecuted: 1,
  TimelockCallScheduled: 1,
  TimelockDelayChanged: 1,
  TimelockOperationCancelled: 1,
  TokenCreated: 1,
  TokenCreationFailed: 1,
  TokenCreationRequested: 1,
  TokenCreationSubmitted: 1,
  TokenDeactivated: 1,
  TokenDeactivationConfirmed: 1,
  TokenDeactivationFailed: 1,
  TokenDeactivationRequested: 1,
  TokenDeactivationRetracted: 1,
  TokenDeactivationSubmitted: 1,
  TokenDeployed: 1,
  TokenDeploymentRetracted: 1,
  TokenMetadataUpdated: 1,
  TransactionFailed: 1,
  Transfer: 1,
  UserErased: 1,
  UserKeyDestroyed: 1,
  UserRegistered: 1,
  UserSignedIn: 1,
  VoteCast: 1,
  VotesDelegated: 1,
  VotingDelaySet: 1,
  VotingPeriodSet: 1,
} as const satisfies Record<EventType, number>;

import { AbiCoder, keccak256, toBeHex, ZeroAddress, ZeroHash } from 'ethers';
import type { Address, GovernanceFact, Hash, VoteCast } from '@abland/domain';
import type { Arguments } from './arguments.js';

type Of<Fact> = Fact extends GovernanceFact
  ? { readonly type: Fact['type']; readonly data: Omit<Fact['data'], 'log'> }
  : never;
export type GovernanceFactData = Of<GovernanceFact>;

/** Null: an event that nobody asks for. `address` is the contract's own. */
type Reader = (args: Arguments, address: Address) => GovernanceFactData | null;
export type GovernanceReaders = Readonly<Record<string, Reader>>;

/** With the log itself beside it, a fact must stay below what one append of the log can hold. */
const CALLDATA_BYTES_MAX = 131_072;

const SUPPORT: readonly VoteCast['data']['support'][] = ['AGAINST', 'FOR', 'ABSTAIN'];

function proposalCreated(args: Arguments, governor: Address): GovernanceFactData {
  const calldatas = args.bytesList('calldatas');
  const bytes = calldatas.reduce((sum, calldata) => sum + calldata.length / 2 - 1, 0);
  if (bytes > CALLDATA_BYTES_MAX) throw new RangeError(`The proposal has ${bytes} bytes of calldata`);
  const call = { targets: args.addresses('targets'), values: args.amounts('values'), calldatas };
  const descriptionHash = keccak256(args.bytes('description'));
  return {
    type: 'ProposalCreated',
    data: {
      proposalId: args.amount('proposalId'),
      proposer: args.address('proposer'),
      ...call,
      signatures: args.untrustedTexts('signatures'),
      voteStart: args.integer('voteStart'),
      voteEnd: args.integer('voteEnd'),
      description: args.untrustedText('description'),
      descriptionHash,
      operationId: operationIdOf(governor, call, descriptionHash),
    },
  };
}

/** As TimelockController.hashOperationBatch reckons it, with the salt that GovernorTimelockControl gives. */
function operationIdOf(
  governor: Address,
  call: {
    readonly targets: readonly string[];
    readonly values: readonly string[];
    readonly calldatas: readonly string[];
  },
  descriptionHash: Hash,
): Hash {
  const salt = toBeHex((BigInt(governor) << 96n) ^ BigInt(descriptionHash), 32);
  return keccak256(
    AbiCoder.defaultAbiCoder().encode(
      ['address[]', 'uint256[]', 'bytes[]', 'bytes32', 'bytes32'],
      [call.targets, call.values, call.calldatas, ZeroHash, salt],
    ),
  );
}

const voteCast = (args: Arguments, params: string): GovernanceFactData => {
  const support = SUPPORT[args.integer('support')];
  if (support === undefined) throw new RangeError(`No such support: ${args.amount('support')}`);
  return {
    type: 'VoteCast',
    data: {
      proposalId: args.amount('proposalId'),
      voter: args.address('voter'),
      support,
      weight: args.amount('weight'),
      reason: args.untrustedText('reason'),
      params,
    },
  };
};

type ChangeType =
  | 'VotingDelaySet'
  | 'VotingPeriodSet'
  | 'ProposalThresholdSet'
  | 'QuorumNumeratorUpdated'
  | 'TimelockDelayChanged';

const change =
  (type: ChangeType, name: string): Reader =>
  (args) => ({ type, data: { oldValue: args.amount(`old${name}`), newValue: args.amount(`new${name}`) } });

export const GOVERNOR_READERS: GovernanceReaders = {
  ProposalCreated: proposalCreated,
  ProposalQueued: (args) => ({
    type: 'ProposalQueued',
    data: { proposalId: args.amount('proposalId'), eta: args.integer('etaSeconds') },
  }),
  ProposalExecuted: (args) => ({
    type: 'ProposalExecuted',
    data: { proposalId: args.amount('proposalId') },
  }),
  ProposalCanceled: (args) => ({
    type: 'ProposalCanceled',
    data: { proposalId: args.amount('proposalId') },
  }),
  VoteCast: (args) => voteCast(args, '0x'),
  VoteCastWithParams: (args) => voteCast(args, args.bytes('params')),
  VotingDelaySet: change('VotingDelaySet', 'VotingDelay'),
  VotingPeriodSet: change('VotingPeriodSet', 'VotingPeriod'),
  ProposalThresholdSet: change('ProposalThresholdSet', 'ProposalThreshold'),
  QuorumNumeratorUpdated: change('QuorumNumeratorUpdated', 'QuorumNumerator'),
  TimelockChange: (args) => ({
    type: 'GovernanceTimelockChanged',
    data: { oldTimelock: args.address('oldTimelock'), newTimelock: args.address('newTimelock') },
  }),
};

const operationCall = (args: Arguments) => ({
  operationId: args.bytes('id'),
  index: args.integer('index'),
  target: args.address('target'),
  value: args.amount('value'),
  calldata: args.bytes('data'),
});

export const TIMELOCK_READERS: GovernanceReaders = {
  CallScheduled: (args) => ({
    type: 'TimelockCallScheduled',
    data: { ...operationCall(args), predecessor: args.bytes('predecessor'), delay: args.amount('delay') },
  }),
  CallExecuted: (args) => ({ type: 'TimelockCallExecuted', data: operationCall(args) }),
  Cancelled: (args) => ({ type: 'TimelockOperationCancelled', data: { operationId: args.bytes('id') } }),
  MinDelayChange: change('TimelockDelayChanged', 'Duration'),
};

export const VOTES_TOKEN_READERS: GovernanceReaders = {
  Transfer: (args) =>
    args.address('from') === ZeroAddress
      ? { type: 'GovernanceTokenMinted', data: { to: args.address('to'), amount: args.amount('value') } }
      : null,
  DelegateChanged: (args) => ({
    type: 'VotesDelegated',
    data: {
      delegator: args.address('delegator'),
      fromDelegate: args.address('fromDelegate'),
      toDelegate: args.address('toDelegate'),
    },
  }),
  DelegateVotesChanged: (args) => ({
    type: 'DelegateVotesChanged',
    data: {
      delegate: args.address('delegate'),
      oldVotes: args.amount('previousVotes'),
      newVotes: args.amount('newVotes'),
    },
  }),
};

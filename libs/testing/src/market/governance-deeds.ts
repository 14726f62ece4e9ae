import type { Deed, Fact } from './market-deeds.js';
import type { SeededRandom } from '../seeded-random.js';

export interface SimulatedProposal {
  readonly id: string;
  readonly operationId: string;
  readonly voters: Set<string>;
  stage: 'OPEN' | 'QUEUED' | 'ENDED';
}

const VOTERS = ['a', 'b', 'c', 'd', 'e'].map((letter) => `0x${letter.repeat(40)}`);
const NOBODY = `0x${'0'.repeat(40)}`;

export const openingGovernance = (): readonly Fact[] => [
  { type: 'GovernanceTokenMinted', data: { to: VOTERS[0], amount: '1000000' } },
  { type: 'TimelockDelayChanged', data: { oldValue: '0', newValue: '60' } },
  { type: 'VotingDelaySet', data: { oldValue: '0', newValue: '1', clock: 'BLOCKS' } },
  { type: 'VotingPeriodSet', data: { oldValue: '0', newValue: '8', clock: 'BLOCKS' } },
  { type: 'ProposalThresholdSet', data: { oldValue: '0', newValue: '1000' } },
  { type: 'QuorumNumeratorUpdated', data: { oldValue: '0', newValue: '4' } },
];

/** A proposal id is an unsigned integer of 256 bits. */
const newId = (random: SeededRandom): string => BigInt(random.hash()).toString();

export const propose: Deed = (state, random) => {
  const proposal: SimulatedProposal = {
    id: newId(random),
    operationId: random.hash(),
    voters: new Set(),
    stage: 'OPEN',
  };
  const voteStart = random.below(40);
  state.proposals.set(proposal.id, proposal);
  return [
    {
      type: 'ProposalCreated',
      data: {
        proposalId: proposal.id,
        proposer: random.pick(VOTERS),
        targets: [random.address()],
        values: ['0'],
        signatures: [''],
        calldatas: [random.hash()],
        clock: 'BLOCKS',
        voteStart,
        voteEnd: voteStart + random.below(8),
        description: `change ${proposal.id}\0`,
        descriptionHash: random.hash(),
        operationId: proposal.operationId,
      },
    },
  ];
};

const vote: Deed = (state, random) => {
  const proposal = pick(state.proposals, random);
  const voter = random.pick(VOTERS);
  if (proposal === null || proposal.voters.has(voter)) return [];
  proposal.voters.add(voter);
  return [
    {
      type: 'VoteCast',
      data: {
        proposalId: proposal.id,
        voter,
        support: random.pick(['FOR', 'AGAINST', 'ABSTAIN']),
        weight: random.amount(100_000n).toString(),
        reason: '',
        params: '0x',
      },
    },
  ];
};

/** One step nearer to its end. */
const advance: Deed = (state, random) => {
  const proposal = pick(state.proposals, random);
  if (proposal === null || proposal.stage === 'ENDED') return [];
  const { id: proposalId, operationId } = proposal;
  if (proposal.stage === 'OPEN' && random.below(3) > 0) {
    proposal.stage = 'QUEUED';
    return [{ type: 'ProposalQueued', data: { proposalId, eta: 1_700_000_000 + random.below(1_000) } }];
  }
  const queued = proposal.stage === 'QUEUED';
  proposal.stage = 'ENDED';
  if (!queued) return [{ type: 'ProposalCanceled', data: { proposalId } }];
  const call = { operationId, index: 0, target: random.address(), value: '0', calldata: '0x' };
  return random.pick<readonly Fact[]>([
    [
      { type: 'TimelockCallExecuted', data: call },
      { type: 'ProposalExecuted', data: { proposalId } },
    ],
    [{ type: 'TimelockCallExecuted', data: call }],
    [{ type: 'TimelockOperationCancelled', data: { operationId } }],
  ]);
};

const changeSetting: Deed = (_, random) => [
  { type: 'QuorumNumeratorUpdated', data: { oldValue: '4', newValue: `${random.below(20)}` } },
];

const delegate: Deed = (_, random) => {
  const [delegator, toDelegate] = [random.pick(VOTERS), random.pick([...VOTERS, NOBODY])];
  return [
    { type: 'VotesDelegated', data: { delegator, fromDelegate: NOBODY, toDelegate } },
    {
      type: 'DelegateVotesChanged',
      data: { delegate: toDelegate, oldVotes: '0', newVotes: random.amount(1_000_000n).toString() },
    },
  ];
};

export const GOVERNANCE_DEEDS: readonly (readonly [Deed, number])[] = [
  [propose, 2],
  [vote, 4],
  [advance, 2],
  [changeSetting, 1],
  [delegate, 1],
];

function pick(
  proposals: ReadonlyMap<string, SimulatedProposal>,
  random: SeededRandom,
): SimulatedProposal | null {
  return proposals.size === 0 ? null : random.pick([...proposals.values()]);
}

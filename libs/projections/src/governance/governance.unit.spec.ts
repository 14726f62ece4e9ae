import { describe, it } from '@jest/globals';
import { chainLaws } from '../testing/chain-laws.js';
import { specify } from '../testing/specification.js';
import { fact, onChain, type Place, txHash } from '../testing/told-events.js';
import { governanceProjection } from './projection.js';
import {
  governanceChanges,
  governanceSettings,
  proposalOperations,
  proposals,
  proposalVotes,
  votingPowers,
} from './tables.js';

const [ALICE, BOB, ZERO] = ['a', 'b', '0'].map((digit) => `0x${digit.repeat(40)}`) as [
  ...[string, string, string],
];
const [OPERATION, OTHER_OPERATION] = ['4', '5'].map((digit) => `0x${digit.repeat(64)}`) as [string, string];
const HASH = `0x${'d'.repeat(64)}`;

const proposed = fact(
  'ProposalCreated',
  {
    ...{ proposalId: '1', proposer: ALICE, targets: [BOB, ALICE], values: ['7', '0'] },
    ...{ signatures: ['a()\0', ''], calldatas: ['0x12', '0x'], clock: 'SECONDS' },
    ...{ voteStart: 40, voteEnd: 90, description: 'why\0', descriptionHash: HASH, operationId: OPERATION },
  },
  { block: 1, log: 2 },
);
const voted = (voter: string, support: 'FOR' | 'AGAINST' | 'ABSTAIN', weight: number, place: Place) =>
  fact(
    'VoteCast',
    { proposalId: '1', voter, support, weight: `${weight}`, reason: 'so\0', params: '0x' },
    place,
  );
const extended = (voteEnd: number, place: Place) =>
  fact('ProposalExtended', { proposalId: '1', voteEnd }, place);
const queued = (place: Place) => fact('ProposalQueued', { proposalId: '1', eta: 500 }, place);
const executedCall = (operationId: string, place: Place) =>
  fact('TimelockCallExecuted', { operationId, index: 0, target: BOB, value: '7', calldata: '0x12' }, place);
const cancelledOperation = (operationId: string, place: Place) =>
  fact('TimelockOperationCancelled', { operationId }, place);
const executed = (place: Place) => fact('ProposalExecuted', { proposalId: '1' }, place);
const canceled = (place: Place) => fact('ProposalCanceled', { proposalId: '1' }, place);
const delegated = (toDelegate: string, place: Place) =>
  fact('VotesDelegated', { delegator: ALICE, fromDelegate: ZERO, toDelegate }, place);
const votesOf = (delegate: string, newVotes: number, place: Place) =>
  fact('DelegateVotesChanged', { delegate, oldVotes: '0', newVotes: `${newVotes}` }, place);
const minted = (amount: number, place: Place) =>
  fact('GovernanceTokenMinted', { to: ALICE, amount: `${amount}` }, place);
const byClock = (type: 'VotingDelaySet' | 'VotingPeriodSet', newValue: number, place: Place) =>
  fact(type, { oldValue: '0', newValue: `${newValue}`, clock: 'BLOCKS' }, place);
const set = (
  type: 'ProposalThresholdSet' | 'QuorumNumeratorUpdated' | 'TimelockDelayChanged',
  newValue: number,
  place: Place,
) => fact(type, { oldValue: '0', newValue: `${newValue}` }, place);

// The operation's end names the operation alone: the proposal's row is found by the operation's.
const { given } = specify(governanceProjection, ['proposals']);

describe('proposals', () => {
  it('have what they do, and the moments of their voting by the clock that counts them', () => {
    given()
      .when(proposed)
      .then(proposals, {
        chain_id: 1,
        proposal_id: '1',
        proposer: ALICE,
        description: 'why\u{fffd}',
        description_hash: HASH,
        actions: [
          { target: BOB, value: '7', signature: 'a()\u{fffd}', calldata: '0x12' },
          { target: ALICE, value: '0', signature: '', calldata: '0x' },
        ],
        clock: 'SECONDS',
        voting_starts: 40,
        voting_ends: 90,
        ...{ for_votes: 0n, against_votes: 0n, abstain_votes: 0n, vote_count: 0 },
        ...{ eta: null, operation_end: null, queued_tx: null, executed_tx: null, canceled_tx: null },
        ...{ tx_hash: txHash(1), block_number: 1, block_time: 10, log_index: 2, updated_block: 1 },
      })
      .then(proposalOperations, { chain_id: 1, operation_id: OPERATION, proposal_id: '1' });
  });

  it.each([
    ['FOR', { for_votes: 5n, against_votes: 0n, abstain_votes: 0n }],
    ['AGAINST', { for_votes: 0n, against_votes: 5n, abstain_votes: 0n }],
    ['ABSTAIN', { for_votes: 0n, against_votes: 0n, abstain_votes: 5n }],
  ] as const)('count a vote %s', (support, sums) => {
    given(proposed)
      .when(voted(ALICE, support, 5, { block: 2, log: 1 }))
      .then(proposals, { ...sums, vote_count: 1, updated_block: 2 })
      .then(proposalVotes, {
        ...{ chain_id: 1, proposal_id: '1', voter: ALICE, support, weight: 5n, reason: 'so\u{fffd}' },
        ...{ tx_hash: txHash(2), block_number: 2, block_time: 20, log_index: 1 },
      });
  });

  it('add votes up', () => {
    given(proposed, voted(ALICE, 'FOR', 5, { block: 2 }))
      .when(voted(BOB, 'FOR', 6, { block: 3 }))
      .then(proposals, { for_votes: 11n, vote_count: 2 });
  });

  it('refuse a second vote of the same voter, and one on nothing', () => {
    given(proposed, voted(ALICE, 'FOR', 5, { block: 2 }))
      .when(voted(ALICE, 'AGAINST', 9, { block: 3 }))
      .thenRefused('A second vote of the same voter');
    given()
      .when(voted(ALICE, 'FOR', 5, { block: 2 }))
      .thenRefused('An event of something unknown');
  });

  it('are queued, and executed or canceled, by a transaction', () => {
    given(proposed)
      .when(queued({ block: 2 }))
      .then(proposals, { eta: 500, queued_tx: txHash(2), updated_block: 2, executed_tx: null });
    given(proposed)
      .when(executed({ block: 3 }))
      .then(proposals, { executed_tx: txHash(3), canceled_tx: null, updated_block: 3 });
    given(proposed)
      .when(canceled({ block: 3 }))
      .then(proposals, { canceled_tx: txHash(3), executed_tx: null, updated_block: 3 });
  });

  it('are voted on for longer where their quorum was reached late', () => {
    given(proposed)
      .when(extended(120, { block: 2 }))
      .then(proposals, { voting_starts: 40, voting_ends: 120, updated_block: 2 });
    given()
      .when(extended(120, { block: 2 }))
      .thenRefused('An event of something unknown');
  });

  it('end with their operation in the timelock', () => {
    given(proposed)
      .when(executedCall(OPERATION, { block: 4 }))
      .then(proposals, { operation_end: 'EXECUTED', updated_block: 4 });
    given(proposed)
      .when(cancelledOperation(OPERATION, { block: 4 }))
      .then(proposals, { operation_end: 'CANCELED', updated_block: 4 });
  });

  it('are not moved by an operation that no proposal stands for, nor by one of another chain', () => {
    given(proposed)
      .when(executedCall(OTHER_OPERATION, { block: 4 }), onChain(2, executedCall(OPERATION, { block: 4 })))
      .thenNothing();
  });
});

describe('the settings of governance', () => {
  it.each([
    ['VOTING_DELAY', byClock('VotingDelaySet', 7, { block: 1 }), 'BLOCKS'],
    ['VOTING_PERIOD', byClock('VotingPeriodSet', 7, { block: 1 }), 'BLOCKS'],
    ['PROPOSAL_THRESHOLD', set('ProposalThresholdSet', 7, { block: 1 }), null],
    ['QUORUM_PERCENT', set('QuorumNumeratorUpdated', 7, { block: 1 }), null],
    ['TIMELOCK_DELAY', set('TimelockDelayChanged', 7, { block: 1 }), null],
    ['VOTES_SUPPLY', minted(7, { block: 1 }), null],
  ])('are %s and each with its clock', (kind, event, clock) => {
    const place = { chain_id: 1, block_number: 1, log_index: 0 };
    given()
      .when(event)
      .then(governanceSettings, { ...place, kind, value: 7n, clock })
      .then(governanceChanges, {
        ...{ ...place, kind, value: 7n, clock, tx_hash: txHash(1), block_time: 10 },
      });
  });

  it('keep every value that they had', () => {
    given(set('QuorumNumeratorUpdated', 4, { block: 1 }))
      .when(set('QuorumNumeratorUpdated', 5, { block: 2, log: 3 }))
      .then(governanceSettings, { kind: 'QUORUM_PERCENT', value: 5n, block_number: 2, log_index: 3 })
      .then(governanceChanges, { value: 4n, block_number: 1 }, { value: 5n, block_number: 2 });
  });

  it('have the supply of votes as all that was minted', () => {
    given(minted(7, { block: 1 }))
      .when(minted(3, { block: 2 }))
      .then(governanceSettings, { kind: 'VOTES_SUPPLY', value: 10n })
      .then(governanceChanges, { value: 7n }, { value: 10n });
  });
});

describe('voting power', () => {
  it('is whom an account votes through, and what was delegated to it', () => {
    given(delegated(BOB, { block: 1 }))
      .when(votesOf(ALICE, 4, { block: 2 }), votesOf(BOB, 9, { block: 2 }))
      .then(
        votingPowers,
        { chain_id: 1, account: ALICE, delegate: BOB, votes: 4n, updated_block: 2 },
        { chain_id: 1, account: BOB, delegate: null, votes: 9n, updated_block: 2 },
      );
  });

  it('goes through nobody where it was delegated to address zero, and stays what it is', () => {
    given(votesOf(ALICE, 4, { block: 1 }), delegated(BOB, { block: 1 }))
      .when(delegated(ZERO, { block: 2 }))
      .then(votingPowers, { delegate: null, votes: 4n, updated_block: 2 });
  });

  chainLaws(governanceProjection, [
    minted(7, { block: 1, log: 0 }),
    byClock('VotingDelaySet', 1, { block: 1, log: 1 }),
    proposed,
    byClock('VotingPeriodSet', 8, { block: 1, log: 3 }),
    set('ProposalThresholdSet', 1, { block: 2, log: 0 }),
    set('QuorumNumeratorUpdated', 4, { block: 2, log: 1 }),
    set('TimelockDelayChanged', 60, { block: 2, log: 2 }),
    delegated(BOB, { block: 3, log: 0 }),
    votesOf(BOB, 9, { block: 3, log: 1 }),
    voted(BOB, 'FOR', 9, { block: 4, log: 0 }),
    extended(120, { block: 4, log: 1 }),
    queued({ block: 5 }),
    executedCall(OPERATION, { block: 6, log: 0 }),
    executed({ block: 6, log: 1 }),
    cancelledOperation(OPERATION, { block: 7, log: 0 }),
    canceled({ block: 7, log: 1 }),
  ]);
});

import type { RecordedEvent } from '@abland/kernel';
import { BadEventError } from '../engine/errors.js';
import { type Handlers, placeOf, rowOf, type Rows } from '../engine/projection.js';
import type { RowOf } from '../engine/table.js';
import { storableText } from '../engine/values.js';
import { proposalOperations, proposals, proposalVotes } from './tables.js';

type Placed = Pick<RecordedEvent, 'metadata'>;
type OfProposal = Placed & { readonly data: { readonly proposalId: string } };
type OfOperation = Placed & { readonly data: { readonly operationId: string } };

const proposalOf = ({ data }: OfProposal) => [rowOf(proposals, { proposal_id: data.proposalId })];

/** An operation that no proposal stands for, one that governance scheduled by itself, changes nothing here. */
const endOfOperation = (end: 'EXECUTED' | 'CANCELED') => ({
  reads: ({ data }: OfOperation) => [rowOf(proposalOperations, { operation_id: data.operationId })],
  apply: (event: OfOperation, rows: Rows): void => {
    const operation = rows.get(proposalOperations, { operation_id: event.data.operationId });
    if (operation === undefined) return;
    rows.patch(
      proposals,
      { proposal_id: operation.proposal_id },
      { operation_end: end, updated_block: placeOf(event).blockNumber },
    );
  },
});

const endOfProposal = (column: 'executed_tx' | 'canceled_tx') => ({
  reads: proposalOf,
  apply: (event: OfProposal, rows: Rows): void => {
    const { txHash, blockNumber } = placeOf(event);
    const changes = { [column]: txHash, updated_block: blockNumber };
    rows.patch(proposals, { proposal_id: event.data.proposalId }, changes);
  },
});

const VOTES_COLUMN = {
  FOR: 'for_votes',
  AGAINST: 'against_votes',
  ABSTAIN: 'abstain_votes',
} as const satisfies Record<string, keyof RowOf<typeof proposals>>;

export const proposalHandlers: Handlers = {
  ProposalCreated: {
    reads: (event) => [
      ...proposalOf(event),
      rowOf(proposalOperations, { operation_id: event.data.operationId }),
    ],
    apply: (event, rows) => {
      const { data } = event;
      const { txHash, blockNumber, blockTime, logIndex } = placeOf(event);
      rows.put(proposals, {
        proposal_id: data.proposalId,
        proposer: data.proposer,
        description: storableText(data.description),
        description_hash: data.descriptionHash,
        actions: data.targets.map((target, index) => ({
          target,
          value: data.values[index] ?? '0',
          signature: storableText(data.signatures[index] ?? ''),
          calldata: data.calldatas[index] ?? '0x',
        })),
        vote_start: data.voteStart,
        vote_end: data.voteEnd,
        for_votes: 0n,
        against_votes: 0n,
        abstain_votes: 0n,
        vote_count: 0,
        eta: null,
        operation_end: null,
        queued_tx: null,
        executed_tx: null,
        canceled_tx: null,
        tx_hash: txHash,
        block_number: blockNumber,
        block_time: blockTime,
        log_index: logIndex,
        updated_block: blockNumber,
      });
      rows.put(proposalOperations, { operation_id: data.operationId, proposal_id: data.proposalId });
    },
  },
  VoteCast: {
    reads: (event) => [
      ...proposalOf(event),
      rowOf(proposalVotes, { proposal_id: event.data.proposalId, voter: event.data.voter }),
    ],
    apply: (event, rows) => {
      const { proposalId, voter, support, weight, reason } = event.data;
      const { txHash, blockNumber, blockTime, logIndex } = placeOf(event);
      const proposal = rows.require(proposals, { proposal_id: proposalId });
      if (rows.get(proposalVotes, { proposal_id: proposalId, voter }) !== undefined) {
        throw new BadEventError('A second vote of the same voter', { proposalId, voter });
      }
      const column = VOTES_COLUMN[support];
      rows.put(proposals, {
        ...proposal,
        [column]: proposal[column] + BigInt(weight),
        vote_count: proposal.vote_count + 1,
        updated_block: blockNumber,
      });
      rows.put(proposalVotes, {
        proposal_id: proposalId,
        voter,
        support,
        weight: BigInt(weight),
        reason: storableText(reason),
        tx_hash: txHash,
        block_number: blockNumber,
        block_time: blockTime,
        log_index: logIndex,
      });
    },
  },
  ProposalQueued: {
    reads: proposalOf,
    apply: (event, rows) => {
      const { txHash, blockNumber } = placeOf(event);
      const { proposalId, eta } = event.data;
      rows.patch(
        proposals,
        { proposal_id: proposalId },
        { eta, queued_tx: txHash, updated_block: blockNumber },
      );
    },
  },
  ProposalExecuted: endOfProposal('executed_tx'),
  ProposalCanceled: endOfProposal('canceled_tx'),
  TimelockCallExecuted: endOfOperation('EXECUTED'),
  TimelockOperationCancelled: endOfOperation('CANCELED'),
};

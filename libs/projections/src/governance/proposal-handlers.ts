import type { RecordedEvent } from '@abland/kernel';
import { BadEventError } from '../engine/errors.js';
import { type Handlers, chainPlaceOf, rowOf, type Rows } from '../engine/projection.js';
import type { RowOf } from '../engine/table.js';
import { storableText } from '../engine/values.js';
import { proposalOperations, proposals, proposalVotes } from './tables.js';

type Placed = Pick<RecordedEvent, 'metadata'>;
type OfProposal = Placed & { readonly data: { readonly proposalId: string } };
type OfOperation = Placed & { readonly data: { readonly operationId: string } };

const proposalOf = (event: OfProposal) => ({
  chain_id: chainPlaceOf(event).chainId,
  proposal_id: event.data.proposalId,
});
const operationOf = (event: OfOperation) => ({
  chain_id: chainPlaceOf(event).chainId,
  operation_id: event.data.operationId,
});
const reads = (event: OfProposal) => [rowOf(proposals, proposalOf(event))];

/** An operation that no proposal stands for, one that governance scheduled by itself, changes nothing here. */
const endOfOperation = (end: 'EXECUTED' | 'CANCELED') => ({
  reads: (event: OfOperation) => [rowOf(proposalOperations, operationOf(event))],
  apply: (event: OfOperation, rows: Rows): void => {
    const operation = rows.get(proposalOperations, operationOf(event));
    if (operation === undefined) return;
    rows.patch(
      proposals,
      { chain_id: operation.chain_id, proposal_id: operation.proposal_id },
      { operation_end: end, updated_block: chainPlaceOf(event).blockNumber },
    );
  },
});

const endOfProposal = (column: 'executed_tx' | 'canceled_tx') => ({
  reads,
  apply: (event: OfProposal, rows: Rows): void => {
    const { txHash, blockNumber } = chainPlaceOf(event);
    const changes = { [column]: txHash, updated_block: blockNumber };
    rows.patch(proposals, proposalOf(event), changes);
  },
});

const VOTES_COLUMN = {
  FOR: 'for_votes',
  AGAINST: 'against_votes',
  ABSTAIN: 'abstain_votes',
} as const satisfies Record<string, keyof RowOf<typeof proposals>>;

export const proposalHandlers: Handlers = {
  ProposalCreated: {
    reads: (event) => [...reads(event), rowOf(proposalOperations, operationOf(event))],
    apply: (event, rows) => {
      const { data } = event;
      const { txHash, blockNumber, blockTime, logIndex } = chainPlaceOf(event);
      rows.put(proposals, {
        ...proposalOf(event),
        proposer: data.proposer,
        description: storableText(data.description),
        description_hash: data.descriptionHash,
        actions: data.targets.map((target, index) => ({
          target,
          value: data.values[index] ?? '0',
          signature: storableText(data.signatures[index] ?? ''),
          calldata: data.calldatas[index] ?? '0x',
        })),
        clock: data.clock,
        voting_starts: data.voteStart,
        voting_ends: data.voteEnd,
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
      rows.put(proposalOperations, { ...operationOf(event), proposal_id: data.proposalId });
    },
  },
  VoteCast: {
    reads: (event) => [
      ...reads(event),
      rowOf(proposalVotes, { ...proposalOf(event), voter: event.data.voter }),
    ],
    apply: (event, rows) => {
      const { voter, support, weight, reason } = event.data;
      const key = { ...proposalOf(event), voter };
      const { txHash, blockNumber, blockTime, logIndex } = chainPlaceOf(event);
      const proposal = rows.require(proposals, proposalOf(event));
      if (rows.get(proposalVotes, key) !== undefined) {
        throw new BadEventError('A second vote of the same voter', key);
      }
      const column = VOTES_COLUMN[support];
      rows.put(proposals, {
        ...proposal,
        [column]: proposal[column] + BigInt(weight),
        vote_count: proposal.vote_count + 1,
        updated_block: blockNumber,
      });
      rows.put(proposalVotes, {
        ...key,
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
    reads,
    apply: (event, rows) => {
      const { txHash, blockNumber } = chainPlaceOf(event);
      const { eta } = event.data;
      rows.patch(proposals, proposalOf(event), { eta, queued_tx: txHash, updated_block: blockNumber });
    },
  },
  ProposalExtended: {
    reads,
    apply: (event, rows) => {
      const { blockNumber } = chainPlaceOf(event);
      const changes = { voting_ends: event.data.voteEnd, updated_block: blockNumber };
      rows.patch(proposals, proposalOf(event), changes);
    },
  },
  ProposalExecuted: endOfProposal('executed_tx'),
  ProposalCanceled: endOfProposal('canceled_tx'),
  TimelockCallExecuted: endOfOperation('EXECUTED'),
  TimelockOperationCancelled: endOfOperation('CANCELED'),
};

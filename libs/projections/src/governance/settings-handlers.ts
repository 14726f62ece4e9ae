import type { RecordedEvent } from '@abland/kernel';
import { type Handlers, placeOf, rowOf, type Rows } from '../engine/projection.js';
import { governanceChanges, governanceSettings } from './tables.js';

export type GovernanceSettingKind =
  | 'VOTING_DELAY'
  | 'VOTING_PERIOD'
  | 'PROPOSAL_THRESHOLD'
  | 'QUORUM_PERCENT'
  | 'TIMELOCK_DELAY'
  | 'VOTES_SUPPLY';

function record(
  kind: GovernanceSettingKind,
  value: bigint,
  event: Pick<RecordedEvent, 'metadata'>,
  rows: Rows,
): void {
  const { blockNumber, blockTime, logIndex, txHash } = placeOf(event);
  rows.put(governanceSettings, { kind, value, block_number: blockNumber, log_index: logIndex });
  rows.insert(governanceChanges, {
    block_number: blockNumber,
    log_index: logIndex,
    kind,
    value,
    tx_hash: txHash,
    block_time: blockTime,
  });
}

type Changed = Pick<RecordedEvent, 'metadata'> & { readonly data: { readonly newValue: string } };

const setting = (kind: GovernanceSettingKind) => ({
  reads: () => [rowOf(governanceSettings, { kind })],
  apply: (event: Changed, rows: Rows): void => record(kind, BigInt(event.data.newValue), event, rows),
});

const SUPPLY = { kind: 'VOTES_SUPPLY' } as const;

export const settingsHandlers: Handlers = {
  VotingDelaySet: setting('VOTING_DELAY'),
  VotingPeriodSet: setting('VOTING_PERIOD'),
  ProposalThresholdSet: setting('PROPOSAL_THRESHOLD'),
  QuorumNumeratorUpdated: setting('QUORUM_PERCENT'),
  TimelockDelayChanged: setting('TIMELOCK_DELAY'),
  GovernanceTokenMinted: {
    reads: () => [rowOf(governanceSettings, SUPPLY)],
    apply: (event, rows) => {
      const supply = rows.get(governanceSettings, SUPPLY)?.value ?? 0n;
      record('VOTES_SUPPLY', supply + BigInt(event.data.amount), event, rows);
    },
  },
};

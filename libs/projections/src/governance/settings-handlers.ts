import type { GovernanceClock } from '@abland/domain';
import type { RecordedEvent } from '@abland/kernel';
import { type Handlers, chainPlaceOf, rowOf, type Rows } from '../engine/projection.js';
import { governanceChanges, governanceSettings } from './tables.js';

export type GovernanceSettingKind =
  | 'VOTING_DELAY'
  | 'VOTING_PERIOD'
  | 'PROPOSAL_THRESHOLD'
  | 'QUORUM_PERCENT'
  | 'TIMELOCK_DELAY'
  | 'VOTES_SUPPLY';

type Placed = Pick<RecordedEvent, 'metadata'>;

function record(
  setting: { readonly kind: GovernanceSettingKind; readonly value: bigint; readonly clock: string | null },
  event: Placed,
  rows: Rows,
): void {
  const { chainId, blockNumber, blockTime, logIndex, txHash } = chainPlaceOf(event);
  const place = { chain_id: chainId, block_number: blockNumber, log_index: logIndex };
  rows.put(governanceSettings, { ...setting, ...place });
  rows.insert(governanceChanges, {
    ...setting,
    ...place,
    tx_hash: txHash,
    block_time: blockTime,
  });
}

type Changed = Placed & { readonly data: { readonly newValue: string; readonly clock?: GovernanceClock } };

const keyOf = (event: Placed, kind: GovernanceSettingKind) => ({
  chain_id: chainPlaceOf(event).chainId,
  kind,
});

const setting = (kind: GovernanceSettingKind) => ({
  reads: (event: Placed) => [rowOf(governanceSettings, keyOf(event, kind))],
  apply: (event: Changed, rows: Rows): void => {
    const { newValue, clock } = event.data;
    record({ kind, value: BigInt(newValue), clock: clock ?? null }, event, rows);
  },
});

export const settingsHandlers: Handlers = {
  VotingDelaySet: setting('VOTING_DELAY'),
  VotingPeriodSet: setting('VOTING_PERIOD'),
  ProposalThresholdSet: setting('PROPOSAL_THRESHOLD'),
  QuorumNumeratorUpdated: setting('QUORUM_PERCENT'),
  TimelockDelayChanged: setting('TIMELOCK_DELAY'),
  GovernanceTokenMinted: {
    reads: (event) => [rowOf(governanceSettings, keyOf(event, 'VOTES_SUPPLY'))],
    apply: (event, rows) => {
      const supply = rows.get(governanceSettings, keyOf(event, 'VOTES_SUPPLY'))?.value ?? 0n;
      record({ kind: 'VOTES_SUPPLY', value: supply + BigInt(event.data.amount), clock: null }, event, rows);
    },
  },
};

import type { GovernanceClock } from '@abland/domain';
import { type RawBuilder, sql } from 'kysely';
import type { ReadModel } from '../read-model/database.js';
import type { Tables } from '../read-model/tables.js';
import type { GovernanceSettingKind } from './settings-handlers.js';
import { governanceChanges } from './tables.js';

export interface GovernanceSettings {
  /** What the next two count. */
  readonly clock: GovernanceClock;
  /** From a proposal to the moment whose votes count. */
  readonly votingDelay: number;
  /** How long is voted. */
  readonly votingPeriod: number;
  /** Base units of votes that a proposer needs. */
  readonly proposalThreshold: string;
  /** Percent of the supply that has to vote for or abstain. */
  readonly quorumPercent: number;
  /** Base units of votes that this is of today's supply. */
  readonly quorum: string;
  /** Seconds between queueing and execution, at least. */
  readonly timelockDelay: number;
  /** Base units of the votes token. */
  readonly votesSupply: string;
  /** The block of the newest change. */
  readonly updatedBlock: number;
}

/** The value that a setting had when the votes of a proposal `p` were counted; null where it had none yet. */
export const settingAtVote = (kind: GovernanceSettingKind, tables: Tables): RawBuilder<unknown> => {
  const untilVote = sql`c.chain_id = p.chain_id AND c.kind = ${sql.lit(kind)}
    AND CASE p.clock WHEN 'BLOCKS' THEN c.block_number ELSE c.block_time END <= p.voting_starts`;
  return sql`
    (SELECT c.value FROM ${tables.rows(governanceChanges, 'c', untilVote)}
     ORDER BY c.block_number DESC, c.log_index DESC LIMIT 1)`;
};

/** What the chain's facts say; null as long as one of the settings was never said. */
export async function governanceSettingsNow(
  db: ReadModel,
  chainId: number,
): Promise<GovernanceSettings | null> {
  const rows = await db
    .selectFrom('governance_settings')
    .select(['kind', 'value', 'clock', 'block_number'])
    .where('chain_id', '=', String(chainId))
    .execute();
  const values = new Map(rows.map((row) => [row.kind, BigInt(row.value)]));
  const value = (kind: GovernanceSettingKind): bigint | undefined => values.get(kind);
  const votingDelay = value('VOTING_DELAY');
  const votingPeriod = value('VOTING_PERIOD');
  const proposalThreshold = value('PROPOSAL_THRESHOLD');
  const quorumPercent = value('QUORUM_PERCENT');
  const timelockDelay = value('TIMELOCK_DELAY');
  const votesSupply = value('VOTES_SUPPLY');
  if (
    votingDelay === undefined ||
    votingPeriod === undefined ||
    proposalThreshold === undefined ||
    quorumPercent === undefined ||
    timelockDelay === undefined ||
    votesSupply === undefined
  ) {
    return null;
  }
  return {
    // One contract's clock counts both.
    clock: rows.find((row) => row.kind === 'VOTING_PERIOD')?.clock as GovernanceClock,
    votingDelay: Number(votingDelay),
    votingPeriod: Number(votingPeriod),
    proposalThreshold: proposalThreshold.toString(),
    quorumPercent: Number(quorumPercent),
    quorum: ((votesSupply * quorumPercent) / 100n).toString(),
    timelockDelay: Number(timelockDelay),
    votesSupply: votesSupply.toString(),
    updatedBlock: Math.max(...rows.map((row) => Number(row.block_number))),
  };
}

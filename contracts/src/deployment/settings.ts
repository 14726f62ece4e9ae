export const ZERO_ADDRESS = '0x0000000000000000000000000000000000000000';
const ZERO_HASH = `0x${'0'.repeat(64)}`;

/** Whose signatures ABCheckpoint takes of a log's tree heads, from its first block on. */
export interface LogSigner {
  /** keccak256 of the log's origin in UTF-8. */
  readonly logId: string;
  readonly signer: string;
}

/** How governance decides. */
export interface GovernanceSettings {
  /** Seconds from a proposal to the start of its voting. */
  readonly votingDelay: number;
  /** Seconds of voting. */
  readonly votingPeriod: number;
  /** Base units of votes that a proposer needs. */
  readonly proposalThreshold: bigint;
  /** Percent of the supply that has to vote for or abstain. */
  readonly quorumPercent: number;
  /** Seconds between queueing and execution. */
  readonly timelockDelay: number;
  /** Seconds that no decision can bring that below. */
  readonly timelockDelayMin: number;
  /** Seconds of voting at least after a quorum that was reached late. */
  readonly voteExtension: number;
  /** Seconds from the deployment for which the guardian may veto what governance decides. */
  readonly vetoPeriod: number;
}

export interface DeploymentOptions {
  /** Receives creation and protocol fees; the timelock where left out. */
  readonly feeRecipient?: string;
  /** May pause swaps and deposits, and veto what governance decides while that lasts; the deployer where left out. */
  readonly guardian?: string;
  /** Wei that a token's creation takes; 0 where left out. */
  readonly creationFee?: bigint;
  /** Receives the whole supply of the governance token; the deployer where left out. */
  readonly governanceTokenHolder?: string;
  /** Who anchors a log; nobody until governance names somebody where left out. */
  readonly anchoring?: LogSigner;
  readonly governance?: Partial<GovernanceSettings>;
}

/** All that a deployment is made of, nothing left to defaults. */
export interface ResolvedOptions {
  readonly feeRecipient: string;
  readonly guardian: string;
  readonly creationFee: bigint;
  readonly governanceTokenHolder: string;
  /** Address zero: nobody. */
  readonly anchoring: LogSigner;
  readonly governance: GovernanceSettings;
}

export const GOVERNANCE_TOKEN = {
  name: 'AB Governance',
  symbol: 'ABG',
  decimals: 18,
  /** Base units: 10^9 whole tokens. */
  totalSupply: 10n ** 27n,
} as const;

/** A day of waiting, a week of voting, two days in the timelock and never less than one, two days to answer a late quorum, a year of veto, a thousandth of the supply to propose, 4 % to decide. */
export const GOVERNANCE_DEFAULTS: GovernanceSettings = {
  votingDelay: 86_400,
  votingPeriod: 604_800,
  proposalThreshold: GOVERNANCE_TOKEN.totalSupply / 1_000n,
  quorumPercent: 4,
  timelockDelay: 172_800,
  timelockDelayMin: 86_400,
  voteExtension: 172_800,
  vetoPeriod: 31_536_000,
};

export function resolveOptions(
  options: DeploymentOptions,
  deployer: string,
  timelock: string,
): ResolvedOptions {
  return {
    feeRecipient: options.feeRecipient ?? timelock,
    guardian: options.guardian ?? deployer,
    creationFee: options.creationFee ?? 0n,
    governanceTokenHolder: options.governanceTokenHolder ?? deployer,
    anchoring: options.anchoring ?? { logId: ZERO_HASH, signer: ZERO_ADDRESS },
    governance: { ...GOVERNANCE_DEFAULTS, ...options.governance },
  };
}

import { getCreateAddress } from 'ethers';
import type { ContractName } from '../compiled/artifact.js';
import { GOVERNANCE_TOKEN, type ResolvedOptions, ZERO_ADDRESS } from './settings.js';

/** Checksummed addresses. */
export interface ContractAddresses {
  readonly forwarder: string;
  readonly tokenFactory: string;
  readonly liquidityManager: string;
  readonly router: string;
  readonly governanceToken: string;
  readonly timelock: string;
  readonly governance: string;
  readonly checkpoint: string;
}

export interface DeploymentStep {
  readonly place: keyof ContractAddresses;
  readonly name: ContractName;
  readonly args: readonly unknown[];
}

/** The order of deployment: a contract's place is its nonce, counted from the deployer's first one. */
const ORDER: readonly (keyof ContractAddresses)[] = [
  'forwarder',
  'tokenFactory',
  'liquidityManager',
  'router',
  'governanceToken',
  'timelock',
  'governance',
  'checkpoint',
];

/** Where the contracts will lie, before any of them exists: so they can name each other in their constructors. */
export function plannedAddresses(deployer: string, firstNonce: number): ContractAddresses {
  const addresses = ORDER.map((place, index) => [
    place,
    getCreateAddress({ from: deployer, nonce: firstNonce + index }),
  ]);
  return Object.fromEntries(addresses) as Record<keyof ContractAddresses, string>;
}

/** One transaction each, in the order of the addresses. */
export function deploymentSteps(to: ContractAddresses, options: ResolvedOptions): readonly DeploymentStep[] {
  const { forwarder, timelock } = to;
  const { anchoring, feeRecipient, guardian, creationFee, governanceTokenHolder, governance } = options;
  const constructors: Readonly<
    Record<keyof ContractAddresses, readonly [ContractName, ...(readonly unknown[])]>
  > = {
    forwarder: ['ABForwarder'],
    tokenFactory: ['ABTokenFactory', forwarder, to.liquidityManager, timelock, feeRecipient, creationFee],
    liquidityManager: [
      'ABLiquidityManager',
      forwarder,
      to.router,
      to.tokenFactory,
      timelock,
      feeRecipient,
      guardian,
    ],
    router: ['ABRouter', forwarder, to.liquidityManager],
    governanceToken: [
      'ABToken',
      GOVERNANCE_TOKEN.name,
      GOVERNANCE_TOKEN.symbol,
      GOVERNANCE_TOKEN.totalSupply,
      GOVERNANCE_TOKEN.decimals,
      governanceTokenHolder,
      ZERO_ADDRESS,
      0n,
    ],
    timelock: ['ABTimelock', governance.timelockDelay, governance.timelockDelayMin, to.governance],
    governance: [
      'ABGovernance',
      to.governanceToken,
      timelock,
      governance.votingDelay,
      governance.votingPeriod,
      governance.proposalThreshold,
      governance.quorumPercent,
      governance.voteExtension,
      governance.vetoPeriod === 0 ? ZERO_ADDRESS : guardian,
      governance.vetoPeriod,
    ],
    checkpoint: ['ABCheckpoint', forwarder, timelock, anchoring.logId, anchoring.signer],
  };
  return ORDER.map((place) => {
    const [name, ...args] = constructors[place];
    return { place, name, args };
  });
}

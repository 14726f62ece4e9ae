import { GOVERNANCE_TOKEN } from '../deployment/settings.js';
import type { NetworkDefinition } from './network.js';

/** The rules of the main network, with delays short enough to try a decision within an hour or two. */
export const AB_CHAIN_TESTNET: NetworkDefinition = {
  name: 'ab-chain-testnet',
  chainId: null,
  confirmations: 2,
  minesOnDemand: false,
  creationFee: 0n,
  governance: {
    votingDelay: 600,
    votingPeriod: 3_600,
    proposalThreshold: GOVERNANCE_TOKEN.totalSupply / 1_000n,
    quorumPercent: 4,
    timelockDelay: 3_600,
    timelockDelayMin: 600,
    voteExtension: 600,
    vetoPeriod: 31_536_000,
  },
  namedRoles: ['governanceTokenHolder'],
};

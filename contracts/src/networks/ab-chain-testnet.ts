import { GOVERNANCE_TOKEN } from '../deployment/settings.js';
import type { NetworkDefinition } from './network.js';

/** The rules of the main network, with delays short enough to try a decision within an hour or two. */
export const AB_CHAIN_TESTNET: NetworkDefinition = {
  name: 'ab-chain-testnet',
  chainId: null,
  confirmations: 2,
  creationFee: 0n,
  governance: {
    votingDelay: 50,
    votingPeriod: 300,
    proposalThreshold: GOVERNANCE_TOKEN.totalSupply / 1_000n,
    quorumPercent: 4,
    timelockDelay: 3_600,
  },
  namedRoles: ['governanceTokenHolder'],
};

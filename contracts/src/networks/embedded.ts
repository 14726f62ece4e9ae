import { GOVERNANCE_TOKEN } from '../deployment/settings.js';
import type { NetworkDefinition } from './network.js';

/** The chain that `npm start` runs: a decision within a minute, a block a second while a voting is open. */
export const EMBEDDED: NetworkDefinition = {
  name: 'embedded',
  chainId: 31_337,
  confirmations: 1,
  minesOnDemand: true,
  creationFee: 0n,
  governance: {
    votingDelay: 1,
    votingPeriod: 30,
    proposalThreshold: GOVERNANCE_TOKEN.totalSupply / 1_000n,
    quorumPercent: 4,
    timelockDelay: 10,
    timelockDelayMin: 1,
    voteExtension: 5,
    vetoPeriod: 31_536_000,
  },
  namedRoles: [],
};

import { GOVERNANCE_DEFAULTS } from '../deployment/settings.js';
import type { NetworkDefinition } from './network.js';

/** Real money: full delays, and nothing falls to the deployer's account. Fees go to the timelock unless somebody is named. */
export const AB_CHAIN_MAINNET: NetworkDefinition = {
  name: 'ab-chain-mainnet',
  chainId: null,
  confirmations: 12,
  minesOnDemand: false,
  creationFee: 0n,
  governance: GOVERNANCE_DEFAULTS,
  namedRoles: ['guardian', 'governanceTokenHolder'],
};

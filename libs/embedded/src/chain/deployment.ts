import type { Signer } from 'ethers';
import { deployContracts, type ContractAddresses, type GovernanceSettings } from '@abland/contracts';

/** A decision within a minute: the chain makes a block a second while a voting is open. */
const GOVERNANCE: Partial<GovernanceSettings> = { votingDelay: 1, votingPeriod: 30, timelockDelay: 10 };

/** Deploys AB.LAND's contracts; the same addresses at every first start, since the deployer does nothing else. */
export async function deployAblandContracts(deployer: Signer): Promise<ContractAddresses> {
  const {
    chainId: _chainId,
    blockNumber: _blockNumber,
    ...contracts
  } = await deployContracts(deployer, { governance: GOVERNANCE });
  return contracts;
}

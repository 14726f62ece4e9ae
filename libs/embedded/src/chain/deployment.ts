import type { Signer } from 'ethers';
import { deployContracts, EMBEDDED, type ContractAddresses, type LogSigner } from '@abland/contracts';

/** Deploys AB.LAND's contracts; the same addresses at every first start, since the deployer does nothing else. */
export async function deployAblandContracts(
  deployer: Signer,
  anchoring?: LogSigner,
): Promise<ContractAddresses> {
  const { governance } = EMBEDDED;
  const {
    chainId: _chainId,
    blockNumber: _blockNumber,
    ...contracts
  } = await deployContracts(deployer, {
    governance,
    ...(anchoring === undefined ? {} : { anchoring }),
  });
  return contracts;
}

import { ContractFactory, type Signer } from 'ethers';
import { readArtifact, type Artifact, type ContractName } from '../compiled/artifact.js';
import { DeploymentVerificationError } from './errors.js';
import { mined } from './mined.js';
import { deploymentSteps, plannedAddresses, type ContractAddresses, type DeploymentStep } from './plan.js';
import { resolveOptions, type DeploymentOptions } from './settings.js';
import { verifyDeployment } from './verification.js';

export interface Deployment extends ContractAddresses {
  readonly chainId: number;
  /** The first block that has one of the contracts: no fact of theirs lies before it. */
  readonly blockNumber: number;
}

/** Where the compiled contracts come from: the committed ones, or others built from the same sources. */
export type ArtifactSource = (name: ContractName) => Artifact | Promise<Artifact>;

/**
 * Deploys all contracts from the signer's next nonce on, one transaction each, and checks what came of it. The addresses
 * follow from the deployer and that nonce alone. Nothing else may be sent from the signer meanwhile.
 *
 * The timelock owns everything from the start; the deployer keeps no power but those that the options give it.
 *
 * @throws DeploymentVerificationError where an address, the code or the wiring is not as meant
 */
export async function deployContracts(
  signer: Signer,
  options: DeploymentOptions = {},
  artifactOf: ArtifactSource = readArtifact,
): Promise<Deployment> {
  const { provider } = signer;
  if (provider === null) throw new TypeError('the deploying signer has no provider');
  const deployer = await signer.getAddress();
  const firstNonce = await provider.getTransactionCount(deployer, 'pending');
  const addresses = plannedAddresses(deployer, firstNonce);
  const resolved = resolveOptions(options, deployer, addresses.timelock);

  const blockNumbers: number[] = [];
  for (const [index, step] of deploymentSteps(addresses, resolved).entries()) {
    blockNumbers.push(await deploy(signer, step, await artifactOf(step.name), firstNonce + index, addresses));
  }
  await verifyDeployment(provider, addresses, resolved, deployer);
  return {
    ...addresses,
    chainId: Number((await provider.getNetwork()).chainId),
    blockNumber: Math.min(...blockNumbers),
  };
}

/** Returns the number of the block that has it. */
async function deploy(
  signer: Signer,
  { place, name, args }: DeploymentStep,
  { abi, bytecode }: Artifact,
  nonce: number,
  addresses: ContractAddresses,
): Promise<number> {
  const contract = await new ContractFactory(abi, bytecode, signer).deploy(...args, { nonce });
  const sent = contract.deploymentTransaction();
  const receipt = sent === null ? null : await mined(name, sent);
  if (receipt?.contractAddress !== addresses[place]) {
    throw new DeploymentVerificationError([
      `${name}: expected at ${addresses[place]}, found at ${receipt?.contractAddress ?? 'no address'}`,
    ]);
  }
  return receipt.blockNumber;
}

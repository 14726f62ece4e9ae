import { ContractFactory, dataLength, type Provider } from 'ethers';
import { readArtifact } from '../compiled/artifact.js';
import { deploymentSteps, plannedAddresses, type ContractAddresses, type DeploymentStep } from './plan.js';
import { resolveOptions, type DeploymentOptions, type ResolvedOptions } from './settings.js';

export interface PlannedContract extends DeploymentStep {
  readonly address: string;
  /** Of the deployer's transaction. */
  readonly nonce: number;
}

/** Everything that a deployment will do, before any of it is done. */
export interface DeploymentPlan {
  readonly deployer: string;
  readonly firstNonce: number;
  readonly addresses: ContractAddresses;
  readonly options: ResolvedOptions;
  readonly contracts: readonly PlannedContract[];
}

/** The same for the same three, whatever has been done of it already. */
export function planDeployment(
  deployer: string,
  firstNonce: number,
  options: DeploymentOptions,
): DeploymentPlan {
  const addresses = plannedAddresses(deployer, firstNonce);
  const resolved = resolveOptions(options, deployer, addresses.timelock);
  const contracts = deploymentSteps(addresses, resolved).map((step, index) => ({
    ...step,
    address: addresses[step.place],
    nonce: firstNonce + index,
  }));
  return { deployer, firstNonce, addresses, options: resolved, contracts };
}

/** The data of the transaction that makes the contract. */
export async function creationData({ name, args }: PlannedContract): Promise<string> {
  const { abi, bytecode } = readArtifact(name);
  const { data } = await new ContractFactory(abi, bytecode).getDeployTransaction(...args);
  return data;
}

const GAS_BASE = 53_000n;
const GAS_PER_DATA_BYTE = 16n;
const GAS_PER_CODE_BYTE = 200n;

export interface GasEstimate {
  readonly gas: bigint;
  /** True where the node could not run it, because it needs contracts that are only planned: then this is without storage. */
  readonly isLeast: boolean;
}

/** What a planned contract's transaction takes. */
export async function estimateGas(
  provider: Provider,
  deployer: string,
  planned: PlannedContract,
): Promise<GasEstimate> {
  const data = await creationData(planned);
  try {
    return { gas: await provider.estimateGas({ from: deployer, data }), isLeast: false };
  } catch {
    const code = dataLength(readArtifact(planned.name).deployedBytecode);
    const gas = GAS_BASE + GAS_PER_DATA_BYTE * BigInt(dataLength(data)) + GAS_PER_CODE_BYTE * BigInt(code);
    return { gas, isLeast: true };
  }
}

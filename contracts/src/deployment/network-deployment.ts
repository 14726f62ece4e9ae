import { isError, type Provider, type Signer, type TransactionReceipt } from 'ethers';
import type { ContractName } from '../compiled/artifact.js';
import { creationData, type DeploymentPlan, type PlannedContract } from './deployment-plan.js';
import { DeploymentPlanError, DeploymentVerificationError } from './errors.js';
import { mined, type MinedOptions, nonceMined } from './mined.js';
import type { ContractAddresses } from './plan.js';
import { codeDifference } from '../compiled/runtime-code.js';
import { verifyDeployment } from './verification.js';

/** A contract that lies where it was planned, made by this transaction. */
export interface DeployedContract {
  readonly place: keyof ContractAddresses;
  readonly name: ContractName;
  readonly address: string;
  readonly transactionHash: string;
  readonly blockNumber: number;
}

export interface ExecutionOptions {
  /** Blocks that a transaction must have, its own included. */
  readonly confirmations: number;
  /** Milliseconds for each transaction to have them; default: a quarter of an hour. */
  readonly minedWithinMs?: number;
  /** Transactions of contracts that were made before, by their places, where they were recorded. */
  readonly known?: ReadonlyMap<string, string>;
  /** Called for every contract that lies in its place, whether it was just made or found there. */
  readonly onDeployed?: (contract: DeployedContract, isNew: boolean) => Promise<void>;
}

/**
 * Makes every contract of the plan that is not there yet, one transaction each. What was made before a failure, or is made by another
 * deployment at the same time, is found in its place, compared byte by byte, and not made again.
 *
 * @throws DeploymentPlanError where the deployer's nonces were used for something else, or a transaction is not mined in time
 * @throws DeploymentVerificationError where other code lies in a planned place
 */
export async function executePlan(
  signer: Signer,
  plan: DeploymentPlan,
  { confirmations, known, minedWithinMs, onDeployed }: ExecutionOptions,
): Promise<readonly DeployedContract[]> {
  const provider = providerOf(signer);
  const deployed: DeployedContract[] = [];
  for (const planned of plan.contracts) {
    const isFree = (await provider.getTransactionCount(plan.deployer, 'pending')) <= planned.nonce;
    const waiting = { confirmations, withinMs: minedWithinMs };
    const made = isFree ? await create(signer, planned, waiting) : null;
    const receipt =
      made ??
      (await receiptOf(provider, known?.get(planned.place))) ??
      (await find(provider, plan.deployer, planned, minedWithinMs));
    if (receipt.contractAddress !== planned.address) {
      throw new DeploymentPlanError(
        `nonce ${planned.nonce} of ${plan.deployer} made no ${planned.name}: see ${receipt.hash}`,
      );
    }
    const difference = await codeDifference(provider, planned.name, planned.address);
    if (difference !== null) throw new DeploymentVerificationError([difference]);
    const { place, name, address } = planned;
    const contract = {
      place,
      name,
      address,
      transactionHash: receipt.hash,
      blockNumber: receipt.blockNumber,
    };
    deployed.push(contract);
    await onDeployed?.(contract, made !== null);
  }
  return deployed;
}

/**
 * Reads back everything that was planned: code byte by byte, owners, roles and parameters.
 *
 * @throws DeploymentVerificationError with everything that differs
 */
export async function verifyPlan(provider: Provider, plan: DeploymentPlan): Promise<void> {
  const differences: string[] = [];
  for (const { name, address } of plan.contracts) {
    const difference = await codeDifference(provider, name, address);
    if (difference !== null) differences.push(difference);
  }
  // Code that is not ours answers anything or nothing.
  if (differences.length > 0) throw new DeploymentVerificationError(differences);
  await verifyDeployment(provider, plan.addresses, plan.options, plan.deployer);
}

/** Null where its nonce was used in the meantime. */
async function create(
  signer: Signer,
  planned: PlannedContract,
  waiting: MinedOptions,
): Promise<TransactionReceipt | null> {
  const { nonce, name } = planned;
  const data = await creationData(planned);
  const sent = await signer.sendTransaction({ data, nonce }).catch((error: unknown) => {
    if (isError(error, 'NONCE_EXPIRED') || isError(error, 'REPLACEMENT_UNDERPRICED')) return null;
    throw error;
  });
  return sent === null ? null : mined(name, sent, waiting);
}

const receiptOf = async (provider: Provider, hash: string | undefined): Promise<TransactionReceipt | null> =>
  hash === undefined ? null : provider.getTransactionReceipt(hash);

/**
 * The transaction of a nonce that is used already: the newest block before which it was not, by bisection. Where it is sent and not mined
 * yet it is waited for.
 */
async function find(
  provider: Provider,
  deployer: string,
  { nonce, name }: PlannedContract,
  withinMs?: number,
): Promise<TransactionReceipt> {
  await nonceMined(name, async () => (await provider.getTransactionCount(deployer)) > nonce, withinMs);
  let [low, high] = [0, await provider.getBlockNumber()];
  if ((await provider.getTransactionCount(deployer, high)) <= nonce) {
    throw new DeploymentPlanError(`${name}: nonce ${nonce} of ${deployer} is sent but not mined; try again`);
  }
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if ((await provider.getTransactionCount(deployer, middle)) > nonce) high = middle;
    else low = middle + 1;
  }
  const block = await provider.getBlock(low, true);
  const made = block?.prefetchedTransactions.find((one) => one.from === deployer && one.nonce === nonce);
  const receipt = made === undefined ? null : await provider.getTransactionReceipt(made.hash);
  if (receipt === null)
    throw new DeploymentPlanError(`${name}: the node does not know nonce ${nonce} of ${deployer}`);
  return receipt;
}

function providerOf({ provider }: Signer): Provider {
  if (provider === null) throw new TypeError('the deploying signer has no provider');
  return provider;
}

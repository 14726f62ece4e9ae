import { readCompiler } from '../compiled/artifact.js';
import { planDeployment, type DeploymentPlan } from './deployment-plan.js';
import { DeploymentPlanError } from './errors.js';
import type { DeployedContract } from './network-deployment.js';
import { creationCodeHash, runtimeCodeHash } from '../compiled/runtime-code.js';
import type { DeploymentOptions } from './settings.js';

/** What deployments/<chain id>.json holds; amounts are decimal text. */
export interface DeploymentRecord {
  readonly network: string;
  readonly chainId: number;
  /** `unfinished` until everything was read back: then the same command goes on with it. */
  readonly status: 'unfinished' | 'complete';
  readonly deployer: string;
  readonly firstNonce: number;
  /** The first block that has one of the contracts, or null as long as there is none. */
  readonly blockNumber: number | null;
  readonly addresses: Readonly<Record<string, string>>;
  readonly options: unknown;
  readonly contracts: readonly ContractRecord[];
  readonly compiler: { readonly version: string; readonly settings: unknown };
}

interface ContractRecord {
  readonly name: string;
  readonly place: string;
  readonly address: string;
  readonly args: readonly unknown[];
  readonly creationCodeHash: string;
  /** With zeros for what the constructor writes into it. */
  readonly runtimeCodeHash: string;
  readonly transactionHash: string | null;
  readonly blockNumber: number | null;
}

const AMOUNTS = ['creationFee', 'proposalThreshold'];

/** Everything about the deployment that an auditor needs; complete only when it says so. */
export function deploymentRecord(
  network: string,
  chainId: number,
  plan: DeploymentPlan,
  deployed: readonly DeployedContract[],
  status: DeploymentRecord['status'],
): DeploymentRecord {
  const { version, settings } = readCompiler();
  const found = new Map(deployed.map((contract) => [contract.place, contract]));
  const blocks = deployed.map(({ blockNumber }) => blockNumber);
  return {
    network,
    chainId,
    status,
    deployer: plan.deployer,
    firstNonce: plan.firstNonce,
    blockNumber: blocks.length === 0 ? null : Math.min(...blocks),
    addresses: { ...plan.addresses },
    options: plan.options,
    contracts: plan.contracts.map(({ name, place, address, args }) => ({
      name,
      place,
      address,
      args,
      creationCodeHash: creationCodeHash(name),
      runtimeCodeHash: runtimeCodeHash(name),
      transactionHash: found.get(place)?.transactionHash ?? null,
      blockNumber: found.get(place)?.blockNumber ?? null,
    })),
    compiler: { version, settings },
  };
}

const asText = (value: unknown, indent?: number): string =>
  JSON.stringify(
    value,
    (_key, inner: unknown) => (typeof inner === 'bigint' ? inner.toString() : inner),
    indent,
  );

export const formatRecord = (record: DeploymentRecord): string => `${asText(record, 2)}\n`;

export const parseRecord = (text: string): DeploymentRecord =>
  JSON.parse(text, (key, value: unknown) =>
    AMOUNTS.includes(key) && typeof value === 'string' ? BigInt(value) : value,
  ) as DeploymentRecord;

/** The plan that a record was made from. */
export const recordedPlan = ({ deployer, firstNonce, options }: DeploymentRecord): DeploymentPlan =>
  planDeployment(deployer, firstNonce, options as DeploymentOptions);

/** The transactions that a record knows, by the places of their contracts. */
export const recordedTransactions = (record: DeploymentRecord | null): ReadonlyMap<string, string> =>
  new Map(
    (record?.contracts ?? []).flatMap(({ place, transactionHash }) =>
      transactionHash === null ? [] : [[place, transactionHash] as const],
    ),
  );

/**
 * The plan to go on with: the recorded one where a deployment was begun, else a new one from the deployer's next nonce on.
 *
 * @throws DeploymentPlanError where the record is complete, or was begun otherwise
 */
export function continuedPlan(
  record: DeploymentRecord | null,
  network: string,
  deployer: string,
  nextNonce: number,
  options: DeploymentOptions,
): DeploymentPlan {
  if (record === null) return planDeployment(deployer, nextNonce, options);
  if (record.status === 'complete') {
    throw new DeploymentPlanError(`${record.network} has a complete deployment on chain ${record.chainId}`);
  }
  const begun = recordedPlan(record);
  const again = planDeployment(deployer, begun.firstNonce, options);
  const same =
    record.network === network &&
    asText(begun) === asText(again) &&
    record.contracts.every(({ creationCodeHash: hash }, index) => {
      const planned = again.contracts[index];
      return planned !== undefined && hash === creationCodeHash(planned.name);
    });
  if (same) return begun;
  throw new DeploymentPlanError(
    'the deployment was begun with another deployer, other code or other parameters; move its record away to begin anew',
  );
}

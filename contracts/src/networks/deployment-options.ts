import { getAddress, id, isAddress } from 'ethers';
import { NetworkMismatchError } from '../deployment/errors.js';
import type { DeploymentOptions, LogSigner } from '../deployment/settings.js';
import { AB_CHAIN_MAINNET } from './ab-chain-mainnet.js';
import { AB_CHAIN_TESTNET } from './ab-chain-testnet.js';
import { EMBEDDED } from './embedded.js';
import type { NetworkDefinition, Role } from './network.js';

export const NETWORKS: readonly NetworkDefinition[] = [EMBEDDED, AB_CHAIN_TESTNET, AB_CHAIN_MAINNET];

type Environment = Readonly<Record<string, string | undefined>>;

/** Accounts come from the environment, never from the repository. */
const ROLE_VARIABLES: Readonly<Record<Role, string>> = {
  feeRecipient: 'FEE_RECIPIENT_ADDRESS',
  guardian: 'GUARDIAN_ADDRESS',
  governanceTokenHolder: 'GOVERNANCE_TOKEN_HOLDER_ADDRESS',
};

/** @throws NetworkMismatchError where there is no such network */
export function networkOf(name: string): NetworkDefinition {
  const network = NETWORKS.find((one) => one.name === name);
  if (network !== undefined) return network;
  throw new NetworkMismatchError(
    `no network ${name}; there are ${NETWORKS.map((one) => one.name).join(', ')}`,
  );
}

/** @throws NetworkMismatchError where a role that the network wants named is not, or is no address */
export function deploymentOptions(network: NetworkDefinition, env: Environment): DeploymentOptions {
  const roles: Partial<Record<Role, string>> = {};
  for (const [role, variable] of Object.entries(ROLE_VARIABLES) as [Role, string][]) {
    const value = env[variable];
    if (value === undefined || value === '') {
      if (!network.namedRoles.includes(role)) continue;
      throw new NetworkMismatchError(`${network.name} wants ${variable} to be set`);
    }
    if (!isAddress(value)) throw new NetworkMismatchError(`${variable} must be an address, not ${value}`);
    roles[role] = getAddress(value);
  }
  const anchoring = logSigner(network, env);
  return {
    ...roles,
    ...(anchoring === null ? {} : { anchoring }),
    creationFee: network.creationFee,
    governance: network.governance,
  };
}

/** Who anchors which log, or nobody yet. */
function logSigner({ name }: NetworkDefinition, env: Environment): LogSigner | null {
  const [signer = '', origin = ''] = [env['ANCHOR_SIGNER_ADDRESS'], env['LOG_ORIGIN']];
  if (signer === '') return null;
  if (!isAddress(signer))
    throw new NetworkMismatchError(`ANCHOR_SIGNER_ADDRESS must be an address, not ${signer}`);
  if (origin === '')
    throw new NetworkMismatchError(`${name} wants LOG_ORIGIN to be set with ANCHOR_SIGNER_ADDRESS`);
  return { logId: id(origin), signer: getAddress(signer) };
}

/**
 * The chain id that the network has, or that the operator states by CHAIN_ID where the network leaves it open.
 *
 * @throws NetworkMismatchError where nobody states it, or the node tells another
 */
export function requireChain(network: NetworkDefinition, env: Environment, told: bigint): number {
  const stated = network.chainId ?? Number(env['CHAIN_ID'] ?? NaN);
  if (!Number.isSafeInteger(stated))
    throw new NetworkMismatchError(`${network.name} wants CHAIN_ID to be set`);
  if (BigInt(stated) === told) return stated;
  throw new NetworkMismatchError(`the node is of chain ${told}, not of ${stated} (${network.name})`);
}

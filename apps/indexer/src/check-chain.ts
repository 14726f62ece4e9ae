import {
  ChainRpc,
  chainTopic,
  type DeploymentSetting,
  DeploymentUnfitError,
  newestBlockAfter,
  readMessage,
  requireDeployment,
  requireDeploymentStill,
} from '@abland/chain';
import { failureClassOf, type Logger, type LogStream, mayPass, silentLogger } from '@abland/kernel';
import { type ChainConfig, ConfigError } from '@abland/platform';

export interface CheckedParts {
  readonly chain: ChainConfig;
  readonly logger: Logger;
  readonly logStream: LogStream;
}

/** How a chain is found at the start. */
export interface FirstLook {
  readonly check: () => Promise<void>;
  readonly chainId: number;
  /** Whether what refuses the chain refuses the start: it may not where others are followed beside it. */
  readonly isOnly: boolean;
  readonly logger: Logger;
}

/**
 * Whether the chain was found to be as it must be; false where it cannot be asked now, or stands alone with what is wrong.
 * @throws WrongChainError, ConfigError
 */
export async function isAsTold({ chainId, check, isOnly, logger }: FirstLook): Promise<boolean> {
  try {
    await check();
    return true;
  } catch (error) {
    const passes = mayPass(failureClassOf(error));
    if (!passes && isOnly) throw error;
    if (passes) logger.warn({ err: error, chainId }, 'no provider of the chain answers, trying again');
    else logger.error({ err: error, chainId }, 'the chain is refused and not followed; the others are');
    return false;
  }
}

/**
 * That a provider serves the chain, and that our contracts are on it as they are told. Of a chain that was followed before and put back
 * since its id alone is asked for.
 * @throws ConfigError by the name of the variable that told of a contract; WrongChainError
 */
export async function checkChain(parts: CheckedParts): Promise<void> {
  const { chainId, requestsPerSecond, rpcUrls: urls } = parts.chain;
  const rpc = new ChainRpc({ urls, chainId, requestsPerSecond, logger: silentLogger }); // whoever asked tells what it fails of
  try {
    await checkChainBy(rpc, parts);
  } finally {
    rpc.close();
  }
}

/** As `checkChain`, by what follows the chain afterwards: what its providers fail of is known of them. */
export async function checkChainBy(rpc: ChainRpc, { chain, logStream }: CheckedParts): Promise<void> {
  try {
    const last = await logStream.last(chainTopic(chain.chainId));
    if (last === null) return await requireDeployment(rpc, chain);
    const read = readMessage(last.value);
    // What a newer version published, and has asked for, cannot be read here.
    const to = read.kind === 'read' ? newestBlockAfter(read.message, chain.finalityDepth) : Infinity;
    await requireDeploymentStill(rpc, chain.contracts, to);
  } catch (error) {
    if (!(error instanceof DeploymentUnfitError)) throw error;
    throw asConfigError(error, chain);
  }
}

/** By the variable, or by the place in the file, that told of the contract. */
function asConfigError({ message, setting }: DeploymentUnfitError, { path }: ChainConfig): ConfigError {
  if (path === undefined) return new ConfigError(VARIABLES[setting], message);
  return new ConfigError('CHAINS_FILE', message, `${path}.${PLACES[setting]}`);
}

const VARIABLES: Readonly<Record<DeploymentSetting, string>> = {
  tokenFactory: 'TOKEN_FACTORY_ADDRESS',
  liquidityManager: 'LIQUIDITY_MANAGER_ADDRESS',
  router: 'ROUTER_ADDRESS',
  forwarder: 'FORWARDER_ADDRESS',
  checkpoint: 'CHECKPOINT_ADDRESS',
  governor: 'GOVERNANCE_ADDRESS',
  timelock: 'TIMELOCK_ADDRESS',
  token: 'GOVERNANCE_TOKEN_ADDRESS',
  startBlock: 'CHAIN_START_BLOCK',
};

const PLACES: Readonly<Record<DeploymentSetting, string>> = {
  tokenFactory: 'contracts.tokenFactory',
  liquidityManager: 'contracts.liquidityManager',
  router: 'contracts.router',
  forwarder: 'contracts.forwarder',
  checkpoint: 'contracts.checkpoint',
  governor: 'contracts.governance.governor',
  timelock: 'contracts.governance.timelock',
  token: 'contracts.governance.token',
  startBlock: 'startBlock',
};

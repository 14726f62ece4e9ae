import {
  ChainRpc,
  chainTopic,
  type ContractRole,
  DeploymentUnfitError,
  requireDeployment,
} from '@abland/chain';
import { failureClassOf, type Logger, type LogStream, mayPass } from '@abland/kernel';
import { type ChainConfig, ConfigError } from '@abland/platform';

export interface CheckedParts {
  readonly chain: ChainConfig;
  readonly logger: Logger;
  readonly logStream: LogStream;
}

/**
 * Whether the chain was found to be as it must be; false where it cannot be asked now.
 * @throws WrongChainError, ConfigError
 */
export async function isAsTold(
  check: () => Promise<void>,
  chainId: number,
  logger: Logger,
): Promise<boolean> {
  try {
    await check();
    return true;
  } catch (error) {
    if (!mayPass(failureClassOf(error))) throw error;
    logger.warn({ err: error, chainId }, 'no provider of the chain answers, trying again');
    return false;
  }
}

/**
 * That a provider serves the chain, and that our contracts are on it as they are told. Of the id alone where the chain was followed
 * before: it may have been restored to a day before our contracts.
 * @throws ConfigError by the name of the variable that told of a contract; WrongChainError
 */
export async function checkChain({ chain, logger, logStream }: CheckedParts): Promise<void> {
  const { chainId, rpcUrls: urls } = chain;
  const rpc = new ChainRpc({ urls, chainId, logger });
  try {
    await rpc.request('eth_blockNumber');
    if ((await logStream.last(chainTopic(chainId))) === null) await requireDeployment(rpc, chain);
  } catch (error) {
    if (!(error instanceof DeploymentUnfitError)) throw error;
    throw new ConfigError(VARIABLES[error.role], error.message);
  } finally {
    rpc.close();
  }
}

const VARIABLES: Readonly<Record<ContractRole, string>> = {
  tokenFactory: 'TOKEN_FACTORY_ADDRESS',
  liquidityManager: 'LIQUIDITY_MANAGER_ADDRESS',
  forwarder: 'FORWARDER_ADDRESS',
  checkpoint: 'CHECKPOINT_ADDRESS',
  governor: 'GOVERNANCE_ADDRESS',
  timelock: 'TIMELOCK_ADDRESS',
  token: 'GOVERNANCE_TOKEN_ADDRESS',
  startBlock: 'CHAIN_START_BLOCK',
};

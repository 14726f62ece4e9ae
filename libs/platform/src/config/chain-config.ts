import {
  type ChainConfig,
  CLOCKS,
  type ContractAddresses,
  type GovernanceAddresses,
  LOGS,
  PROOFS,
} from './chain-shapes.js';
import { chainsOfFile } from './chains-file.js';
import { ConfigError } from './config-error.js';
import { repeated, repeatedUrl } from './formats.js';
import { type Environment, read, required } from './variables.js';

export interface EmbeddedChainConfig {
  readonly port: number;
  readonly chainId: number;
  readonly finalityDepth: number;
}

const CONTRACTS = [
  'TOKEN_FACTORY_ADDRESS',
  'LIQUIDITY_MANAGER_ADDRESS',
  'ROUTER_ADDRESS',
  'FORWARDER_ADDRESS',
  'CHECKPOINT_ADDRESS',
  'GOVERNANCE_ADDRESS',
  'TIMELOCK_ADDRESS',
  'GOVERNANCE_TOKEN_ADDRESS',
] as const;

/** What tells of a chain that lies elsewhere, and of the embedded one says nothing. */
const OF_EXTERNAL_CHAINS = [
  'CHAIN_START_BLOCK',
  'CHAIN_PROOF',
  'CHAIN_LOGS',
  'CHAIN_DATA_FEE',
  'CHAIN_QUORUM',
  ...CONTRACTS,
  'GOVERNANCE_CLOCK',
] as const;

/** What tells of the only chain where there is no file of them. */
const OF_ONE_CHAIN = ['CHAIN_RPC_URLS', 'CHAIN_ID', 'CHAIN_FINALITY_DEPTH', ...OF_EXTERNAL_CHAINS] as const;

/** At least one. @throws ConfigError also where none is named */
export function chains(env: Environment): readonly ChainConfig[] {
  if (read(env, 'CHAINS_FILE') === undefined)
    required(env, 'CHAIN_RPC_URLS', 'must be set, or CHAINS_FILE: this program has no embedded chain');
  return externalChains(env);
}

/** None where the embedded chain is meant. @throws ConfigError where something is told of a chain that is not named */
export function externalChains(env: Environment): readonly ChainConfig[] {
  const file = read(env, 'CHAINS_FILE');
  if (file === undefined) return chainOfVariables(env);
  const stray = OF_ONE_CHAIN.find((name) => read(env, name) !== undefined);
  if (stray !== undefined) throw new ConfigError(stray, 'says nothing beside CHAINS_FILE: set one of them');
  return chainsOfFile(env, file);
}

function chainOfVariables(env: Environment): readonly ChainConfig[] {
  const rpcUrls = read(env, 'CHAIN_RPC_URLS');
  if (rpcUrls === undefined) {
    const stray = OF_EXTERNAL_CHAINS.find((name) => read(env, name) !== undefined);
    if (stray !== undefined)
      throw new ConfigError(stray, 'says nothing of the embedded chain: set CHAIN_RPC_URLS too');
    return [];
  }
  const twice = repeatedUrl(rpcUrls);
  if (twice !== null)
    throw new ConfigError(
      'CHAIN_RPC_URLS',
      `must not name one provider twice: ${twice.index + 1} is ${twice.of + 1}`,
    );
  const absent = 'must be set when CHAIN_RPC_URLS is given';
  const chain = {
    rpcUrls,
    chainId: required(env, 'CHAIN_ID', absent),
    startBlock: read(env, 'CHAIN_START_BLOCK') ?? 0,
    finalityDepth: read(env, 'CHAIN_FINALITY_DEPTH') ?? 64,
    ...belief(env, rpcUrls.length),
    contracts: contracts(env, absent),
  };
  return [chain];
}

/** Each at an address of its own. */
function contracts(env: Environment, absent: string): ContractAddresses {
  const named = CONTRACTS.filter((name) => read(env, name) !== undefined);
  const twice = repeated(named.map((name) => read(env, name)));
  if (twice !== null)
    throw new ConfigError(
      named[twice.index] ?? CONTRACTS[0],
      `must be another address than ${named[twice.of]}`,
    );
  return {
    tokenFactory: required(env, 'TOKEN_FACTORY_ADDRESS', absent),
    liquidityManager: required(env, 'LIQUIDITY_MANAGER_ADDRESS', absent),
    router: read(env, 'ROUTER_ADDRESS') ?? null,
    forwarder: read(env, 'FORWARDER_ADDRESS') ?? null,
    checkpoint: read(env, 'CHECKPOINT_ADDRESS') ?? null,
    governance: governance(env),
  };
}

/** What of providers is believed, and how it is read. */
function belief(
  env: Environment,
  providers: number,
): Pick<ChainConfig, 'dataFee' | 'logs' | 'proof' | 'quorum'> {
  const proof = read(env, 'CHAIN_PROOF');
  const logs = read(env, 'CHAIN_LOGS');
  const dataFee = read(env, 'CHAIN_DATA_FEE');
  const quorum = read(env, 'CHAIN_QUORUM');
  if (quorum !== undefined && quorum > providers)
    throw new ConfigError('CHAIN_QUORUM', `must be no more than the ${providers} of CHAIN_RPC_URLS`);
  return {
    ...(proof === undefined ? {} : { proof: PROOFS[proof] }),
    ...(logs === undefined ? {} : { logs: LOGS[logs] }),
    ...(dataFee === undefined ? {} : { dataFee }),
    ...(quorum === undefined ? {} : { quorum }),
  };
}

/** All three addresses or none: votes without the supply that they are a part of, say, could not be judged. */
function governance(env: Environment): GovernanceAddresses | null {
  const names = [
    'GOVERNANCE_ADDRESS',
    'TIMELOCK_ADDRESS',
    'GOVERNANCE_TOKEN_ADDRESS',
    'GOVERNANCE_CLOCK',
  ] as const;
  const given = names.find((name) => read(env, name) !== undefined);
  if (given === undefined) return null;
  const absent = `must be set when ${given} is given`;
  return {
    governor: required(env, 'GOVERNANCE_ADDRESS', absent),
    timelock: required(env, 'TIMELOCK_ADDRESS', absent),
    token: required(env, 'GOVERNANCE_TOKEN_ADDRESS', absent),
    clock: CLOCKS[read(env, 'GOVERNANCE_CLOCK') ?? 'blocks'],
  };
}

export const embeddedChain = (env: Environment): EmbeddedChainConfig => ({
  port: read(env, 'CHAIN_PORT'),
  chainId: read(env, 'CHAIN_ID') ?? 31_337,
  finalityDepth: read(env, 'CHAIN_FINALITY_DEPTH') ?? 5,
});

import { join } from 'node:path';
import { forkEmbeddedChain, type ForkedChain } from '@abland/embedded/chain';
import { type RunningPostgres, startPostgres } from '@abland/embedded/postgres';
import type { ChainConfig, Config } from '@abland/platform';
import type { Logger } from '@abland/kernel';
import { keepPart, type KeptPart } from './kept-part.js';
import type { Terminal } from './terminal.js';

const DATABASE = 'abland';

/** The database and the chain to run on: those of the environment, or ours where it names none. */
export interface Parts {
  readonly databaseUrl: string;
  readonly chain: ChainConfig;
  /** Rejects where an embedded part ends by itself. */
  readonly ended: Promise<never>;
  stop(): Promise<void>;
}

export async function startParts(config: Config, terminal: Terminal, logger: Logger): Promise<Parts> {
  const postgres = config.databaseUrl === null ? await keepDatabase(config, terminal, logger) : null;
  try {
    const chain = config.chain === null ? await keepChain(config, terminal, logger) : null;
    return {
      databaseUrl: postgres?.first.url ?? config.databaseUrl ?? '',
      chain: chain === null ? requireExternal(config.chain) : chainConfig(config, chain.first),
      ended: Promise.race(
        [postgres?.ended, chain?.ended].filter((part) => part !== undefined),
      ) as Promise<never>,
      async stop() {
        await chain?.stop();
        await postgres?.stop();
      },
    };
  } catch (error) {
    await postgres?.stop();
    throw error;
  }
}

/** The embedded PostgreSQL alone, for commands that need no chain. */
export function startDatabase(
  config: Config,
  port?: number,
  onProgress?: (text: string) => void,
): Promise<RunningPostgres> {
  return startPostgres({
    dataDir: join(config.dataDir, 'database'),
    database: DATABASE,
    ...(port === undefined ? {} : { port }),
    ...(onProgress === undefined ? {} : { onProgress }),
  });
}

function keepDatabase(
  config: Config,
  terminal: Terminal,
  logger: Logger,
): Promise<KeptPart<RunningPostgres>> {
  return terminal.step('PostgreSQL', (progress) =>
    keepPart('PostgreSQL', (previous) => startDatabase(config, previous?.port, progress), logger),
  );
}

function keepChain(config: Config, terminal: Terminal, logger: Logger): Promise<KeptPart<ForkedChain>> {
  return terminal.step('chain', (progress) =>
    keepPart(
      'the chain',
      (previous) =>
        forkEmbeddedChain({
          dataDir: join(config.dataDir, 'chain'),
          port: previous?.port ?? config.embeddedChain.port,
          chainId: config.embeddedChain.chainId,
          finalityDepth: config.embeddedChain.finalityDepth,
          onReplayProgress: ({ done, total }) => progress(`replaying its journal, ${done} of ${total}`),
        }),
      logger,
    ),
  );
}

function chainConfig(config: Config, chain: ForkedChain): ChainConfig {
  const { tokenFactory, liquidityManager, forwarder, timelock } = chain.contracts;
  const governance = {
    governor: chain.contracts.governance,
    timelock,
    token: chain.contracts.governanceToken,
  };
  return {
    rpcUrls: [chain.webSocketUrl],
    chainId: chain.chainId,
    startBlock: 0,
    finalityDepth: config.embeddedChain.finalityDepth,
    contracts: { tokenFactory, liquidityManager, forwarder, governance },
  };
}

function requireExternal(chain: ChainConfig | null): ChainConfig {
  if (chain === null) throw new Error('No chain is configured');
  return chain;
}

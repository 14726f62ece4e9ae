import { join } from 'node:path';
import { forkEmbeddedChain, type ForkedChain } from '@abland/embedded/chain';
import { type RunningPostgres, startPostgres } from '@abland/embedded/postgres';
import type { ChainConfig, Config } from '@abland/platform';
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

export async function startParts(config: Config, terminal: Terminal): Promise<Parts> {
  const postgres = config.databaseUrl === null ? await startDatabase(config, terminal) : null;
  try {
    const chain = config.chain === null ? await startChain(config, terminal) : null;
    return {
      databaseUrl: postgres?.url ?? config.databaseUrl ?? '',
      chain: chain === null ? requireExternal(config.chain) : chainConfig(config, chain),
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
export function startDatabase(config: Config, terminal: Terminal): Promise<RunningPostgres> {
  return terminal.step('PostgreSQL', (progress) =>
    startPostgres({ dataDir: join(config.dataDir, 'database'), database: DATABASE, onProgress: progress }),
  );
}

function startChain(config: Config, terminal: Terminal): Promise<ForkedChain> {
  return terminal.step('chain', (progress) =>
    forkEmbeddedChain({
      dataDir: join(config.dataDir, 'chain'),
      port: config.embeddedChain.port,
      chainId: config.embeddedChain.chainId,
      finalityDepth: config.embeddedChain.finalityDepth,
      onReplayProgress: ({ done, total }) => progress(`replaying its journal, ${done} of ${total}`),
    }),
  );
}

function chainConfig(config: Config, chain: ForkedChain): ChainConfig {
  const contract = (name: string): string => {
    const address = chain.contracts[name];
    if (address === undefined) throw new Error(`The embedded chain announced no ${name}`);
    return address;
  };
  return {
    rpcUrls: [chain.webSocketUrl],
    chainId: chain.chainId,
    startBlock: 0,
    finalityDepth: config.embeddedChain.finalityDepth,
    contracts: {
      tokenFactory: contract('tokenFactory'),
      liquidityManager: contract('liquidityManager'),
      forwarder: contract('forwarder'),
    },
  };
}

function requireExternal(chain: ChainConfig | null): ChainConfig {
  if (chain === null) throw new Error('No chain is configured');
  return chain;
}

import { join } from 'node:path';
import { logIdOf } from '@abland/chain';
import { forkEmbeddedChain, type ForkedChain, type ForkOptions } from '@abland/embedded/chain';
import { type PostgresOptions, type RunningPostgres, startPostgres } from '@abland/embedded/postgres';
import type { ChainConfig, SystemConfig } from '@abland/platform';
import type { Logger } from '@abland/kernel';
import { keepPart, type KeptPart } from './kept-part.js';
import type { Terminal } from '../terminal/terminal.js';

const DATABASE = 'abland';

/** The database and the chains to run on: those of the environment, or ours where it names none. */
export interface Parts {
  readonly databaseUrl: string;
  readonly chains: readonly ChainConfig[];
  /** Where the embedded database lies outside of the data folder; null where it does not. */
  readonly dataElsewhere: string | null;
  /** Lets those of ours go on that somebody stopped (SIGSTOP): the programs end in order only while these answer. */
  goOn(): void;
  stop(): Promise<void>;
}

interface Beginning {
  readonly logger: Logger;
  /** Gives up the first start of each; what runs is stopped by its owner. */
  readonly signal: AbortSignal;
}

/** @throws also the signal's reason, once what it has begun is stopped again */
export async function startParts(config: SystemConfig, terminal: Terminal, at: Beginning): Promise<Parts> {
  const { signal } = at;
  signal.throwIfAborted();
  const postgres = config.databaseUrl === null ? await keepDatabase(config, terminal, at) : null;
  try {
    signal.throwIfAborted();
    const chain = config.chains.length === 0 ? await keepChain(config, terminal, at) : null;
    return {
      databaseUrl: postgres?.first.url ?? config.databaseUrl ?? '',
      chains: chain === null ? config.chains : [chainConfig(config, chain.first)],
      dataElsewhere: postgres?.first.dataElsewhere ?? null,
      goOn() {
        chain?.goOn();
        postgres?.goOn();
      },
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
  { dataDir }: Pick<SystemConfig, 'dataDir'>,
  port?: number,
  more: Pick<PostgresOptions, 'onProgress' | 'signal'> = {},
): Promise<RunningPostgres> {
  return startPostgres({
    dataDir: join(dataDir, 'database'),
    database: DATABASE,
    ...(port === undefined ? {} : { port }),
    ...more,
  });
}

function keepDatabase(
  config: SystemConfig,
  terminal: Terminal,
  { logger, signal }: Beginning,
): Promise<KeptPart<RunningPostgres>> {
  return terminal.step('PostgreSQL', (onProgress) =>
    keepPart(
      'PostgreSQL',
      (previous) =>
        startDatabase(config, previous?.port, { onProgress, ...(previous === null ? { signal } : {}) }),
      logger,
    ),
  );
}

function keepChain(
  config: SystemConfig,
  terminal: Terminal,
  { logger, signal }: Beginning,
): Promise<KeptPart<ForkedChain>> {
  return terminal.step('chain', (progress) =>
    keepPart(
      'the chain',
      (previous) =>
        forkEmbeddedChain({
          dataDir: join(config.dataDir, 'chain'),
          port: previous?.port ?? config.embeddedChain.port,
          chainId: config.embeddedChain.chainId,
          finalityDepth: config.embeddedChain.finalityDepth,
          ...(previous === null ? { signal } : {}),
          ...signerOf(config),
          onReplayProgress: ({ done, total }) => progress(`replaying its journal, ${done} of ${total}`),
        }),
      logger,
    ),
  );
}

/** Registered by the first start's deployment; who signs later is for governance to say. */
const signerOf = ({ anchoring, logSigning }: SystemConfig): Pick<ForkOptions, 'anchoring'> =>
  anchoring === null ? {} : { anchoring: { logId: logIdOf(logSigning.origin), signer: anchoring.address } };

function chainConfig(config: SystemConfig, chain: ForkedChain): ChainConfig {
  const { tokenFactory, liquidityManager, router, forwarder, checkpoint, timelock } = chain.contracts;
  const governance = {
    governor: chain.contracts.governance,
    timelock,
    token: chain.contracts.governanceToken,
    clock: chain.governanceClock,
  };
  return {
    rpcUrls: [chain.webSocketUrl],
    chainId: chain.chainId,
    startBlock: 0,
    finalityDepth: config.embeddedChain.finalityDepth,
    minesOnDemand: true,
    contracts: { tokenFactory, liquidityManager, router, forwarder, checkpoint, governance },
  };
}

import { join } from 'node:path';
import type { ContractAddresses } from '@abland/contracts';
import { BrowserProvider, Wallet, type Signer } from 'ethers';
import { silentLogger, type Clock, type Logger, type Running } from '@abland/kernel';
import { deployerAccount } from './accounts.js';
import { JournalConfigError, JournalCorruptError } from './errors.js';
import { createEvm, type Evm, type EvmConfig } from './evm.js';
import { EmptyBlockMiner, type MinedChain } from './empty-block-miner.js';
import { JournalFile } from './journal-file.js';
import { JOURNAL_FORMAT, type ChainRecord, type JournalHeader } from './journal-records.js';
import { JournaledChain } from './journaled-chain.js';
import { acquireLock } from './lock.js';
import { type GovernanceClock, governanceClockOf } from './governance-clock.js';
import { isVotingOpen } from './open-voting.js';
import { replay, type ReplayedState, type ReplayProgress } from './replay.js';
import { createRpcHandler, type RpcHandler } from './rpc-methods.js';
import { startRpcServer } from './rpc-server.js';

export interface EmbeddedChainOptions {
  /** Folder of the journal; created where absent. */
  readonly dataDir: string;
  readonly host?: string;
  /** 0 takes a free one. */
  readonly port?: number;
  readonly chainId?: number;
  readonly finalityDepth?: number;
  /** Pause between empty blocks while something is not yet final. */
  readonly emptyBlockEveryMs?: number;
  /** Deploys the contracts at the first start and returns their addresses. */
  readonly deploy: (deployer: Signer) => Promise<ContractAddresses>;
  readonly clock?: Clock;
  readonly logger?: Logger;
  readonly onReplayProgress?: (progress: ReplayProgress) => void;
}

export interface EmbeddedChain extends Running {
  readonly rpcUrl: string;
  readonly webSocketUrl: string;
  readonly port: number;
  readonly chainId: number;
  readonly contracts: ContractAddresses;
  /** Of the contracts that the first start deployed, which may be an earlier version's. */
  readonly governanceClock: GovernanceClock;
  /** What the start took from the journal. */
  readonly replayed: { readonly records: number; readonly durationMs: number };
  /** JSON-RPC without the network. */
  readonly request: RpcHandler;
}

const HARDFORK = 'osaka';
/** Any fixed moment before the first start would do. */
const GENESIS_TIME = '2025-01-01T00:00:00.000Z';
const DEFAULTS = {
  host: '127.0.0.1',
  port: 8545,
  chainId: 31337,
  finalityDepth: 12,
  emptyBlockEveryMs: 1000,
};

function checkHeader(header: JournalHeader, config: EvmConfig, path: string): void {
  if (JSON.stringify(header.config) !== JSON.stringify(config)) {
    throw new JournalConfigError(`${path} belongs to a chain with another configuration`, {
      path,
      found: header.config,
      wanted: config,
    });
  }
}

/** The records to replay. A journal without a deployment is a first start that did not finish: nobody has seen it. */
async function openJournal(
  path: string,
  config: EvmConfig,
  evmVersion: string,
): Promise<{ journal: JournalFile; header: JournalHeader; records: readonly ChainRecord[] }> {
  const journal = await JournalFile.open(path);
  try {
    const [first, ...rest] = journal.records;
    if (first?.kind === 'header') checkHeader(first, config, path);
    else if (first !== undefined)
      throw new JournalCorruptError(`${path} does not begin with a header`, { path });
    const records = rest.filter((record) => record.kind !== 'header');
    if (first?.kind === 'header' && records.some((record) => record.kind === 'deployment')) {
      return { journal, header: first, records };
    }
    const header: JournalHeader = { kind: 'header', format: JOURNAL_FORMAT, evm: evmVersion, config };
    const fresh = await journal.clear();
    await fresh.append(header);
    return { journal: fresh, header, records: [] };
  } catch (error) {
    await journal.close();
    throw error;
  }
}

async function deployOnce(
  chain: JournaledChain,
  request: RpcHandler,
  chainId: number,
  deploy: EmbeddedChainOptions['deploy'],
): Promise<ContractAddresses> {
  if (chain.state.contracts !== null) return chain.state.contracts;
  const provider = new BrowserProvider(
    { request: ({ method, params }) => request(method, Array.isArray(params) ? params : []) },
    chainId,
    { staticNetwork: true, cacheTimeout: -1, pollingInterval: 20 },
  );
  const contracts = await deploy(new Wallet(deployerAccount().privateKey, provider));
  provider.destroy();
  await chain.recordDeployment(contracts);
  return contracts;
}

interface Opened {
  readonly evm: Evm;
  readonly journal: JournalFile;
  readonly state: ReplayedState;
  readonly replayed: EmbeddedChain['replayed'];
}

async function openChain(options: EmbeddedChainOptions, config: EvmConfig): Promise<Opened> {
  const evm = await createEvm(config, join(options.dataDir, 'evm'));
  try {
    const version = (await evm.provider.request({ method: 'web3_clientVersion', params: [] })) as string;
    const path = join(options.dataDir, 'chain.journal');
    const { journal, header, records } = await openJournal(path, config, version);
    try {
      const describe = { path, writtenBy: header.evm, runningOn: version };
      const started = performance.now();
      const state = await replay(
        evm.provider,
        records,
        describe,
        options.onReplayProgress ?? (() => undefined),
      );
      const durationMs = Math.round(performance.now() - started);
      return { evm, journal, state, replayed: { records: records.length, durationMs } };
    } catch (error) {
      await journal.close();
      throw error;
    }
  } catch (error) {
    await evm.close();
    throw error;
  }
}

/**
 * Starts the chain on its journal and serves it; at the first start the contracts are deployed before anyone can connect.
 * @throws ChainLockedError, PortInUseError, PortRefusedError, JournalVersionError, JournalConfigError, JournalCorruptError, JournalDivergedError
 */
export async function startEmbeddedChain(options: EmbeddedChainOptions): Promise<EmbeddedChain> {
  const { host, port, chainId, finalityDepth, emptyBlockEveryMs } = { ...DEFAULTS, ...options };
  const logger = options.logger ?? silentLogger;
  const cleanUp: (() => Promise<void> | void)[] = [];
  const stopAll = async (): Promise<void> => {
    for (let step = cleanUp.pop(); step !== undefined; step = cleanUp.pop()) await step();
  };
  try {
    const lock = await acquireLock(join(options.dataDir, 'chain.lock'));
    cleanUp.push(() => lock.release());
    const config: EvmConfig = { chainId, hardfork: HARDFORK, genesisTime: GENESIS_TIME };
    const { evm, journal, state, replayed } = await openChain(options, config);
    cleanUp.push(() => evm.close());
    cleanUp.push(() => journal.close());

    const { promise: ended, reject: fail } = Promise.withResolvers<void>();
    // Those who care await `ended`; without them a failure must not end the process as unhandled.
    ended.catch((error: unknown) => logger.error({ err: error }, 'The embedded chain failed'));
    const chain: JournaledChain = new JournaledChain(
      evm.provider,
      journal,
      options.clock ?? Date.now,
      state,
      { onBlock: () => emptyBlocks.onBlock(), onFailure: fail },
    );
    const emptyBlocks = new EmptyBlockMiner(
      { finalityDepth, intervalMs: emptyBlockEveryMs },
      minedChain(chain, evm.provider),
      (error) => logger.debug({ err: error }, 'No empty block'),
    );
    cleanUp.push(() => chain.stop());
    cleanUp.push(() => emptyBlocks.stop());

    const request = createRpcHandler(evm.provider, chain, finalityDepth);
    const contracts = await deployOnce(chain, request, chainId, options.deploy);
    const governanceClock = await governanceClockOf(evm.provider, contracts.governance);
    const server = await startRpcServer({ host, port }, evm.provider, request);
    cleanUp.push(() => server.close());
    emptyBlocks.onBlock();
    const authority = `${host}:${server.port}`;
    return {
      name: 'embedded-chain',
      rpcUrl: `http://${authority}`,
      webSocketUrl: `ws://${authority}`,
      port: server.port,
      chainId,
      contracts,
      governanceClock,
      replayed,
      request,
      ended,
      stop: stopAll,
    };
  } catch (error) {
    await stopAll();
    throw error;
  }
}

/** An open vote waits for blocks: its clock counts them, or goes by their time. */
const minedChain = (chain: JournaledChain, provider: Evm['provider']): MinedChain => ({
  emptyBlocks: () => chain.state.emptyBlocks,
  isAwaited: async () => {
    const { contracts, head } = chain.state;
    return contracts !== null && (await isVotingOpen(provider, contracts.governance, head.number, head.time));
  },
  mine: () => chain.mine(),
});

import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { EthereumProvider } from 'hardhat/types/providers';
import { DEVELOPMENT_BALANCE_WEI, DEVELOPMENT_MNEMONIC } from './accounts.js';

/** What fixes the genesis block and every rule after it; kept in the journal's header. */
export interface EvmConfig {
  readonly chainId: number;
  readonly hardfork: string;
  /** ISO 8601; the time of the genesis block. */
  readonly genesisTime: string;
}

export const BLOCK_GAS_LIMIT = 60_000_000;

export interface Evm {
  readonly provider: EthereumProvider;
  close(): Promise<void>;
}

/**
 * Hardhat's EVM without automatic mining: transactions wait in its pool, where they are validated, until a block is asked
 * for. First in, first out, so that a replay puts the same transactions into the same order. `dataDir` is the Hardhat
 * project that it runs as, without sources or artifacts, so that it never looks at those of the folder it is started in.
 */
export async function createEvm(config: EvmConfig, dataDir: string): Promise<Evm> {
  const artifacts = join(dataDir, 'artifacts');
  await mkdir(join(artifacts, 'build-info'), { recursive: true });
  // Loaded by the chain's own process alone: whoever starts that one has no need of it.
  const { createHardhatRuntimeEnvironment } = await import('hardhat/hre');
  const runtime = await createHardhatRuntimeEnvironment({
    paths: { artifacts, cache: join(dataDir, 'cache') },
    networks: {
      embedded: {
        type: 'edr-simulated',
        chainType: 'l1',
        chainId: config.chainId,
        hardfork: config.hardfork,
        initialDate: config.genesisTime,
        blockGasLimit: BLOCK_GAS_LIMIT,
        allowBlocksWithSameTimestamp: true,
        throwOnTransactionFailures: false,
        mining: { auto: false, interval: 0, mempool: { order: 'fifo' } },
        accounts: { mnemonic: DEVELOPMENT_MNEMONIC, accountsBalance: DEVELOPMENT_BALANCE_WEI },
      },
    },
  });
  const connection = await runtime.network.create('embedded');
  return { provider: connection.provider, close: () => connection.close() };
}

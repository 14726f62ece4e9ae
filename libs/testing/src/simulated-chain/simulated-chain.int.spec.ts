import { BlockReader, ChainRpc, type ProofWanted } from '@abland/chain';
import { silentLogger } from '@abland/kernel';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SeededRandom } from '../seeded-random.js';
import { ANSWER_FAULTS } from './answer-faults.js';
import { SIMULATED_CONTRACTS } from './market-contracts.js';
import { NETWORK_FAULTS } from './network-faults.js';
import { type SimulatedBlock, SimulatedChain } from './simulated-chain.js';
import { SimulatedProvider } from './simulated-provider.js';

interface SomeLog {
  readonly address: string;
  readonly topics: readonly string[];
  readonly data: string;
}

const CHAIN_ID = 7;
const BLOCKS = 12;
const TRIES_MAX = 20;
const BY_RECEIPTS: ProofWanted = { least: 'RECEIPTS', receipts: 'ALL' };
/** Where receipts tell the logs of all blocks nobody asks for logs. */
const BY_LOGS: ProofWanted = { least: 'BLOOM', receipts: 'NEWEST' };
/** Faults of answers about logs alone. */
const OF_LOGS: readonly string[] = ['ranges refused', 'null for no logs'];

describe('a simulated chain', () => {
  const chain = new SimulatedChain(new SeededRandom(1), { chainId: CHAIN_ID });
  chain.mine(BLOCKS);
  chain.reorganize(3);
  let provider: SimulatedProvider;
  let rpc: ChainRpc | null = null;
  beforeEach(async () => {
    provider = await SimulatedProvider.start(chain, new SeededRandom(2));
  });
  afterEach(async () => {
    rpc?.close();
    await provider.stop();
  });
  const read = async (url: string, timeoutMs = 60_000, proof: ProofWanted = BY_RECEIPTS) => {
    rpc?.close();
    rpc = new ChainRpc({ urls: [url], chainId: CHAIN_ID, logger: silentLogger, timeoutMs });
    const reader = new BlockReader(rpc, SIMULATED_CONTRACTS, { logger: silentLogger, proof });
    const head = await reader.head();
    return reader.blocks(0, head.number);
  };
  const toldOf = ({ hash, logs }: { readonly hash: string; readonly logs: readonly SomeLog[] }) => [
    hash,
    logs.map(({ address, data, topics }) => ({ address, data, topics })),
  ];
  const made = ({ hash, made: { logs } }: SimulatedBlock) =>
    toldOf({ hash, logs: logs as unknown as readonly SomeLog[] });

  it('is the same from the same seed', () => {
    const again = new SimulatedChain(new SeededRandom(1), { chainId: CHAIN_ID });
    again.mine(BLOCKS);
    again.reorganize(3);
    expect(again.blocks.map(({ hash }) => hash)).toEqual(chain.blocks.map(({ hash }) => hash));
  });

  it.each(['url', 'webSocketUrl'] as const)('is proved by its receipts and headers over %s', async (by) => {
    const blocks = await read(provider[by]);
    expect(blocks.map(toldOf)).toEqual(chain.blocks.map(made));
    expect(blocks.filter(({ logs, proof }) => logs.length > 0 && proof !== 'RECEIPTS')).toEqual([]);
  });

  it.each([...ANSWER_FAULTS, ...NETWORK_FAULTS])(
    'is told wrongly by a provider with a fault, and never taken for right: $name',
    async (fault) => {
      provider.fault = { ...fault, part: 1 };
      const proof = OF_LOGS.includes(fault.name) ? BY_LOGS : BY_RECEIPTS;
      let blocks: Awaited<ReturnType<typeof read>> | null = null;
      // On a busy machine the time may be over before the provider was asked at all.
      for (let tries = 0; tries < TRIES_MAX && !provider.spoiled.has(fault.name); tries += 1)
        blocks = await read(provider.url, 1_000, proof).catch(() => null);
      expect([...provider.spoiled.keys()]).toEqual([fault.name]);
      if (blocks === null) return;
      const views = [...chain.branches, chain.blocks].map((view) => view.map(made).slice(0, blocks.length));
      expect(views).toContainEqual(blocks.map(toldOf));
    },
  );
});

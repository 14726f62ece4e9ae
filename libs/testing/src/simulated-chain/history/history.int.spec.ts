import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BlockReader, ChainRpc } from '@abland/chain';
import { silentLogger } from '@abland/kernel';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SIMULATED_CONTRACTS } from '../market-contracts.js';
import { HistoryFile } from './history-file.js';
import { HistoryProvider } from './history-provider.js';
import { type HistoryOptions, makeHistory } from './history.js';

const OPTIONS: HistoryOptions = { seed: 5, blocks: 12, logsABlock: 50, secondsABlock: 12, people: 30 };

describe('a history of a busy exchange', () => {
  let folder: string;
  let history: HistoryFile;
  let provider: HistoryProvider;
  let rpc: ChainRpc;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'abland-history-'));
    history = new HistoryFile(folder);
    for (const block of makeHistory(OPTIONS)) history.add(block);
    provider = await HistoryProvider.start(7, history, 0);
    provider.moveTo(10);
    rpc = new ChainRpc({ urls: [provider.url], chainId: 7, logger: silentLogger });
  });
  afterEach(async () => {
    rpc.close();
    await provider.stop();
    history.close();
    await rm(folder, { recursive: true });
  });

  it('is proved by the receipts of each of its blocks, which end with a swap once there is a pool', async () => {
    const reader = new BlockReader(rpc, SIMULATED_CONTRACTS, { logger: silentLogger });
    expect((await reader.head()).number).toBe(10);
    const blocks = await reader.blocks(0, 10);
    expect(blocks.slice(1).map(({ proof }) => proof)).toEqual(Array.from({ length: 10 }, () => 'RECEIPTS'));
    const busy = blocks.slice(4);
    expect(busy.every(({ logs }) => logs.length >= 50)).toBe(true);
    const manager = SIMULATED_CONTRACTS.liquidityManager;
    expect(busy.every(({ logs }) => logs.at(-1)?.address === manager.toLowerCase())).toBe(true);
  });

  it('tells nothing above its head', async () => {
    expect(await rpc.request('eth_getBlockByNumber', '0xb', true)).toBeNull();
    provider.moveTo(11);
    expect(await rpc.request('eth_getBlockByNumber', '0xb', true)).not.toBeNull();
  });

  it('gives the logs of some addresses and topics as a filter of all of them would', async () => {
    interface Told {
      readonly address: string;
      readonly topics: readonly string[];
    }
    const ask = async (filter: object): Promise<readonly Told[]> =>
      (await rpc.request('eth_getLogs', { fromBlock: '0x2', toBlock: '0xa', ...filter })) as readonly Told[];
    const all = await ask({});
    const [{ address, topics } = { address: '', topics: [] }] = all.slice(-1);
    expect(await ask({ address })).toEqual(all.filter((log) => log.address === address));
    const only = all.filter((log) => log.topics[0] === topics[0]);
    expect(await ask({ topics: [[topics[0]]] })).toEqual(only);
  });

  it('is the same for the same options', () => {
    const hashes = (): unknown[] => [...makeHistory(OPTIONS)].map(({ header }) => header['hash']);
    expect(hashes()).toEqual(hashes());
  });
});

import { until } from '@abland/testing/eventually';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { CHAIN_PROGRAM, forkEmbeddedChain, type ForkedChain } from './fork.js';
import { allHashes, call, latest, result, transfer, wallet } from './rpc-client.fixture.js';

const SENDERS = 4;
const KILLS = 12;

describe('embedded chain in its own process', () => {
  let dataDir: string;
  let chain: ForkedChain | null = null;

  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'abland-chain-'));
  });
  afterEach(async () => {
    await chain?.stop();
    chain = null;
    await rm(dataDir, { recursive: true, force: true });
  });

  async function start(emptyBlockEveryMs = 60_000): Promise<ForkedChain> {
    chain = await forkEmbeddedChain({ dataDir, port: 0, emptyBlockEveryMs });
    return chain;
  }

  async function kill(running: ForkedChain): Promise<void> {
    const exited = once(running.process, 'exit');
    running.process.kill('SIGKILL');
    await exited;
  }

  /** Sends transactions one after the other until the chain is gone; what was acknowledged goes into the map. */
  async function burst(url: string, sender: number, acknowledged: Map<string, string>): Promise<void> {
    const from = wallet(sender);
    try {
      let nonce = Number(await result(url, 'eth_getTransactionCount', from.address, 'pending'));
      for (;;) {
        const hash = await result<string>(url, 'eth_sendRawTransaction', await transfer(from, nonce));
        const receipt = await result<{ blockHash: string }>(url, 'eth_getTransactionReceipt', hash);
        acknowledged.set(hash, receipt.blockHash);
        nonce += 1;
      }
    } catch {
      // The chain is gone.
    }
  }

  it('loses nothing that it acknowledged, killed at any moment of a burst, and keeps every hash', async () => {
    const acknowledged = new Map<string, string>();
    let known: readonly string[] = [];
    for (let round = 0; round < KILLS; round += 1) {
      const running = await start();
      const hashes = await allHashes(running.rpcUrl);
      expect(hashes.slice(0, known.length)).toEqual(known);
      for (const [hash, blockHash] of acknowledged) {
        const receipt = await result<{ blockHash: string } | null>(
          running.rpcUrl,
          'eth_getTransactionReceipt',
          hash,
        );
        expect(receipt?.blockHash).toBe(blockHash);
      }
      known = hashes;
      const bursts = Array.from({ length: SENDERS }, (_, sender) =>
        burst(running.rpcUrl, sender, acknowledged),
      );
      const before = acknowledged.size;
      await until(() => acknowledged.size >= before + 5 * round);
      await sleep(round);
      await kill(running);
      await Promise.all(bursts);
    }
    expect(acknowledged.size).toBeGreaterThan(KILLS);
  });

  it('has the same contracts at the same addresses after each start', async () => {
    const first = await start();
    const { contracts } = first;
    expect(await result(first.rpcUrl, 'eth_getCode', contracts.liquidityManager, 'latest')).not.toBe('0x');
    await kill(first);
    expect((await start()).contracts).toEqual(contracts);
  });

  it('starts well after kills during the first deployment', async () => {
    for (const delay of [700, 800, 900, 1000, 1100]) {
      const child = fork(fileURLToPath(CHAIN_PROGRAM), [JSON.stringify({ dataDir, port: 0 })], {
        stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      });
      const exited = once(child, 'exit');
      await sleep(delay);
      child.kill('SIGKILL');
      await exited;
    }
    const running = await start();
    expect(await result(running.rpcUrl, 'eth_getCode', running.contracts.tokenFactory, 'latest')).not.toBe(
      '0x',
    );
  });

  it('gives what a reverted call returned, as wallets expect it', async () => {
    const { rpcUrl } = await start();
    // Reverts with the byte 0x2a.
    const { error } = await call(rpcUrl, 'eth_call', { data: '0x602a60005360016000fd' }, 'latest');
    expect(error).toMatchObject({ code: 3, data: '0x2a' });
  });

  it('leaves it to its parent to end it where a signal reaches the whole group', async () => {
    const { process: child, rpcUrl } = await start();
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      child.kill(signal);
      for (let asked = 0; asked < 20; asked += 1) expect(await result(rpcUrl, 'eth_chainId')).toBe('0x7a69');
    }
    await chain?.stop();
    expect(child.exitCode).toBe(0);
  });

  it('is given up while it starts, and starts well the next time', async () => {
    const giving = new AbortController();
    const starting = forkEmbeddedChain({ dataDir, port: 0, signal: giving.signal });
    giving.abort(new Error('asked to stop'));
    await expect(starting).rejects.toThrow('asked to stop');
    expect(await result((await start()).rpcUrl, 'eth_chainId')).toBe('0x7a69');
  });

  it('says why it cannot start', async () => {
    const first = await start();
    await expect(forkEmbeddedChain({ dataDir, port: 0 })).rejects.toMatchObject({
      code: 'CHAIN_PROCESS_ENDED',
      chainCode: 'CHAIN_DATA_IN_USE',
    });
    expect((await call(first.rpcUrl, 'eth_chainId')).result).toBe('0x7a69');
  });

  it('ends when its parent is gone, and leaves the data free', async () => {
    const running = await start();
    const exited = once(running.process, 'exit');
    running.process.disconnect();
    await exited;
    await expect(running.ended).rejects.toMatchObject({ code: 'CHAIN_PROCESS_ENDED' });
    expect(existsSync(join(dataDir, 'chain.lock'))).toBe(false);
    await latest((await start()).rpcUrl);
  });
});

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { ContractAddresses } from '@abland/contracts';
import { PortInUseError } from '@abland/kernel';
import { until } from '@abland/testing/eventually';
import { JsonRpcProvider, Wallet, WebSocketProvider, type Log } from 'ethers';
import {
  allHashes,
  call,
  latest,
  post,
  result,
  transfer,
  wallet,
  type Answer,
} from './rpc-client.fixture.js';
import { startEmbeddedChain, type EmbeddedChain, type EmbeddedChainOptions } from './start.js';

const NOWHERE = '0x0000000000000000000000000000000000000000';
const nothing = {
  ...{ forwarder: NOWHERE, tokenFactory: NOWHERE, liquidityManager: NOWHERE, governance: NOWHERE },
} as ContractAddresses;
const noDeployment = (): Promise<ContractAddresses> => Promise.resolve(nothing);
/** Init code that emits an anonymous event. */
const EMITTING_CODE = '0x60006000a000';
/** Init code of a contract whose code is one byte. */
const SAMPLE_CODE = '0x600160005360016000f3';

describe('embedded chain', () => {
  let dataDir: string;
  let chain: EmbeddedChain | null = null;

  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'abland-chain-'));
  });
  afterEach(async () => {
    await chain?.stop();
    chain = null;
    await rm(dataDir, { recursive: true, force: true });
  });

  async function start(options: Partial<EmbeddedChainOptions> = {}): Promise<string> {
    chain = await startEmbeddedChain({
      dataDir,
      port: 0,
      emptyBlockEveryMs: 60_000,
      deploy: noDeployment,
      ...options,
    });
    return chain.rpcUrl;
  }
  async function restart(options: Partial<EmbeddedChainOptions> = {}): Promise<string> {
    await chain?.stop();
    return start(options);
  }

  describe('what it keeps', () => {
    it('has the same blocks after a restart, whatever was read in between', async () => {
      let url = await start();
      const from = wallet(0);
      for (let nonce = 0; nonce < 20; nonce += 1) {
        await result(url, 'eth_sendRawTransaction', await transfer(from, nonce));
        await result(url, 'eth_getBlockByNumber', 'pending', true);
        await result(url, 'eth_call', { to: from.address, data: '0x' }, 'pending');
        await result(url, 'eth_estimateGas', { from: from.address, to: from.address });
        await result(url, 'debug_traceTransaction', (await latest(url)).transactions[0]);
        if (nonce % 5 === 0) await result(url, 'evm_mine');
      }
      const before = await allHashes(url);
      expect(before).toHaveLength(25);
      url = await restart();
      expect(await allHashes(url)).toEqual(before);
    });

    it('keeps reorgs: snapshots and reverts give the same chain again', async () => {
      let url = await start();
      const from = wallet(0);
      await result(url, 'eth_sendRawTransaction', await transfer(from, 0));
      const snapshot = await result<string>(url, 'evm_snapshot');
      await result(url, 'eth_sendRawTransaction', await transfer(from, 1));
      const reverted = await latest(url);
      expect(await result(url, 'evm_revert', snapshot)).toBe(true);
      expect(Number((await latest(url)).number)).toBe(1);
      await result(url, 'eth_sendRawTransaction', await transfer(from, 1));
      const replacing = await latest(url);
      expect(replacing.number).toBe(reverted.number);
      expect(replacing.hash).not.toBe(reverted.hash);
      const before = await allHashes(url);
      url = await restart();
      expect(await allHashes(url)).toEqual(before);
      expect(await result(url, 'evm_revert', '0x99')).toBe(false);
      await result(url, 'evm_mine');
      await restart();
    });

    it('keeps its clock and a transaction that waits for its nonce', async () => {
      let url = await start();
      const from = wallet(0);
      await result(url, 'eth_sendRawTransaction', await transfer(from, 1));
      await result(url, 'evm_increaseTime', 86_400);
      url = await restart();
      await result(url, 'eth_sendRawTransaction', await transfer(from, 0));
      const block = await latest(url);
      expect(block.transactions).toHaveLength(2);
      expect(Number(block.timestamp)).toBeGreaterThan(Date.now() / 1000 + 86_000);
    });

    it('writes nothing for a transaction that is refused', async () => {
      const url = await start();
      const journal = () => readFile(join(dataDir, 'chain.journal'), 'utf8');
      const before = await journal();
      const from = wallet(0);
      const answers = [
        await call(url, 'eth_sendRawTransaction', '0x1234'),
        await call(url, 'eth_sendRawTransaction', await transfer(from, 0, 1)),
        await call(url, 'eth_sendRawTransaction'),
        await call(url, 'evm_revert', 'latest'),
        await call(url, 'evm_mine', 1),
        await call(url, 'evm_increaseTime', -5),
      ];
      expect(answers.map((answer) => answer.error?.code)).toEqual([
        -32602, -32602, -32602, -32602, -32602, -32602,
      ]);
      expect(await journal()).toBe(before);
    });

    it('replays 500 transactions and says how far it is', async () => {
      const url = await start();
      const from = wallet(0);
      for (let nonce = 0; nonce < 500; nonce += 1) {
        await result(url, 'eth_sendRawTransaction', await transfer(from, nonce));
      }
      const before = await latest(url);
      const progress: number[] = [];
      const again = await restart({ onReplayProgress: ({ done }) => progress.push(done) });
      expect(chain?.replayed.records).toBe(501);
      expect(progress).toEqual([500]);
      expect((await latest(again)).hash).toBe(before.hash);
    });

    it('deploys once, before anyone can connect, and gives the same addresses ever after', async () => {
      let deployments = 0;
      const deploy: EmbeddedChainOptions['deploy'] = async (deployer) => {
        deployments += 1;
        const sent = await deployer.sendTransaction({ data: SAMPLE_CODE });
        const receipt = await sent.wait();
        return { ...nothing, tokenFactory: receipt?.contractAddress ?? '' };
      };
      await start({ deploy });
      const first = chain?.contracts;
      expect(first?.tokenFactory).toMatch(/^0x[0-9a-fA-F]{40}$/);
      const url = await restart({ deploy });
      expect(chain?.contracts).toEqual(first);
      expect(await result(url, 'eth_getCode', first?.tokenFactory, 'latest')).not.toBe('0x');
      expect(deployments).toBe(1);
    });

    it('starts over where the first start did not finish its deployment', async () => {
      const unfinished: EmbeddedChainOptions['deploy'] = async (deployer) => {
        await (await deployer.sendTransaction({ data: SAMPLE_CODE })).wait();
        throw new Error('killed');
      };
      await expect(start({ deploy: unfinished })).rejects.toThrow('killed');
      const url = await start();
      expect(Number((await latest(url)).number)).toBe(0);
    });
  });

  describe('what it refuses to start on', () => {
    it('refuses data in use, and the data is free again after a stop', async () => {
      await start();
      await expect(startEmbeddedChain({ dataDir, port: 0, deploy: noDeployment })).rejects.toMatchObject({
        code: 'CHAIN_DATA_IN_USE',
      });
      await restart();
    });

    it('refuses a port in use and leaves nothing behind', async () => {
      const other = createServer().listen(0, '127.0.0.1');
      await new Promise((resolve) => other.once('listening', resolve));
      const { port } = other.address() as { port: number };
      await expect(start({ port })).rejects.toThrow(new PortInUseError(port));
      other.close();
      await start();
    });

    it('refuses another chain id', async () => {
      await start();
      await expect(restart({ chainId: 5 })).rejects.toMatchObject({ code: 'CHAIN_JOURNAL_OTHER_CONFIG' });
    });

    it('refuses a journal that gives other blocks', async () => {
      const url = await start();
      await result(url, 'eth_sendRawTransaction', await transfer(wallet(0), 0));
      await result(url, 'evm_mine');
      await chain?.stop();
      const { crc32 } = await import('node:zlib');
      const path = join(dataDir, 'chain.journal');
      const lines = (await readFile(path, 'utf8')).trimEnd().split('\n');
      const forged = lines.map((line) => {
        const text = line.slice(9).replace(/"time":(\d+),"transactions":\["/, (_, time) => {
          return `"time":${Number(time) - 1},"transactions":["`;
        });
        return `${crc32(text).toString(16).padStart(8, '0')} ${text}`;
      });
      await writeFile(path, `${forged.join('\n')}\n`);
      await expect(start()).rejects.toMatchObject({ code: 'CHAIN_JOURNAL_DIVERGED' });
      chain = null;
    });

    it('refuses a file that is no journal', async () => {
      await writeFile(join(dataDir, 'chain.journal'), 'c2a0a6f4 {}\nsomething\n');
      await expect(start()).resolves.toBeDefined();
    });
  });

  describe('what it answers', () => {
    it('answers batches in order, and each malformed request by its own error', async () => {
      const url = await start();
      const answers = (await post(url, [
        { jsonrpc: '2.0', id: 7, method: 'eth_chainId' },
        { jsonrpc: '2.0', id: 'x', method: 'eth_blockNumber', params: [] },
        { jsonrpc: '2.0', id: 9 },
        'nothing',
        { jsonrpc: '2.0', id: 10, method: 'eth_call', params: {} },
      ])) as Answer[];
      expect(answers.map(({ id }) => id)).toEqual([7, 'x', null, null, 10]);
      expect(answers.map(({ result: value, error }) => value ?? error?.code)).toEqual([
        '0x7a69',
        '0x0',
        -32600,
        -32600,
        -32602,
      ]);
      expect(await post(url, '{')).toMatchObject({ error: { code: -32700 } });
      expect(await post(url, [])).toMatchObject({ error: { code: -32600 } });
    });

    it('lets wallets in browsers call it', async () => {
      const url = await start();
      const preflight = await fetch(url, { method: 'OPTIONS' });
      expect(preflight.status).toBe(204);
      expect(preflight.headers.get('access-control-allow-methods')).toContain('POST');
      const answer = await fetch(url, { method: 'POST', body: '{"id":1,"method":"eth_chainId"}' });
      expect(answer.headers.get('access-control-allow-origin')).toBe('*');
      expect((await fetch(url)).status).toBe(405);
    });

    it.each([
      'eth_sendTransaction',
      'evm_setNextBlockTimestamp',
      'evm_setAutomine',
      'hardhat_setBalance',
      'hardhat_reset',
      'anvil_setCode',
      'eth_subscribe',
      'no_such_method',
    ])('refuses %s over HTTP', async (method) => {
      const url = await start();
      expect((await call(url, method, 'newHeads')).error).toMatchObject({ code: -32601 });
    });

    it('gives the receipts of a block, and what is final by depth', async () => {
      const url = await start({ finalityDepth: 2 });
      await Promise.all(
        [0, 1, 2].map(async (index) =>
          result(url, 'eth_sendRawTransaction', await transfer(wallet(index), 0)),
        ),
      );
      for (let count = 0; count < 3; count += 1) await result(url, 'evm_mine');
      const receipts = await result<{ from: string }[]>(url, 'eth_getBlockReceipts', '0x1');
      const { transactions } = await result<{ transactions: string[] }>(
        url,
        'eth_getBlockByNumber',
        '0x1',
        false,
      );
      expect(receipts).toHaveLength(transactions.length);
      const head = Number((await latest(url)).number);
      const final = await result<{ number: string }>(url, 'eth_getBlockByNumber', 'finalized', false);
      expect(Number(final.number)).toBe(head - 2);
    });

    it('puts transactions that arrive together into one block, in their order', async () => {
      const url = await start();
      const from = wallet(0);
      const raws = await Promise.all(Array.from({ length: 50 }, (_, nonce) => transfer(from, nonce)));
      const requests = raws.map((raw, id) => ({
        jsonrpc: '2.0',
        id,
        method: 'eth_sendRawTransaction',
        params: [raw],
      }));
      const answers = (await post(url, requests)) as Answer[];
      const block = await latest(url);
      expect(Number(block.number)).toBe(1);
      expect(block.transactions).toEqual(answers.map((answer) => answer.result));
    });

    it('pushes new heads and logs to WebSockets, each to those who asked', async () => {
      await start();
      const provider = new WebSocketProvider(chain?.webSocketUrl ?? '');
      const heads: number[] = [];
      const logs: number[] = [];
      await provider.on('block', (number: number) => heads.push(number));
      await provider.on({ topics: [] }, (log: Log) => logs.push(log.blockNumber));
      await provider.send('eth_chainId', []); // asked after both, and so answered after they are heard
      const http = new JsonRpcProvider(chain?.rpcUrl);
      await http.send('evm_mine', []);
      const emitting = await new Wallet(wallet(0).privateKey, http).sendTransaction({ data: EMITTING_CODE });
      await emitting.wait();
      await until(() => heads.length >= 2 && logs.length >= 1);
      expect(heads).toEqual([1, 2]);
      expect(logs).toEqual([2]);
      await provider.destroy();
      http.destroy();
    });

    it('gives strictly growing times, close to the clock', async () => {
      const begun = Math.floor(Date.now() / 1_000);
      const url = await start();
      const times: number[] = [];
      for (let nonce = 0; nonce < 5; nonce += 1) {
        await result(url, 'eth_sendRawTransaction', await transfer(wallet(0), nonce));
        times.push(Number((await latest(url)).timestamp));
      }
      expect(times).toEqual([...new Set(times)].toSorted((a, b) => a - b));
      expect(times[0]).toBeGreaterThanOrEqual(begun);
      expect(times.at(-1)).toBeLessThanOrEqual(Date.now() / 1_000 + 3 + times.length);
    });
  });

  describe('finality when nobody trades', () => {
    const number = async (url: string): Promise<number> => Number((await latest(url)).number);
    /** Waits for a block, however busy the machine is, and then for a while that no other comes. */
    const restsAt = async (url: string, expected: number): Promise<void> => {
      await until(async () => (await number(url)) >= expected);
      await sleep(200);
      expect(await number(url)).toBe(expected);
    };

    it('mines empty blocks up to the finality depth, then rests', async () => {
      const url = await start({ emptyBlockEveryMs: 20, finalityDepth: 3 });
      await sleep(100);
      expect(await number(url)).toBe(0);
      await result(url, 'eth_sendRawTransaction', await transfer(wallet(0), 0));
      await restsAt(url, 4);
    });

    it('goes on where a restart interrupted it', async () => {
      const first = await start({ finalityDepth: 3 });
      await result(first, 'eth_sendRawTransaction', await transfer(wallet(0), 0));
      expect(await number(first)).toBe(1);
      const url = await restart({ emptyBlockEveryMs: 20, finalityDepth: 3 });
      await restsAt(url, 4);
    });
  });
});

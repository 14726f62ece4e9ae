import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Client, CLIENTS, RealNode } from '@abland/testing/clients';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { JsonRpcProvider, parseEther, Wallet } from 'ethers';
import { createApiClient } from '../src/demo/api-client.js';
import { expectRebuiltAlike } from './as-rebuilt.js';
import { checksumsOf, MAIN, SECRETS, SystemUnderTest } from './system-under-test.js';
import { untilIt } from './trader.js';

const run = promisify(execFile);
const REORG_DEPTH = 5;
const FINALITY_DEPTH = 12;
const DONE = / {2}equal\n/;
const CHAIN = '{ chains { state failure headBlock indexedBlock } }';

/**
 * Checksums of the tables in which nothing happens while nobody trades: blocks come all the time, and
 * with them the finality of requests.
 */
const ofMarket = (output: string): string =>
  checksumsOf(output)
    .split('\n')
    .filter((line) => !/ {2}(blocks|chain_finality|chain_heads|requests) \(/.test(line))
    .join('\n');

interface ChainView {
  readonly state: string;
  readonly failure: string | null;
  readonly headBlock: number;
  readonly indexedBlock: number;
}

/** Those that this machine can have; the others are told as skipped by whoever runs this. */
const THERE = (process.env['ABLAND_TEST_CLIENTS'] ?? 'anvil,geth')
  .split(',')
  .flatMap((name) => CLIENTS[name as Client['name']] ?? []);

describe.each(THERE)('the one command on a chain of $name', (client) => {
  let node: RealNode;
  let system: SystemUnderTest;
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'abland-deployed-'));
    node = await RealNode.start(client);
    await fund(new Wallet(SECRETS.RELAYER_PRIVATE_KEY).address);
    const deployed = await deploy();
    system = await SystemUnderTest.create({
      ...SECRETS,
      ...deployed,
      CHAIN_FINALITY_DEPTH: `${FINALITY_DEPTH}`,
      DEMO_FUNDING_KEY: client.fundedKey,
    });
    await system.start();
  }, 600_000);
  afterAll(async () => {
    await system.remove();
    await node.remove();
    await rm(folder, { recursive: true, force: true });
  });

  async function fund(to: string): Promise<void> {
    const provider = new JsonRpcProvider(node.url, client.chainId, {
      staticNetwork: true,
      cacheTimeout: -1,
      pollingInterval: 100,
    });
    const sent = await new Wallet(client.fundedKey, provider).sendTransaction({
      to,
      value: parseEther('10'),
    });
    await sent.wait();
    provider.destroy();
  }

  /** What it prints for the programs. */
  async function deploy(): Promise<Readonly<Record<string, string>>> {
    const { address } = new Wallet(client.fundedKey);
    const env = {
      ...process.env,
      ...{ NODE_OPTIONS: '', CHAIN_ID: `${client.chainId}`, DEPLOYER_PRIVATE_KEY: client.fundedKey },
      GOVERNANCE_TOKEN_HOLDER_ADDRESS: address,
    };
    const flags = ['--network', 'ab-chain-testnet', '--rpc', node.url, '--out', folder];
    const { stdout } = await run(process.execPath, [MAIN, 'contracts', 'deploy', ...flags], { env });
    const told = stdout.split('\n').flatMap((line) => [/^([A-Z_]+)=(\S+)$/.exec(line)?.slice(1) ?? []]);
    return Object.fromEntries(told.filter(({ length }) => length === 2)) as Record<string, string>;
  }

  const abland = async (...args: readonly string[]): Promise<string> =>
    (await run(process.execPath, [MAIN, ...args], { env: system.environment })).stdout;
  const chain = async (): Promise<ChainView> =>
    (await createApiClient(system.apiUrl).query<{ chains: ChainView[] }>(CHAIN)).chains[0] as ChainView;

  it('carries the demo, with the reserves of the contract', async () => {
    expect(await abland('demo', '--run', 'real', '--no-final')).toMatch(DONE);
  }, 180_000);

  it('follows a reorg of five blocks, with checksums of a rebuild', async () => {
    const before = await chain();
    await untilIt('has enough blocks to take back', async () => (await node.head()) > before.headBlock + 1);
    // What was never taken in is no reorg.
    await untilIt('is where its node is', async () => {
      const head = await node.head();
      return (await chain()).indexedBlock >= head;
    });
    await node.takeBack(REORG_DEPTH);
    const kept = await node.head();
    await untilIt('follows the new branch', async () => (await chain()).indexedBlock > kept + REORG_DEPTH);
    const events = await abland('events', 'tail', '--type', 'BlocksReverted');
    expect(events).toMatch(/BlocksReverted/);
    expect(await abland('demo', '--run', 'after')).toMatch(DONE);
    await expectRebuiltAlike(abland, ofMarket);
  }, 300_000);

  if (client.name === 'geth')
    it('is told to be behind within seconds once its node, killed, is back far below what we have', async () => {
      const { indexedBlock } = await chain();
      await node.kill();
      await node.start();
      expect(await node.head()).toBeLessThan(indexedBlock - FINALITY_DEPTH);
      await untilIt('tells that it is behind', async () => (await chain()).failure === 'CHAIN_BEHIND');
      const behind = await chain();
      expect(behind.state).toBe('TROUBLED');
      expect(behind.indexedBlock).toBeGreaterThanOrEqual(indexedBlock); // nothing is taken back
    }, 180_000);
});

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { deployContracts, readArtifact, type ContractAddresses } from '@abland/contracts';
import { until } from '@abland/testing/eventually';
import { Contract, JsonRpcProvider, Wallet, type Signer } from 'ethers';
import { deployerAccount } from './accounts.js';
import { deployAblandContracts } from './deployment.js';
import { latest } from './rpc-client.fixture.js';
import { startEmbeddedChain, type EmbeddedChain } from './start.js';

const FINALITY_DEPTH = 3;

describe('governance on the embedded chain', () => {
  let dataDir: string;
  let chain: EmbeddedChain;
  let provider: JsonRpcProvider;

  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'abland-voting-'));
  });
  afterEach(async () => {
    await stop();
    await rm(dataDir, { recursive: true, force: true });
  });

  async function start(deploy: (deployer: Signer) => Promise<ContractAddresses>, emptyBlockEveryMs = 20) {
    chain = await startEmbeddedChain({
      dataDir,
      port: 0,
      finalityDepth: FINALITY_DEPTH,
      emptyBlockEveryMs,
      deploy,
    });
    provider = new JsonRpcProvider(chain.rpcUrl, chain.chainId, {
      staticNetwork: true,
      cacheTimeout: -1,
      pollingInterval: 20,
    });
    const deployer = new Wallet(deployerAccount().privateKey, provider);
    const at = (name: Parameters<typeof readArtifact>[0], address: string) =>
      new Contract(address, readArtifact(name).abi, deployer);
    return {
      governor: at('ABGovernance', chain.contracts.governance),
      token: at('ABToken', chain.contracts.governanceToken),
      deployer,
    };
  }
  async function stop(): Promise<void> {
    provider.destroy();
    await chain.stop();
  }
  const head = async (): Promise<number> => Number((await latest(chain.rpcUrl)).number);
  /** Waits for a block, however busy the machine is, and then for a while that no other comes. */
  async function restsAt(number: number): Promise<void> {
    await until(async () => (await head()) >= number);
    await sleep(500);
    expect(await head()).toBe(number);
  }

  /** Returns the block of the proposal. */
  async function propose({ governor, token, deployer }: Awaited<ReturnType<typeof start>>): Promise<number> {
    const send = async (contract: Contract, name: string, ...args: unknown[]): Promise<number> => {
      const response = await contract.getFunction(name).send(...args);
      return (await response.wait())?.blockNumber ?? 0;
    };
    await send(token, 'delegate', deployer.address);
    // Votes count from the next second on, and an estimate is of the newest block's.
    await provider.send('evm_mine', []);
    return send(governor, 'propose', [deployer.address], [0n], ['0x'], 'nothing');
  }

  it('decides within a minute, and blocks come until the voting is over, also after a restart', async () => {
    const first = await start(deployAblandContracts, 60_000);
    expect(await first.governor.getFunction('votingDelay').staticCall()).toBe(1n);
    expect(await first.governor.getFunction('votingPeriod').staticCall()).toBe(30n);
    const proposed = await propose(first);
    expect(await head()).toBe(proposed);
    const { timestamp = 0 } = (await provider.getBlock(proposed)) ?? {};
    await stop();
    await start(deployAblandContracts);
    const isOver = async () => ((await provider.getBlock('latest'))?.timestamp ?? 0) > timestamp + 1 + 30;
    await until(isOver);
    await restsAt(Math.max(await head(), proposed + FINALITY_DEPTH));
  });

  it('keeps the settings that its journal deployed, and does not mine a week of blocks by itself', async () => {
    const production = async (deployer: Signer): Promise<ContractAddresses> => deployContracts(deployer);
    await start(production);
    const { contracts } = chain;
    await stop();
    const again = await start(deployAblandContracts);
    expect(chain.contracts).toEqual(contracts);
    expect(await again.governor.getFunction('votingDelay').staticCall()).toBe(86_400n);
    const proposed = await propose(again);
    await restsAt(proposed + FINALITY_DEPTH);
  });
});

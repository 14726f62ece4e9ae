import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { forkEmbeddedChain, type ForkedChain } from '@abland/embedded/chain';
import { silentLogger } from '@abland/kernel';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { FollowedContracts } from '../blocks/chain-block.js';
import { ChainRpc } from '../rpc/chain-rpc.js';
import { type Deployment, requireDeployment, requireDeploymentStill } from './require-deployment.js';

const NOBODY = `0x${'99'.repeat(20)}`;

describe('the deployment of a chain', () => {
  let dataDir: string;
  let chain: ForkedChain;
  let rpc: ChainRpc;
  let contracts: FollowedContracts;
  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'abland-deployment-'));
    chain = await forkEmbeddedChain({
      ...{ dataDir, port: 0, finalityDepth: 5, emptyBlockEveryMs: 3_600_000 },
    });
    rpc = new ChainRpc({ urls: [chain.rpcUrl], chainId: chain.chainId, logger: silentLogger });
    const { governance: governor, governanceToken: token, timelock } = chain.contracts;
    contracts = {
      ...chain.contracts,
      governance: { governor, timelock, token, clock: chain.governanceClock },
    };
  });
  afterAll(async () => {
    rpc.close();
    await chain.stop();
    await rm(dataDir, { recursive: true, force: true });
  });

  it('is taken as it is, from its first block or from before it', async () => {
    await requireDeployment(rpc, { contracts, startBlock: 0 });
    await requireDeployment(rpc, { contracts, startBlock: 1 });
  });

  it.each<[string, (right: FollowedContracts) => Partial<Deployment['contracts']>, string]>([
    ['nothing at the factory’s address', () => ({ tokenFactory: NOBODY }), 'tokenFactory'],
    ['nothing at the forwarder’s address', () => ({ forwarder: NOBODY }), 'forwarder'],
    [
      'nothing at the governor’s address',
      ({ governance }) => ({ governance: governance && { ...governance, governor: NOBODY } }),
      'governor',
    ],
    [
      'factory and manager exchanged',
      ({ liquidityManager, tokenFactory }) => ({
        tokenFactory: liquidityManager,
        liquidityManager: tokenFactory,
      }),
      'tokenFactory',
    ],
    [
      'another contract for the manager',
      ({ forwarder }) => ({ liquidityManager: forwarder ?? '' }),
      'tokenFactory',
    ],
    [
      'another contract for the factory',
      ({ forwarder }) => ({ tokenFactory: forwarder ?? '' }),
      'tokenFactory',
    ],
    [
      'another forwarder than they trust',
      ({ liquidityManager }) => ({ forwarder: liquidityManager }),
      'tokenFactory',
    ],
    [
      'another contract for the checkpoint',
      ({ tokenFactory }) => ({ checkpoint: tokenFactory }),
      'checkpoint',
    ],
    [
      'a router that the manager does not name',
      ({ tokenFactory }) => ({ router: tokenFactory }),
      'liquidityManager',
    ],
    [
      'governor and timelock exchanged',
      ({ governance }) => ({
        governance: governance && {
          ...governance,
          governor: governance.timelock,
          timelock: governance.governor,
        },
      }),
      'governor',
    ],
    [
      'another token than the governor counts',
      ({ governance, tokenFactory }) => ({
        governance: governance && { ...governance, token: tokenFactory },
      }),
      'governor',
    ],
    [
      'a governor that counts seconds where blocks are told',
      ({ governance }) => ({ governance: governance && { ...governance, clock: 'BLOCKS' } }),
      'governor',
    ],
  ])('is refused with %s', async (_, change, setting) => {
    const wrong = { ...contracts, ...change(contracts) };
    await expect(requireDeployment(rpc, { contracts: wrong, startBlock: 0 })).rejects.toMatchObject({
      ...{ code: 'CHAIN_DEPLOYMENT_UNFIT', failureClass: 'WRONG', setting },
    });
  });

  it('is refused where it was there before the first block to follow', async () => {
    const startBlock = Number(await rpc.request('eth_blockNumber'));
    await expect(requireDeployment(rpc, { contracts, startBlock })).rejects.toMatchObject({
      ...{ code: 'CHAIN_DEPLOYMENT_UNFIT', setting: 'startBlock' },
    });
  });

  it('is asked for of a chain that was followed as well, unless it was put back since', async () => {
    const wrong = { ...contracts, tokenFactory: NOBODY };
    await requireDeploymentStill(rpc, contracts, 1);
    await expect(requireDeploymentStill(rpc, wrong, 1)).rejects.toMatchObject({ setting: 'tokenFactory' });
    await requireDeploymentStill(rpc, wrong, 1_000_000);
    const { governance } = contracts;
    const ofBlocks = { ...contracts, governance: governance && { ...governance, clock: 'BLOCKS' as const } };
    await expect(requireDeploymentStill(rpc, ofBlocks, 1)).rejects.toMatchObject({ setting: 'governor' });
  });

  it('is asked of a chain that was followed for its interfaces too, and whether they name each other', async () => {
    const { liquidityManager, tokenFactory } = contracts;
    const exchanged = { ...contracts, liquidityManager: tokenFactory, tokenFactory: liquidityManager };
    await expect(requireDeploymentStill(rpc, exchanged, 1)).rejects.toMatchObject({
      setting: 'tokenFactory',
      message: expect.stringContaining('there is another contract'),
    });
    const other = { ...contracts, forwarder: chain.contracts.timelock };
    await expect(requireDeploymentStill(rpc, other, 1)).rejects.toMatchObject({
      message: expect.stringContaining('they are not of one deployment'),
    });
  });
});

import { createHash } from 'node:crypto';
import { inspect } from 'node:util';
import type { HardhatEthers, HardhatEthersSigner } from '@nomicfoundation/hardhat-ethers/types';
import type { NetworkHelpers, SnapshotRestorer } from '@nomicfoundation/hardhat-network-helpers/types';
import { MaxUint256, type BytesLike, type ContractTransactionResponse } from 'ethers';
import hre, { network } from 'hardhat';
import { deployContracts, readArtifact, type ContractName, type Deployment } from '../../../src/index.js';
import { ABCheckpoint__factory } from '../../../../libs/chain/src/contracts/generated/factories/ABCheckpoint__factory.gen.js';
import { ABForwarder__factory } from '../../../../libs/chain/src/contracts/generated/factories/ABForwarder__factory.gen.js';
import { ABLiquidityManager__factory } from '../../../../libs/chain/src/contracts/generated/factories/ABLiquidityManager__factory.gen.js';
import { ABRouter__factory } from '../../../../libs/chain/src/contracts/generated/factories/ABRouter__factory.gen.js';
import { ABTokenFactory__factory } from '../../../../libs/chain/src/contracts/generated/factories/ABTokenFactory__factory.gen.js';
import { ABToken__factory } from '../../../../libs/chain/src/contracts/generated/factories/ABToken__factory.gen.js';
import type { ABToken } from '../../../../libs/chain/src/contracts/generated/ABToken.gen.js';
import type { ArtifactSource } from '../../../src/deployment/deployment.js';
import type { DeploymentOptions } from '../../../src/index.js';

export const NO_DEADLINE = MaxUint256;
export const SUPPLY = 10n ** 27n;
/** What our commands append to their calldata: the magic and a command id. */
export const COMMAND_TAG = '0x61626c616e64000100112233445566778899aabbccddeeff';

const CONTRACTS: readonly ContractName[] = [
  'ABForwarder',
  'ABTokenFactory',
  'ABLiquidityManager',
  'ABRouter',
  'ABToken',
  'ABTimelock',
  'ABGovernance',
  'ABCheckpoint',
];

export type Signer = HardhatEthersSigner;

export interface System {
  readonly ethers: HardhatEthers;
  readonly networkHelpers: NetworkHelpers;
  readonly deployment: Deployment;
  readonly deployer: Signer;
  readonly alice: Signer;
  readonly bob: Signer;
  readonly carol: Signer;
  readonly timelock: Signer;
  readonly factory: ReturnType<typeof ABTokenFactory__factory.connect>;
  readonly manager: ReturnType<typeof ABLiquidityManager__factory.connect>;
  readonly router: ReturnType<typeof ABRouter__factory.connect>;
  readonly forwarder: ReturnType<typeof ABForwarder__factory.connect>;
  readonly checkpoint: ReturnType<typeof ABCheckpoint__factory.connect>;
}

/** Coverage is measured in code built for it, everything else in the code that is committed and deployed. */
function artifactSource(): ArtifactSource[] {
  if (!hre.globalOptions.coverage) return [];
  return [async (name) => ({ ...(await hre.artifacts.readArtifact(name)), contractName: name })];
}

interface Opened {
  readonly code: string;
  readonly system: System;
  readonly snapshot: SnapshotRestorer;
}

const opened = new Map<string, Opened>();

/** Every contract's code as committed: a chain that has other code cannot be used again. */
const deployedCode = (): string =>
  CONTRACTS.map((name) => createHash('sha256').update(readArtifact(name).bytecode).digest('hex')).join();

/**
 * What `make` gives, made once and taken back to how it was made for every test that wants it again. The tests use one chain
 * after the other, never two of the same name at the same time.
 */
export async function openOnce<Made extends System>(name: string, make: () => Promise<Made>): Promise<Made> {
  const code = deployedCode();
  const known = opened.get(name);
  if (known?.code === code) {
    await known.snapshot.restore();
    return known.system as Made;
  }
  const system = await make();
  opened.set(name, { code, system, snapshot: await system.networkHelpers.takeSnapshot() });
  return system;
}

/** A chain with everything deployed; the timelock's account can be used as a signer. */
export async function deploySystem(options: DeploymentOptions = {}, chainId = 31_337): Promise<System> {
  return openOnce(`system ${chainId} ${inspect(options)}`, () => deployNewSystem(options, chainId));
}

async function deployNewSystem(options: DeploymentOptions, chainId: number): Promise<System> {
  const { ethers, networkHelpers } = await network.create({ override: { chainId } });
  const [deployer, alice, bob, carol] = await ethers.getSigners();
  if (!deployer || !alice || !bob || !carol) throw new Error('the chain has no accounts');
  const deployment = await deployContracts(deployer, options, ...artifactSource());
  await networkHelpers.impersonateAccount(deployment.timelock);
  await networkHelpers.setBalance(deployment.timelock, 10n ** 20n);
  return {
    ethers,
    networkHelpers,
    deployment,
    deployer,
    alice,
    bob,
    carol,
    timelock: await ethers.getSigner(deployment.timelock),
    factory: ABTokenFactory__factory.connect(deployment.tokenFactory, alice),
    manager: ABLiquidityManager__factory.connect(deployment.liquidityManager, alice),
    router: ABRouter__factory.connect(deployment.router, alice),
    forwarder: ABForwarder__factory.connect(deployment.forwarder, deployer),
    checkpoint: ABCheckpoint__factory.connect(deployment.checkpoint, deployer),
  };
}

/** A token of Alice's, half of it Bob's, both of whom allow the manager all. */
export async function launchToken(system: System, name: string, symbol: string): Promise<ABToken> {
  const { factory, alice, bob, deployment } = system;
  const address = await factory.createToken.staticCall(name, symbol, SUPPLY, 18, 'ipfs://meta');
  await factory.createToken(name, symbol, SUPPLY, 18, 'ipfs://meta');
  const token = ABToken__factory.connect(address, alice);
  await token.transfer(bob, SUPPLY / 2n);
  for (const holder of [alice, bob])
    await token.connect(holder).approve(deployment.liquidityManager, MaxUint256);
  return token;
}

export interface Market extends System {
  /** The lower address. */
  readonly tokenA: ABToken;
  readonly tokenB: ABToken;
  readonly poolId: string;
}

export const AMOUNT_A = 10n ** 24n;
export const AMOUNT_B = 4n * 10n ** 24n;

/** Alice's pool of 10^24 A and 4 * 10^24 B. */
export async function openMarket(options: DeploymentOptions = {}, chainId = 31_337): Promise<Market> {
  return openOnce(`market ${chainId} ${inspect(options)}`, () => openNewMarket(options, chainId));
}

async function openNewMarket(options: DeploymentOptions, chainId: number): Promise<Market> {
  const system = await deployNewSystem(options, chainId);
  const tokens = [await launchToken(system, 'One', 'ONE'), await launchToken(system, 'Two', 'TWO')];
  const addressed = await Promise.all(tokens.map(async (token) => ({ token, at: await token.getAddress() })));
  const [lower, higher] = addressed.sort((x, y) => (BigInt(x.at) < BigInt(y.at) ? -1 : 1));
  if (!lower || !higher) throw new Error('two tokens expected');
  await system.manager.createPool(lower.at, higher.at, AMOUNT_A, AMOUNT_B, NO_DEADLINE);
  const poolId = await system.manager.poolIdOf(lower.at, higher.at);
  return { ...system, tokenA: lower.token, tokenB: higher.token, poolId };
}

/** Signs a request for the forwarder, as a wallet does for a relayed command. */
export async function signForwardRequest(
  system: System,
  signer: Signer,
  to: string,
  data: BytesLike,
  value = 0n,
) {
  const { forwarder, networkHelpers, deployment } = system;
  const request = {
    from: signer.address,
    to,
    value,
    gas: 3_000_000n,
    deadline: BigInt(await networkHelpers.time.latest()) + 600n,
    data,
  };
  const signature = await signer.signTypedData(
    {
      name: 'AB.LAND Forwarder',
      version: '1',
      chainId: deployment.chainId,
      verifyingContract: deployment.forwarder,
    },
    {
      ForwardRequest: [
        { name: 'from', type: 'address' },
        { name: 'to', type: 'address' },
        { name: 'value', type: 'uint256' },
        { name: 'gas', type: 'uint256' },
        { name: 'nonce', type: 'uint256' },
        { name: 'deadline', type: 'uint48' },
        { name: 'data', type: 'bytes' },
      ],
    },
    { ...request, nonce: await forwarder.nonces(signer) },
  );
  return { ...request, signature };
}

/** Executes a signed call through the forwarder; the deployer pays. */
export async function relay(
  system: System,
  signer: Signer,
  to: string,
  data: BytesLike,
): Promise<ContractTransactionResponse> {
  return system.forwarder.execute(await signForwardRequest(system, signer, to, data));
}

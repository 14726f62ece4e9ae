import { expect } from 'chai';
import { getCreateAddress } from 'ethers';
import hre from 'hardhat';
import { readArtifact } from '../../src/index.js';
import { DeploymentVerificationError } from '../../src/deployment/errors.js';
import { resolveOptions } from '../../src/deployment/settings.js';
import { verifyDeployment } from '../../src/deployment/verification.js';
import { deploySystem, type System } from './support/market.js';

const PLACES = [
  'forwarder',
  'tokenFactory',
  'liquidityManager',
  'router',
  'governanceToken',
  'timelock',
  'governance',
  'checkpoint',
] as const;

describe('deployContracts', () => {
  let system: System;

  before(async () => {
    system = await deploySystem();
  });

  it('deploys to addresses that follow from the deployer and its nonce alone', () => {
    const { deployment, deployer } = system;
    for (const [nonce, place] of PLACES.entries()) {
      expect(deployment[place]).to.equal(getCreateAddress({ from: deployer.address, nonce }));
    }
    expect(deployment.blockNumber).to.equal(1);
    expect(deployment.chainId).to.equal(31337);
  });

  it('tells the initial fees in facts', async () => {
    const { manager, factory } = system;
    const [swapFee] = await manager.queryFilter(manager.filters.SwapFeeUpdated());
    const [protocolFee] = await manager.queryFilter(manager.filters.ProtocolFeeUpdated());
    const [creationFee] = await factory.queryFilter(factory.filters.CreationFeeUpdated());
    expect(swapFee?.args).to.deep.equal([0n, 30n]);
    expect(protocolFee?.args).to.deep.equal([0n, 10n]);
    expect(creationFee?.args).to.deep.equal([0n, 0n]);
  });

  it('leaves no power with the deployer but the brake', async () => {
    const { manager, deployer } = system;
    await expect(manager.connect(deployer).setSwapFee(10n))
      .to.be.revertedWithCustomError(manager, 'OwnableUnauthorizedAccount')
      .withArgs(deployer.address);
    await manager.connect(deployer).pause();
    await expect(manager.connect(deployer).unpause()).to.be.revertedWithCustomError(
      manager,
      'OwnableUnauthorizedAccount',
    );
    await manager.connect(system.timelock).unpause();
  });

  it('names everything that is not as meant', async () => {
    const { ethers, deployment, deployer, alice } = system;
    const options = resolveOptions(
      { guardian: alice.address, creationFee: 5n },
      deployer.address,
      deployment.timelock,
    );
    const wrong = { ...deployment, checkpoint: alice.address };
    const error: unknown = await verifyDeployment(ethers.provider, wrong, options, deployer.address).catch(
      (reason: unknown) => reason,
    );
    expect(error).to.be.instanceOf(DeploymentVerificationError);
    expect((error as DeploymentVerificationError).differences).to.deep.equal([
      'ABTokenFactory.creationFee(): expected 5, found 0',
      `ABLiquidityManager.guardian(): expected ${alice.address}, found ${deployer.address}`,
      `ABGovernance.vetoGuardian(): expected ${alice.address}, found ${deployer.address}`,
      `ABCheckpoint: no code at ${alice.address}`,
    ]);
  });

  it('stays below the size that chains accept', async () => {
    // Code built for coverage is larger.
    if (hre.globalOptions.coverage) return;
    const { ethers, deployment } = system;
    for (const place of PLACES) {
      const code = await ethers.provider.getCode(deployment[place]);
      expect((code.length - 2) / 2, place).to.be.at.most(24_576);
    }
    expect((readArtifact('ABTokenFactory').bytecode.length - 2) / 2).to.be.at.most(49_152);
  });
});

import { expect } from 'chai';
import { getCreateAddress } from 'ethers';
import { network } from 'hardhat';
import { deployContracts } from '../../src/index.js';

describe('deployContracts', () => {
  it('deploys to addresses that follow from the deployer and its nonce alone', async () => {
    const { ethers } = await network.create();
    const [deployer] = await ethers.getSigners();
    const deployment = await deployContracts(deployer!);

    expect(deployment.forwarder).to.equal(getCreateAddress({ from: deployer!.address, nonce: 0 }));
    expect(deployment.tokenFactory).to.equal(getCreateAddress({ from: deployer!.address, nonce: 1 }));
    expect(deployment.liquidityManager).to.equal(getCreateAddress({ from: deployer!.address, nonce: 2 }));
    expect(deployment.blockNumber).to.equal(1);
    expect(deployment.chainId).to.equal(31337);
  });
});

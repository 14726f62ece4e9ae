import { expect } from 'chai';
import { ZeroAddress } from 'ethers';
import { NO_DEADLINE, openMarket, relay, type Market } from './support/market.js';

const IN = 10n ** 21n;

describe('ABLiquidityAdministration', () => {
  let market: Market;

  beforeEach(async () => {
    market = await openMarket();
  });

  it('fees_areTheOwnersAndBounded', async () => {
    const { manager, timelock } = market;
    const owner = manager.connect(timelock);
    for (const call of [() => manager.setSwapFee(31n), () => manager.setProtocolFee(9n)]) {
      await expect(call()).to.be.revertedWithCustomError(manager, 'OwnableUnauthorizedAccount');
    }
    await expect(owner.setSwapFee(301n))
      .to.be.revertedWithCustomError(manager, 'SwapFeeTooLarge')
      .withArgs(301n, 300n);
    await expect(owner.setSwapFee(9n))
      .to.be.revertedWithCustomError(manager, 'ProtocolFeeAboveSwapFee')
      .withArgs(10n, 9n);
    await expect(owner.setProtocolFee(31n))
      .to.be.revertedWithCustomError(manager, 'ProtocolFeeAboveSwapFee')
      .withArgs(31n, 30n);
    await expect(owner.setSwapFee(300n)).to.emit(manager, 'SwapFeeUpdated').withArgs(30n, 300n);
    await expect(owner.setProtocolFee(300n)).to.emit(manager, 'ProtocolFeeUpdated').withArgs(10n, 300n);
    await expect(owner.setProtocolFee(0n)).to.emit(manager, 'ProtocolFeeUpdated').withArgs(300n, 0n);
    await expect(owner.setSwapFee(0n)).to.emit(manager, 'SwapFeeUpdated').withArgs(300n, 0n);
    expect([await manager.swapFee(), await manager.protocolFee()]).to.deep.equal([0n, 0n]);
  });

  it('fees_takeEffectInTheNextSwap', async () => {
    const { manager, timelock, tokenA, poolId } = market;
    const dearer = await manager.quoteAmountOut(poolId, tokenA, IN);
    await manager.connect(timelock).setProtocolFee(0n);
    await manager.connect(timelock).setSwapFee(0n);
    expect(await manager.quoteAmountOut(poolId, tokenA, IN)).to.be.greaterThan(dearer);
    await manager.swap(poolId, tokenA, IN, 0n, NO_DEADLINE);
    expect(await manager.protocolFeesOf(tokenA)).to.equal(0n);
  });

  it('pause_isTheGuardiansAndItsEndTheOwners', async () => {
    const { manager, timelock, deployer, bob, tokenA, tokenB, poolId } = market;
    await expect(manager.connect(bob).pause())
      .to.be.revertedWithCustomError(manager, 'NotGuardian')
      .withArgs(bob.address);
    await manager.connect(deployer).pause();
    await expect(manager.connect(deployer).pause()).to.be.revertedWithCustomError(manager, 'EnforcedPause');
    for (const call of [
      () => manager.swap(poolId, tokenA, IN, 0n, NO_DEADLINE),
      () => manager.swapRoute([tokenA, tokenB], [IN, 1n], NO_DEADLINE),
      () => manager.addLiquidity(poolId, IN, IN, 0n, 0n, NO_DEADLINE),
      () => manager.createPool(tokenA, tokenB, IN, IN, NO_DEADLINE),
    ]) {
      await expect(call()).to.be.revertedWithCustomError(manager, 'EnforcedPause');
    }
    await manager.removeLiquidity(poolId, 1_000n, 0n, 0n, NO_DEADLINE);
    await manager.collectProtocolFees(tokenA);
    await expect(manager.connect(deployer).unpause()).to.be.revertedWithCustomError(
      manager,
      'OwnableUnauthorizedAccount',
    );
    await manager.connect(timelock).unpause();
    await manager.connect(timelock).pause();
    expect(await manager.paused()).to.equal(true);
  });

  it('pause_canBeRelayedByTheGuardian', async () => {
    const { manager, deployer } = market;
    await relay(market, deployer, await manager.getAddress(), manager.interface.encodeFunctionData('pause'));
    expect(await manager.paused()).to.equal(true);
  });

  it('guardianAndRecipient_areTheOwnersToName', async () => {
    const { manager, timelock, deployer, carol } = market;
    const owner = manager.connect(timelock);
    for (const call of [() => manager.setGuardian(carol), () => manager.setFeeRecipient(carol)]) {
      await expect(call()).to.be.revertedWithCustomError(manager, 'OwnableUnauthorizedAccount');
    }
    for (const recipient of [ZeroAddress, await manager.getAddress()]) {
      await expect(owner.setFeeRecipient(recipient))
        .to.be.revertedWithCustomError(manager, 'InvalidRecipient')
        .withArgs(recipient);
    }
    await expect(owner.setFeeRecipient(carol))
      .to.emit(manager, 'FeeRecipientUpdated')
      .withArgs(timelock, carol);
    await expect(owner.setGuardian(carol)).to.emit(manager, 'GuardianUpdated').withArgs(deployer, carol);
    expect([await manager.feeRecipient(), await manager.guardian()]).to.deep.equal([
      carol.address,
      carol.address,
    ]);
    await expect(manager.connect(deployer).pause()).to.be.revertedWithCustomError(manager, 'NotGuardian');
    await manager.connect(carol).pause();
  });

  it('ownership_movesOnlyWhenTheNewOwnerAccepts', async () => {
    const { manager, timelock, carol } = market;
    await manager.connect(timelock).transferOwnership(carol);
    expect(await manager.owner()).to.equal(timelock.address);
    await manager.connect(carol).acceptOwnership();
    expect(await manager.owner()).to.equal(carol.address);
  });
});

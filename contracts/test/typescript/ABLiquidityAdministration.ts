import { anyValue } from '@nomicfoundation/hardhat-ethers-chai-matchers/withArgs';
import { expect } from 'chai';
import { ZeroAddress } from 'ethers';
import { NO_DEADLINE, openMarket, relay, type Market } from './support/market.js';

const IN = 10n ** 21n;
/** Seconds. */
const DAY = 86_400;

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
    await expect(owner.setSwapFee(19n))
      .to.be.revertedWithCustomError(manager, 'ProtocolFeeAboveHalf')
      .withArgs(10n, 19n);
    await expect(owner.setProtocolFee(16n))
      .to.be.revertedWithCustomError(manager, 'ProtocolFeeAboveHalf')
      .withArgs(16n, 30n);
    await expect(owner.setSwapFee(300n)).to.emit(manager, 'SwapFeeUpdated').withArgs(30n, 300n);
    await expect(owner.setProtocolFee(150n)).to.emit(manager, 'ProtocolFeeUpdated').withArgs(10n, 150n);
    await expect(owner.setProtocolFee(0n)).to.emit(manager, 'ProtocolFeeUpdated').withArgs(150n, 0n);
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

  it('pause_endsByItselfAndTheGuardianRestsAsLong', async () => {
    const { manager, timelock, deployer, tokenA, poolId, networkHelpers } = market;
    const guardian = manager.connect(deployer);
    expect([await manager.pausedUntil(), await manager.guardianPausesFrom()]).to.deep.equal([0n, 0n]);
    const start = (await networkHelpers.time.latest()) + 100;
    await networkHelpers.time.setNextBlockTimestamp(start);
    const [end, restEnd] = [start + 14 * DAY, start + 28 * DAY];
    const paused = guardian.pause();
    await expect(paused).to.emit(manager, 'Paused').withArgs(deployer);
    await expect(paused).to.emit(manager, 'PausedUntil').withArgs(end);
    expect([await manager.pausedUntil(), await manager.guardianPausesFrom()]).to.deep.equal(
      [end, restEnd].map(BigInt),
    );
    const swap = () => manager.swap(poolId, tokenA, IN, 0n, NO_DEADLINE);
    await networkHelpers.time.setNextBlockTimestamp(end - 1);
    await expect(swap()).to.be.revertedWithCustomError(manager, 'EnforcedPause');
    await networkHelpers.time.setNextBlockTimestamp(end);
    await expect(swap()).to.emit(manager, 'Swap');
    await expect(manager.connect(timelock).unpause()).to.be.revertedWithCustomError(manager, 'ExpectedPause');

    await networkHelpers.time.setNextBlockTimestamp(restEnd - 1);
    await expect(guardian.pause()).to.be.revertedWithCustomError(manager, 'GuardianRests').withArgs(restEnd);
    await networkHelpers.time.setNextBlockTimestamp(restEnd);
    await guardian.pause();
  });

  it('pause_ofTheOwnerTakesNoRest', async () => {
    const { manager, timelock } = market;
    const owner = manager.connect(timelock);
    await owner.pause();
    const ended = owner.unpause();
    await expect(ended).to.emit(manager, 'Unpaused').withArgs(timelock);
    expect(await manager.pausedUntil()).to.equal(0n);
    await owner.pause();
    expect(await manager.guardianPausesFrom()).to.equal(0n);
  });

  it('pause_isProlongedByTheOwnerAloneAndWithinItsBounds', async () => {
    const { manager, timelock, deployer, networkHelpers } = market;
    const owner = manager.connect(timelock);
    await expect(owner.prolongPause(NO_DEADLINE)).to.be.revertedWithCustomError(manager, 'ExpectedPause');
    await manager.connect(deployer).pause();
    const start = await networkHelpers.time.latest();
    await expect(manager.connect(deployer).prolongPause(start + 20 * DAY)).to.be.revertedWithCustomError(
      manager,
      'OwnableUnauthorizedAccount',
    );
    const later = start + 1_000;
    for (const until of [start + 14 * DAY, later + 90 * DAY + 1]) {
      await networkHelpers.time.setNextBlockTimestamp(later + (until === start + 14 * DAY ? -1 : 0));
      await expect(owner.prolongPause(until))
        .to.be.revertedWithCustomError(manager, 'PauseOutOfRange')
        .withArgs(until, start + 14 * DAY, anyValue);
    }
    await networkHelpers.time.setNextBlockTimestamp(later + 1);
    await expect(owner.prolongPause(later + 1 + 90 * DAY))
      .to.emit(manager, 'PausedUntil')
      .withArgs(later + 1 + 90 * DAY);
    await owner.prolongPause(later + 2 + 90 * DAY);
    await networkHelpers.time.increaseTo(later + 80 * DAY);
    expect(await manager.paused()).to.equal(true);
  });

  it('ownership_cannotBeGivenUpWhilePaused', async () => {
    const { manager, timelock, deployer } = market;
    const owner = manager.connect(timelock);
    await manager.connect(deployer).pause();
    await expect(owner.renounceOwnership()).to.be.revertedWithCustomError(manager, 'EnforcedPause');
    await owner.unpause();
    await expect(manager.connect(deployer).renounceOwnership()).to.be.revertedWithCustomError(
      manager,
      'OwnableUnauthorizedAccount',
    );
    await owner.renounceOwnership();
    expect(await manager.owner()).to.equal(ZeroAddress);
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

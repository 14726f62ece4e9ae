import { anyValue } from '@nomicfoundation/hardhat-ethers-chai-matchers/withArgs';
import { expect } from 'chai';
import { ZeroAddress, keccak256 } from 'ethers';
import { AMOUNT_A, NO_DEADLINE, openMarket, type Market } from './support/market.js';

const MINIMUM = 1_000n;

describe('ABLiquidityManager: deposits with a minimum, and leaving', () => {
  let market: Market;
  let past: bigint;

  beforeEach(async () => {
    market = await openMarket();
    past = BigInt(await market.networkHelpers.time.latest());
  });

  const pool = () => market.manager.getPool(market.poolId);

  describe('deposit', () => {
    it('deposit_isAddLiquidityWithAMinimumOfLiquidity', async () => {
      const { manager, tokenA, tokenB, poolId, bob } = market;
      const order = {
        ...{ poolId, amountADesired: 100n, amountBDesired: 400n, amountAMin: 100n, amountBMin: 400n },
        ...{ liquidityMin: 200n, deadline: NO_DEADLINE },
      };
      const mine = manager.connect(bob);
      await expect(mine.deposit({ ...order, liquidityMin: 201n }))
        .to.be.revertedWithCustomError(manager, 'LiquidityBelowMinimum')
        .withArgs(200n, 201n);
      await expect(mine.deposit({ ...order, amountAMin: 101n }))
        .to.be.revertedWithCustomError(manager, 'AmountBelowMinimum')
        .withArgs(tokenA, 100n, 101n);
      await expect(mine.deposit({ ...order, amountBMin: 401n }))
        .to.be.revertedWithCustomError(manager, 'AmountBelowMinimum')
        .withArgs(tokenB, 400n, 401n);
      await expect(mine.deposit({ ...order, deadline: past })).to.be.revertedWithCustomError(
        manager,
        'DeadlineExpired',
      );
      expect([...(await mine.deposit.staticCall(order))]).to.deep.equal([100n, 400n, 200n]);
      await expect(mine.deposit(order))
        .to.emit(manager, 'LiquidityAdded')
        .withArgs(bob, poolId, 100n, 400n, 200n);
    });
  });

  describe('withdraw', () => {
    it('withdraw_paysWhoItNames', async () => {
      const { manager, tokenA, tokenB, poolId, alice, carol, ethers } = market;
      const order = {
        ...{ poolId, liquidity: 200n, amountAMin: 100n, amountBMin: 400n },
        ...{ recipient: carol.address, deadline: NO_DEADLINE },
      };
      await expect(manager.withdraw({ ...order, recipient: ZeroAddress }))
        .to.be.revertedWithCustomError(manager, 'InvalidRecipient')
        .withArgs(ZeroAddress);
      for (const wrong of [{ amountAMin: 101n }, { amountBMin: 401n }])
        await expect(manager.withdraw({ ...order, ...wrong })).to.be.revertedWithCustomError(
          manager,
          'AmountBelowMinimum',
        );
      await expect(manager.withdraw({ ...order, deadline: past })).to.be.revertedWithCustomError(
        manager,
        'DeadlineExpired',
      );
      expect([...(await manager.withdraw.staticCall(order))]).to.deep.equal([100n, 400n]);
      const removed = manager.withdraw(order);
      await expect(removed).to.emit(manager, 'LiquidityRemoved').withArgs(alice, poolId, 100n, 400n, 200n);
      await expect(removed).to.changeTokenBalances(ethers, tokenA, [carol, alice, manager], [100n, 0, -100n]);
      await expect(removed).to.changeTokenBalances(ethers, tokenB, [carol, alice, manager], [400n, 0, -400n]);
    });

    it('withdraw_keepsNothingWhereOneSideIsWorthNothing', async () => {
      const { manager, poolId } = market;
      const removed = manager.removeLiquidity(poolId, 1n, 0n, 0n, NO_DEADLINE);
      await expect(removed).to.emit(manager, 'LiquidityRemoved').withArgs(anyValue, poolId, 0n, 2n, 1n);
      await expect(removed).not.to.emit(market.tokenA, 'Transfer');
    });
  });

  describe('removeLiquidity', () => {
    it('removeLiquidity_paysTheShareRoundedDown', async () => {
      const { manager, tokenA, tokenB, poolId, alice, ethers } = market;
      await manager.swap(poolId, tokenA, 12_345_678n, 0n, NO_DEADLINE);
      const before = await pool();
      const liquidity = 10n ** 20n + 7n;
      const amountA = (liquidity * before.reserveA) / before.totalLiquidity;
      const amountB = (liquidity * before.reserveB) / before.totalLiquidity;
      const held = await manager.liquidityOf(poolId, alice);

      const removed = manager.removeLiquidity(poolId, liquidity, amountA, amountB, NO_DEADLINE);
      await expect(removed)
        .to.emit(manager, 'LiquidityRemoved')
        .withArgs(alice, poolId, amountA, amountB, liquidity);
      await expect(removed)
        .to.emit(manager, 'Sync')
        .withArgs(poolId, before.reserveA - amountA, before.reserveB - amountB);
      await expect(removed).to.changeTokenBalances(ethers, tokenA, [alice, manager], [amountA, -amountA]);
      await expect(removed).to.changeTokenBalances(ethers, tokenB, [alice, manager], [amountB, -amountB]);
      expect(await manager.liquidityOf(poolId, alice)).to.equal(held - liquidity);
      expect((await pool()).totalLiquidity).to.equal(before.totalLiquidity - liquidity);
    });

    it('removeLiquidity_refusesWhatItsBoundsForbid', async () => {
      const { manager, tokenA, tokenB, poolId, alice, bob } = market;
      const held = await manager.liquidityOf(poolId, alice);
      const remove = (...args: readonly [bigint, bigint, bigint, bigint]) =>
        manager.removeLiquidity(poolId, ...args);
      await expect(remove(held + 1n, 0n, 0n, NO_DEADLINE))
        .to.be.revertedWithCustomError(manager, 'InsufficientLiquidity')
        .withArgs(alice, held, held + 1n);
      await expect(manager.connect(bob).removeLiquidity(poolId, 1n, 0n, 0n, NO_DEADLINE))
        .to.be.revertedWithCustomError(manager, 'InsufficientLiquidity')
        .withArgs(bob, 0n, 1n);
      await expect(remove(0n, 0n, 0n, NO_DEADLINE)).to.be.revertedWithCustomError(manager, 'ZeroAmount');
      await expect(remove(200n, 101n, 0n, NO_DEADLINE))
        .to.be.revertedWithCustomError(manager, 'AmountBelowMinimum')
        .withArgs(tokenA, 100n, 101n);
      await expect(remove(200n, 0n, 401n, NO_DEADLINE))
        .to.be.revertedWithCustomError(manager, 'AmountBelowMinimum')
        .withArgs(tokenB, 400n, 401n);
      await expect(remove(200n, 0n, 0n, past)).to.be.revertedWithCustomError(manager, 'DeadlineExpired');
      await expect(manager.removeLiquidity(keccak256('0x'), 1n, 0n, 0n, NO_DEADLINE))
        .to.be.revertedWithCustomError(manager, 'UnknownPool')
        .withArgs(keccak256('0x'));
      await remove(held, 0n, 0n, NO_DEADLINE);
      expect((await pool()).totalLiquidity).to.equal(MINIMUM);
    });

    it('removeLiquidity_lastsThroughPauseAndDeactivation', async () => {
      const { manager, factory, tokenA, tokenB, poolId, alice, deployer, ethers } = market;
      await manager.connect(deployer).pause();
      await factory.deactivateToken(tokenA);
      await factory.deactivateToken(tokenB);
      const held = await manager.liquidityOf(poolId, alice);
      await expect(manager.removeLiquidity(poolId, held, 0n, 0n, NO_DEADLINE)).to.changeTokenBalances(
        ethers,
        tokenA,
        [alice],
        [(held * AMOUNT_A) / (held + MINIMUM)],
      );
    });
  });
});

import { anyValue } from '@nomicfoundation/hardhat-ethers-chai-matchers/withArgs';
import { expect } from 'chai';
import { Interface, ZeroAddress, keccak256, solidityPacked } from 'ethers';
import {
  AMOUNT_A,
  AMOUNT_B,
  COMMAND_TAG,
  NO_DEADLINE,
  launchToken,
  openMarket,
  relay,
  type Market,
} from './support/market.js';

const IN = 10n ** 21n;
const UINT128_MAX = 2n ** 128n - 1n;
const MINIMUM = 1_000n;

/** What the pool pays for an amount of A, by the rule of its documentation. */
const outFor = (amountIn: bigint, reserveIn = AMOUNT_A, reserveOut = AMOUNT_B, fee = 30n): bigint => {
  const afterFee = amountIn * (10_000n - fee);
  return (afterFee * reserveOut) / (reserveIn * 10_000n + afterFee);
};

describe('ABLiquidityManager', () => {
  let market: Market;
  let past: bigint;

  beforeEach(async () => {
    market = await openMarket();
    past = BigInt(await market.networkHelpers.time.latest());
  });

  const pool = () => market.manager.getPool(market.poolId);

  describe('createPool', () => {
    it('createPool_namesTheLockedMinimumAndTheReserves', async () => {
      const { manager, tokenA, tokenB, poolId, alice } = market;
      const created = await manager.queryFilter(manager.filters.PoolCreated());
      expect(created[0]?.args).to.deep.equal([await tokenA.getAddress(), await tokenB.getAddress(), poolId]);
      expect(poolId).to.equal(
        keccak256(
          solidityPacked(['address', 'address'], [await tokenA.getAddress(), await tokenB.getAddress()]),
        ),
      );
      const added = await manager.queryFilter(manager.filters.LiquidityAdded());
      const total = 2n * 10n ** 24n;
      expect(added.map(({ args }) => [...args])).to.deep.equal([
        [ZeroAddress, poolId, 0n, 0n, MINIMUM],
        [alice.address, poolId, AMOUNT_A, AMOUNT_B, total - MINIMUM],
      ]);
      const [sync] = await manager.queryFilter(manager.filters.Sync());
      expect([...(sync?.args ?? [])]).to.deep.equal([poolId, AMOUNT_A, AMOUNT_B]);
      expect((await pool()).totalLiquidity).to.equal(total);
      expect(await manager.liquidityOf(poolId, alice)).to.equal(total - MINIMUM);
      expect(await manager.liquidityOf(poolId, ZeroAddress)).to.equal(0n);
    });

    it('createPool_sortsTokensAndTheirAmounts', async () => {
      const { manager, tokenA, tokenB } = market;
      const third = await launchToken(market, 'Three', 'THREE');
      for (const other of [tokenA, tokenB]) {
        await manager.createPool(third, other, 10n ** 20n, 10n ** 21n, NO_DEADLINE);
        const opened = await manager.getPool(await manager.poolIdOf(other, third));
        const thirdIsA = opened.tokenA === (await third.getAddress());
        expect(thirdIsA ? opened.reserveA : opened.reserveB).to.equal(10n ** 20n);
        expect(BigInt(opened.tokenA)).to.be.lessThan(BigInt(opened.tokenB));
      }
    });

    it('createPool_refusesWhatCannotBeAPool', async () => {
      const { manager, tokenA, tokenB, poolId } = market;
      const third = await launchToken(market, 'Three', 'THREE');
      await expect(manager.createPool(tokenA, tokenB, 1n, 1n, NO_DEADLINE))
        .to.be.revertedWithCustomError(manager, 'PoolExists')
        .withArgs(poolId);
      await expect(manager.createPool(tokenA, tokenA, 1n, 1n, NO_DEADLINE))
        .to.be.revertedWithCustomError(manager, 'IdenticalTokens')
        .withArgs(tokenA);
      await expect(
        manager.createPool(tokenA, ZeroAddress, 1n, 1n, NO_DEADLINE),
      ).to.be.revertedWithCustomError(manager, 'ZeroAddress');
      for (const amounts of [
        [0n, IN],
        [IN, 0n],
      ] as const) {
        await expect(
          manager.createPool(third, tokenB, ...amounts, NO_DEADLINE),
        ).to.be.revertedWithCustomError(manager, 'ZeroAmount');
      }
      await expect(manager.createPool(third, tokenB, 1_000n, 1_000n, NO_DEADLINE))
        .to.be.revertedWithCustomError(manager, 'InsufficientInitialLiquidity')
        .withArgs(1_000n, MINIMUM);
      await manager.createPool.staticCall(third, tokenB, 1_001n, 1_001n, NO_DEADLINE);
      for (const amounts of [
        [UINT128_MAX + 1n, 1n],
        [1n, UINT128_MAX + 1n],
      ] as const) {
        await expect(manager.createPool(third, tokenB, ...amounts, NO_DEADLINE))
          .to.be.revertedWithCustomError(manager, 'ReserveOverflow')
          .withArgs(UINT128_MAX + 1n);
      }
      await expect(manager.createPool(third, tokenB, IN, IN, past))
        .to.be.revertedWithCustomError(manager, 'DeadlineExpired')
        .withArgs(past, anyValue);
    });
  });

  describe('addLiquidity', () => {
    it('addLiquidity_takesTheScarcerTokenInFullAndTheOtherAtTheRatioRoundedUp', async () => {
      const { manager, tokenA, tokenB, poolId, bob, ethers } = market;
      await manager.connect(bob).swap(poolId, tokenA, 7n, 0n, NO_DEADLINE);
      const before = await pool();
      const wanted = 10n ** 20n + 1n;
      const amountB = (wanted * before.reserveB + before.reserveA - 1n) / before.reserveA;
      const liquidityA = (wanted * before.totalLiquidity) / before.reserveA;
      const liquidityB = (amountB * before.totalLiquidity) / before.reserveB;
      const liquidity = liquidityA < liquidityB ? liquidityA : liquidityB;

      const added = manager
        .connect(bob)
        .addLiquidity(poolId, wanted, NO_DEADLINE, wanted, amountB - 1n, NO_DEADLINE);
      await expect(added)
        .to.emit(manager, 'LiquidityAdded')
        .withArgs(bob, poolId, wanted, amountB, liquidity);
      await expect(added)
        .to.emit(manager, 'Sync')
        .withArgs(poolId, before.reserveA + wanted, before.reserveB + amountB);
      await expect(added).to.changeTokenBalances(ethers, tokenA, [bob, manager], [-wanted, wanted]);
      await expect(added).to.changeTokenBalances(ethers, tokenB, [bob, manager], [-amountB, amountB]);
      expect(await manager.liquidityOf(poolId, bob)).to.equal(liquidity);
      expect((await pool()).totalLiquidity).to.equal(before.totalLiquidity + liquidity);
    });

    it('addLiquidity_isBoundByTheSmallerDesiredAmount', async () => {
      const { manager, poolId, bob } = market;
      const [amountA, amountB] = await manager
        .connect(bob)
        .addLiquidity.staticCall(poolId, NO_DEADLINE >> 129n, 401n, 0n, 0n, NO_DEADLINE);
      expect([amountA, amountB]).to.deep.equal([100n, 400n]);
    });

    it('addLiquidity_refusesWhatItsBoundsForbid', async () => {
      const { manager, tokenA, tokenB, poolId, bob } = market;
      const add = (...args: readonly [bigint, bigint, bigint, bigint, bigint]) =>
        manager.connect(bob).addLiquidity(poolId, ...args);
      await expect(add(100n, 400n, 101n, 0n, NO_DEADLINE))
        .to.be.revertedWithCustomError(manager, 'AmountBelowMinimum')
        .withArgs(tokenA, 100n, 101n);
      await expect(add(100n, 500n, 0n, 401n, NO_DEADLINE))
        .to.be.revertedWithCustomError(manager, 'AmountBelowMinimum')
        .withArgs(tokenB, 400n, 401n);
      await add(100n, 400n, 100n, 400n, NO_DEADLINE);
      for (const [desiredA, desiredB] of [
        [0n, 1n],
        [1n, 0n],
      ] as const) {
        await expect(add(desiredA, desiredB, 0n, 0n, NO_DEADLINE)).to.be.revertedWithCustomError(
          manager,
          'ZeroAmount',
        );
      }
      await expect(add(1n, 1n, 0n, 0n, past)).to.be.revertedWithCustomError(manager, 'DeadlineExpired');
      const mostOfB = 4n * (UINT128_MAX / 4n);
      await expect(add(UINT128_MAX + 1n, NO_DEADLINE, 0n, 0n, NO_DEADLINE))
        .to.be.revertedWithCustomError(manager, 'ReserveOverflow')
        .withArgs(AMOUNT_B + 400n + mostOfB);
      await expect(
        manager.connect(bob).addLiquidity(keccak256('0x'), 1n, 1n, 0n, 0n, NO_DEADLINE),
      ).to.be.revertedWithCustomError(manager, 'UnknownPool');
    });

    it('addLiquidity_refusesDepositsTooSmallForAUnitOfLiquidity', async () => {
      const { manager, tokenA } = market;
      const third = await launchToken(market, 'Three', 'THREE');
      await manager.createPool(tokenA, third, 10n ** 12n, 10n ** 6n, NO_DEADLINE);
      const id = await manager.poolIdOf(tokenA, third);
      const aIsLower = (await manager.getPool(id)).tokenA === (await tokenA.getAddress());
      const desired = aIsLower ? ([100n, 1n] as const) : ([1n, 100n] as const);
      await expect(manager.addLiquidity(id, ...desired, 0n, 0n, NO_DEADLINE)).to.be.revertedWithCustomError(
        manager,
        'InsufficientLiquidityAdded',
      );
    });
  });

  describe('swap', () => {
    it('swap_paysTheConstantProductLessTheFeeInBothDirections', async () => {
      const { manager, tokenA, tokenB, poolId, bob, ethers } = market;
      const outB = outFor(IN);
      const part = IN / 1_000n;
      const there = manager.connect(bob).swap(poolId, tokenA, IN, outB, NO_DEADLINE);
      await expect(there).to.emit(manager, 'Swap').withArgs(bob, poolId, tokenA, tokenB, IN, outB);
      await expect(there)
        .to.emit(manager, 'Sync')
        .withArgs(poolId, AMOUNT_A + IN - part, AMOUNT_B - outB);
      await expect(there).to.changeTokenBalances(ethers, tokenA, [bob, manager], [-IN, IN]);
      await expect(there).to.changeTokenBalances(ethers, tokenB, [bob, manager], [outB, -outB]);

      const outA = outFor(IN, AMOUNT_B - outB, AMOUNT_A + IN - part);
      expect(await manager.quoteAmountOut(poolId, tokenB, IN)).to.equal(outA);
      const back = manager.connect(bob).swap(poolId, tokenB, IN, outA, NO_DEADLINE);
      await expect(back).to.emit(manager, 'Swap').withArgs(bob, poolId, tokenB, tokenA, IN, outA);
      await expect(back)
        .to.emit(manager, 'Sync')
        .withArgs(poolId, AMOUNT_A + IN - part - outA, AMOUNT_B - outB + IN - part);
    });

    it('swap_keepsTheProtocolsPartOutOfTheReservesUntilItIsCollected', async () => {
      const { manager, tokenA, tokenB, poolId, bob, carol, timelock, ethers } = market;
      await manager.connect(timelock).setFeeRecipient(carol);
      await manager.connect(bob).swap(poolId, tokenA, IN, 0n, NO_DEADLINE);
      await manager.connect(bob).swap(poolId, tokenA, IN + 999n, 0n, NO_DEADLINE);
      expect(await manager.protocolFeesOf(tokenA)).to.equal((2n * IN) / 1_000n);
      expect(await manager.protocolFeesOf(tokenB)).to.equal(0n);
      const before = await pool();
      const collected = manager.connect(bob).collectProtocolFees(tokenA);
      await expect(collected).to.changeTokenBalances(
        ethers,
        tokenA,
        [manager, carol],
        [(-2n * IN) / 1_000n, (2n * IN) / 1_000n],
      );
      await expect(collected)
        .to.emit(manager, 'ProtocolFeesCollected')
        .withArgs(tokenA, carol, (2n * IN) / 1_000n);
      expect(await manager.protocolFeesOf(tokenA)).to.equal(0n);
      expect(await pool()).to.deep.equal(before);
      expect(await tokenA.balanceOf(manager)).to.equal(before.reserveA);
    });

    it('swap_refusesWhatItsBoundsForbid', async () => {
      const { manager, tokenA, tokenB, poolId, bob, factory } = market;
      const swap = (...args: readonly [bigint, bigint, bigint]) =>
        manager.connect(bob).swap(poolId, tokenA, ...args);
      await expect(swap(IN, outFor(IN) + 1n, NO_DEADLINE))
        .to.be.revertedWithCustomError(manager, 'AmountBelowMinimum')
        .withArgs(tokenB, outFor(IN), outFor(IN) + 1n);
      await expect(swap(IN, 0n, past))
        .to.be.revertedWithCustomError(manager, 'DeadlineExpired')
        .withArgs(past, anyValue);
      await expect(swap(0n, 0n, NO_DEADLINE)).to.be.revertedWithCustomError(manager, 'ZeroAmount');
      await expect(
        manager.connect(bob).swap(poolId, tokenB, 1n, 0n, NO_DEADLINE),
      ).to.be.revertedWithCustomError(manager, 'InsufficientAmountOut');
      for (const amount of [UINT128_MAX + 1n, NO_DEADLINE]) {
        await expect(swap(amount, 0n, NO_DEADLINE))
          .to.be.revertedWithCustomError(manager, 'ReserveOverflow')
          .withArgs(amount);
      }
      await expect(manager.swap(poolId, factory, 1n, 0n, NO_DEADLINE))
        .to.be.revertedWithCustomError(manager, 'TokenNotInPool')
        .withArgs(poolId, factory);
      await expect(manager.swap(keccak256('0x'), tokenA, 1n, 0n, NO_DEADLINE))
        .to.be.revertedWithCustomError(manager, 'UnknownPool')
        .withArgs(keccak256('0x'));
    });

    it('everyDeposit_keepsReservesWithin128Bits', async () => {
      const { manager, factory, tokenA, alice } = market;
      const most = 10n ** 45n;
      const address = await factory.createToken.staticCall('Huge', 'HUGE', most, 18, '');
      await factory.createToken('Huge', 'HUGE', most, 18, '');
      const huge = tokenA.attach(address) as typeof tokenA;
      await huge.connect(alice).approve(manager, most);
      await manager.createPool(huge, tokenA, UINT128_MAX, 1_000_000n, NO_DEADLINE);
      const id = await manager.poolIdOf(huge, tokenA);
      await expect(manager.swap(id, huge, 10n ** 36n, 0n, NO_DEADLINE))
        .to.be.revertedWithCustomError(manager, 'ReserveOverflow')
        .withArgs(UINT128_MAX + 999n * 10n ** 33n);
      await expect(manager.addLiquidity(id, UINT128_MAX, UINT128_MAX, 0n, 0n, NO_DEADLINE))
        .to.be.revertedWithCustomError(manager, 'ReserveOverflow')
        .withArgs(2n * UINT128_MAX);
      await manager.swap(id, tokenA, 1_000n, 0n, NO_DEADLINE);
      await manager.removeLiquidity(id, await manager.liquidityOf(id, alice), 0n, 0n, NO_DEADLINE);
    });

    it('swap_isAcceptedInTheVerySecondOfItsDeadline', async () => {
      const { manager, tokenA, poolId, networkHelpers } = market;
      const deadline = (await networkHelpers.time.latest()) + 100;
      await networkHelpers.time.setNextBlockTimestamp(deadline);
      await expect(manager.swap(poolId, tokenA, IN, 0n, deadline)).to.emit(manager, 'Swap');
    });

    it('swap_withoutAllowanceFailsWithTheTokensOwnError', async () => {
      const { manager, tokenA, poolId, carol } = market;
      await expect(manager.connect(carol).swap(poolId, tokenA, IN, 0n, NO_DEADLINE))
        .to.be.revertedWithCustomError(tokenA, 'ERC20InsufficientAllowance')
        .withArgs(manager, 0n, IN);
    });

    it('quoteAmountIn_isTheLeastThatBuysTheAmount', async () => {
      const { manager, tokenA, poolId } = market;
      const wanted = 123_456_789n;
      const amountIn = await manager.quoteAmountIn(poolId, tokenA, wanted);
      expect(outFor(amountIn)).to.be.at.least(wanted);
      expect(outFor(amountIn - 1n)).to.be.lessThan(wanted);
      await expect(manager.quoteAmountIn(poolId, tokenA, AMOUNT_B))
        .to.be.revertedWithCustomError(manager, 'InsufficientReserve')
        .withArgs(AMOUNT_B, AMOUNT_B);
      await expect(manager.quoteAmountIn(poolId, tokenA, 0n)).to.be.revertedWithCustomError(
        manager,
        'ZeroAmount',
      );
    });
  });

  describe('relayed and tagged calls', () => {
    it('everyCommand_toleratesATagDirectlyAndRelayedAndKnowsItsUser', async () => {
      const { manager, tokenA, tokenB, poolId, bob, poolId: id } = market;
      const third = await launchToken(market, 'Three', 'THREE');
      const plain = new Interface(manager.interface.fragments);
      const encode = (name: string, args: readonly unknown[]) => plain.encodeFunctionData(name, args);
      const calls: readonly (readonly [string, readonly unknown[], string])[] = [
        ['swap', [id, await tokenA.getAddress(), IN, 0n, NO_DEADLINE], 'Swap'],
        ['addLiquidity', [id, IN, NO_DEADLINE, 0n, 0n, NO_DEADLINE], 'LiquidityAdded'],
        ['removeLiquidity', [id, 1_000n, 0n, 0n, NO_DEADLINE], 'LiquidityRemoved'],
        ['deposit', [[id, IN, NO_DEADLINE, 0n, 0n, 0n, NO_DEADLINE]], 'LiquidityAdded'],
        ['withdraw', [[id, 1_000n, 0n, 0n, bob.address, NO_DEADLINE]], 'LiquidityRemoved'],
        [
          'swapRoute',
          [[await tokenA.getAddress(), await tokenB.getAddress()], [IN, 1n], NO_DEADLINE],
          'Swap',
        ],
      ];
      for (const [name, args, event] of calls) {
        const data = encode(name, args) + COMMAND_TAG.slice(2);
        for (const send of [
          () => bob.sendTransaction({ to: manager, data }),
          async () => relay(market, bob, await manager.getAddress(), data),
        ]) {
          const receipt = await (await send()).wait();
          const logs = (receipt?.logs ?? []).map((log) => manager.interface.parseLog(log));
          const facts = logs.filter((log) => log?.name === event);
          expect(
            facts.map((log) => log?.args[0] as unknown),
            name,
          ).to.deep.equal([bob.address]);
        }
      }
      for (const [index, other] of [tokenA, tokenB].entries()) {
        const args = [await third.getAddress(), await other.getAddress(), IN, IN, NO_DEADLINE];
        const data = encode('createPool', args) + COMMAND_TAG.slice(2);
        if (index === 0) await bob.sendTransaction({ to: manager, data });
        else await relay(market, bob, await manager.getAddress(), data);
        expect(await manager.liquidityOf(await manager.poolIdOf(third, other), bob)).to.equal(IN - MINIMUM);
      }
      expect(poolId).to.equal(id);
    });
  });
});

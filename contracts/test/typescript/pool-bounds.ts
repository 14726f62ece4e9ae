import { expect } from 'chai';
import type { Contract } from 'ethers';
import type { ABToken } from '../../../libs/chain/src/contracts/generated/ABToken.gen.js';
import { AMOUNT_A, AMOUNT_B, NO_DEADLINE, openMarket, type Market } from './support/market.js';

const IN = 10n ** 21n;
const MOST = 2n ** 128n - 1n;
const FEE = 30n;

describe('the bounds of a pool', () => {
  let market: Market;

  beforeEach(async () => {
    market = await openMarket();
  });

  /** Three of Alice's tokens of 10^45 base units, the lowest address first. */
  async function hugeTokens(): Promise<readonly [ABToken, ABToken, ABToken]> {
    const { factory, manager, tokenA, alice } = market;
    const supply = 10n ** 45n;
    const made: { readonly token: ABToken; readonly at: bigint }[] = [];
    for (let i = 0; i < 3; i += 1) {
      const address = await factory.createToken.staticCall('Huge', 'HUGE', supply, 18, '');
      await factory.createToken('Huge', 'HUGE', supply, 18, '');
      const token = tokenA.attach(address).connect(alice) as ABToken;
      await token.approve(manager, supply);
      made.push({ token, at: BigInt(address) });
    }
    const [low, middle, high] = made.sort((one, other) => (one.at < other.at ? -1 : 1));
    if (!low || !middle || !high) throw new Error('three tokens expected');
    return [low.token, middle.token, high.token];
  }

  /** Alice's pools of a hostile token and token A, one for each order of the two. */
  async function hostilePools(name: string): Promise<readonly { token: Contract; poolId: string }[]> {
    const { ethers, manager, tokenA, alice } = market;
    const border = BigInt(await tokenA.getAddress());
    const pools: { token: Contract; poolId: string }[] = [];
    for (const isWanted of [(at: bigint) => at < border, (at: bigint) => at > border]) {
      let token: Contract;
      do token = (await ethers.deployContract(name, alice)) as unknown as Contract;
      while (!isWanted(BigInt(await token.getAddress())));
      await token.getFunction('approve').send(manager, NO_DEADLINE);
      await manager.createPool(token, tokenA, 10n ** 22n, 10n ** 22n, NO_DEADLINE);
      pools.push({ token, poolId: await manager.poolIdOf(token, tokenA) });
    }
    return pools;
  }

  it('createPool_namesTheLiquidityThatIsTooLittle', async () => {
    const { manager, tokenA, tokenB } = market;
    const [token] = await hugeTokens();
    await expect(manager.createPool(token, tokenA, 400n, 900n, NO_DEADLINE))
      .to.be.revertedWithCustomError(manager, 'InsufficientInitialLiquidity')
      .withArgs(600n, 1_000n);
    await manager.createPool.staticCall(token, tokenB, 1n, 1_001n ** 2n, NO_DEADLINE);
    await manager.createPool.staticCall(token, tokenB, 1_001n ** 2n, 1n, NO_DEADLINE);
  });

  it('createPool_takesBothAmounts', async () => {
    const { ethers, manager, alice } = market;
    const [low, high] = await hugeTokens();
    const created = manager.createPool(low, high, IN, 2n * IN, NO_DEADLINE);
    await expect(created).to.changeTokenBalances(ethers, low, [alice, manager], [-IN, IN]);
    await expect(created).to.changeTokenBalances(ethers, high, [alice, manager], [-2n * IN, 2n * IN]);
  });

  it('reserves_ofEitherTokenStayWithin128Bits', async () => {
    const { manager } = market;
    const [low, middle, high] = await hugeTokens();
    await manager.createPool(low, middle, MOST, 10n ** 6n, NO_DEADLINE);
    await manager.createPool(middle, high, 10n ** 6n, MOST, NO_DEADLINE);
    const amountIn = 10n ** 36n;
    for (const [token, id] of [
      [low, await manager.poolIdOf(low, middle)],
      [high, await manager.poolIdOf(middle, high)],
    ] as const) {
      await expect(manager.swap(id, token, amountIn, 0n, NO_DEADLINE))
        .to.be.revertedWithCustomError(manager, 'ReserveOverflow')
        .withArgs(MOST + amountIn - amountIn / 1_000n);
      // A quote is refused where the swap would be.
      await expect(manager.quoteAmountOut(id, token, amountIn))
        .to.be.revertedWithCustomError(manager, 'ReserveOverflow')
        .withArgs(MOST + amountIn - amountIn / 1_000n);
      await expect(manager.quoteAmountIn(id, token, 1n)).to.be.revertedWithCustomError(
        manager,
        'ReserveOverflow',
      );
    }
  });

  it('addLiquidity_takesExactlyWhatIsDesiredWhereTheRatioFitsRoundedUp', async () => {
    const { manager, tokenB, poolId } = market;
    await manager.swap(poolId, tokenB, 12_345_678_901n, 0n, NO_DEADLINE);
    const { reserveA, reserveB, totalLiquidity } = await manager.getPool(poolId);
    const amountA = 10n ** 18n + 1n;
    const amountB = (amountA * reserveB + reserveA - 1n) / reserveA;
    const added = await manager.addLiquidity.staticCall(poolId, amountA, amountB, 0n, 0n, NO_DEADLINE);
    const liquidity = (amountA * totalLiquidity) / reserveA;
    expect([...added]).to.deep.equal([amountA, amountB, liquidity]);
    // Taking the other amount from what is desired of B would ask for more of A than is desired.
    expect((amountB * reserveA + reserveB - 1n) / reserveB).to.be.greaterThan(amountA);
  });

  it('addLiquidity_acceptsASingleUnitAndRefusesHalfOfOne', async () => {
    const { manager, poolId } = market;
    const added = await manager.addLiquidity.staticCall(poolId, 1n, 4n, 1n, 4n, NO_DEADLINE);
    expect([...added]).to.deep.equal([1n, 4n, 2n]);
    await expect(manager.addLiquidity(poolId, 1n, 1n, 0n, 0n, NO_DEADLINE)).to.be.revertedWithCustomError(
      manager,
      'InsufficientLiquidityAdded',
    );
  });

  it('addLiquidity_refusesMoreThan128BitsOfEitherToken', async () => {
    const { manager, poolId } = market;
    for (const [desiredA, desiredB] of [
      [MOST, MOST],
      [MOST, MOST + 1n],
      [MOST + 1n, NO_DEADLINE],
      [NO_DEADLINE, NO_DEADLINE],
    ] as const) {
      await expect(manager.addLiquidity(poolId, desiredA, desiredB, 0n, 0n, NO_DEADLINE))
        .to.be.revertedWithCustomError(manager, 'ReserveOverflow')
        .withArgs(AMOUNT_B + 4n * (MOST / 4n));
    }
    // The other way round.
    const [low, high] = await hugeTokens();
    await manager.createPool(low, high, AMOUNT_B, AMOUNT_A, NO_DEADLINE);
    const id = await manager.poolIdOf(low, high);
    await expect(manager.addLiquidity(id, MOST, MOST, 0n, 0n, NO_DEADLINE))
      .to.be.revertedWithCustomError(manager, 'ReserveOverflow')
      .withArgs(AMOUNT_B + 4n * (MOST / 4n));
    for (const desired of [
      [100n, NO_DEADLINE],
      [NO_DEADLINE, 400n],
    ] as const) {
      const [amountA, amountB] = await manager.addLiquidity.staticCall(
        poolId,
        ...desired,
        0n,
        0n,
        NO_DEADLINE,
      );
      expect([amountA, amountB]).to.deep.equal([100n, 400n]);
    }
  });

  it('totalLiquidity_staysWithin128Bits', async () => {
    const { manager } = market;
    const [low, high] = await hugeTokens();
    const room = 10n ** 30n;
    await manager.createPool(low, high, MOST, MOST, NO_DEADLINE);
    const id = await manager.poolIdOf(low, high);
    await manager.removeLiquidity(id, room, 0n, 0n, NO_DEADLINE);
    // Fees make the reserves larger than the total, so that the amounts tell which of them did not fit.
    await manager.swap(id, low, room / 10n, 0n, NO_DEADLINE);
    await manager.swap(id, high, room / 10n, 0n, NO_DEADLINE);
    const { reserveA, reserveB, totalLiquidity } = await manager.getPool(id);
    const desired = 2n * room;
    // Less of the token of which the pool has less.
    const [less, more] = reserveA < reserveB ? [reserveA, reserveB] : [reserveB, reserveA];
    const scarcer = (desired * less) / more;
    const other = (scarcer * more + less - 1n) / less;
    const [amountA, amountB] = reserveA < reserveB ? [scarcer, other] : [other, scarcer];
    const [shareA, shareB] = [(amountA * totalLiquidity) / reserveA, (amountB * totalLiquidity) / reserveB];
    const liquidity = shareA < shareB ? shareA : shareB;
    expect(totalLiquidity + liquidity).to.be.greaterThan(MOST);
    await expect(manager.addLiquidity(id, desired, desired, 0n, 0n, NO_DEADLINE))
      .to.be.revertedWithCustomError(manager, 'ReserveOverflow')
      .withArgs(totalLiquidity + liquidity);
  });

  it('swap_keepsAProtocolPartOfOneUnit', async () => {
    const { manager, tokenA, poolId } = market;
    await manager.swap(poolId, tokenA, 999n, 0n, NO_DEADLINE);
    expect(await manager.protocolFeesOf(tokenA)).to.equal(0n);
    await manager.swap(poolId, tokenA, 1_000n, 0n, NO_DEADLINE);
    expect(await manager.protocolFeesOf(tokenA)).to.equal(1n);
    expect((await manager.getPool(poolId)).reserveA).to.equal(AMOUNT_A + 1_998n);
  });

  it('quoteAmountIn_namesWhatIsWantedAndWhatIsThere', async () => {
    const { manager, tokenA, tokenB, poolId } = market;
    await expect(manager.quoteAmountIn(poolId, tokenA, AMOUNT_B + 7n))
      .to.be.revertedWithCustomError(manager, 'InsufficientReserve')
      .withArgs(AMOUNT_B + 7n, AMOUNT_B);
    await expect(manager.quoteAmountIn(poolId, tokenB, AMOUNT_A))
      .to.be.revertedWithCustomError(manager, 'InsufficientReserve')
      .withArgs(AMOUNT_A, AMOUNT_A);
    // All but one unit can be bought, for about as much as is there times itself.
    const last = await manager.quoteAmountIn(poolId, tokenB, 1n);
    expect(last).to.equal((1n * AMOUNT_B * 10_000n) / ((AMOUNT_A - 1n) * (10_000n - FEE)) + 1n);
  });

  it('quoteAmountIn_refusesMoreThan128BitsBeforeItOverflows', async () => {
    const { manager } = market;
    const [low, middle, high] = await hugeTokens();
    await manager.createPool(low, middle, MOST, MOST, NO_DEADLINE);
    await expect(manager.quoteAmountIn(await manager.poolIdOf(low, middle), low, MOST - 1n))
      .to.be.revertedWithCustomError(manager, 'ReserveOverflow')
      .withArgs((MOST - 1n) * MOST);

    // Without the fee it would fit: 7 * reserveIn / 2 is the most that 128 bits hold, and a half.
    const reserveIn = (2n ** 129n - 1n) / 7n;
    await manager.createPool(middle, high, reserveIn, 9n, NO_DEADLINE);
    const exact = 7n * reserveIn * 10_000n;
    const divisor = 2n * (10_000n - FEE);
    await expect(manager.quoteAmountIn(await manager.poolIdOf(middle, high), middle, 7n))
      .to.be.revertedWithCustomError(manager, 'ReserveOverflow')
      .withArgs((exact + divisor - 1n) / divisor);
  });

  it('tokensThatReturnNothing_arePaidOutInEitherOrder', async () => {
    const { manager, tokenA } = market;
    for (const { token, poolId } of await hostilePools('SilentToken')) {
      await manager.swap(poolId, token, IN, 0n, NO_DEADLINE);
      await manager.swap(poolId, tokenA, IN, 0n, NO_DEADLINE);
      await manager.removeLiquidity(poolId, IN, 0n, 0n, NO_DEADLINE);
      await expect(manager.collectProtocolFees(token)).to.emit(manager, 'ProtocolFeesCollected');
    }
  });

  it('tokensThatReturnFalse_areBelievedInEitherOrder', async () => {
    const { manager, tokenA } = market;
    for (const { token, poolId } of await hostilePools('FalseReturningToken')) {
      await manager.swap(poolId, token, IN, 0n, NO_DEADLINE);
      await token.getFunction('setFailing').send(true);
      for (const call of [
        () => manager.swap(poolId, token, IN, 0n, NO_DEADLINE),
        () => manager.swap(poolId, tokenA, IN, 0n, NO_DEADLINE),
        () => manager.collectProtocolFees(token),
      ]) {
        await expect(call())
          .to.be.revertedWithCustomError(manager, 'SafeERC20FailedOperation')
          .withArgs(token);
      }
      await expect(manager.removeLiquidity(poolId, IN, 0n, 0n, NO_DEADLINE)).to.emit(manager, 'PayoutKept');
    }
  });

  it('tokensThatTakeAFee_areNotPaidOutToWhoHoldsNoneYet', async () => {
    const { manager, tokenA, carol } = market;
    await tokenA.transfer(carol, IN);
    await tokenA.connect(carol).approve(manager, IN);
    for (const { token, poolId } of await hostilePools('FeeOnTransferToken')) {
      await token.getFunction('setCharging').send(true);
      const amountOut = await manager.quoteAmountOut(poolId, tokenA, IN);
      await expect(manager.connect(carol).swap(poolId, tokenA, IN, 0n, NO_DEADLINE))
        .to.be.revertedWithCustomError(manager, 'UnexpectedTransfer')
        .withArgs(token, amountOut, amountOut - amountOut / 100n);
    }
  });

  it('tokensThatLeaveLessThanBefore_areRefusedWithWhatArrived', async () => {
    const { manager } = market;
    for (const { token, poolId } of await hostilePools('ShrinkingToken')) {
      await token.getFunction('setShrinking').send(true);
      for (const amount of [1n, IN]) {
        await expect(manager.addLiquidity(poolId, amount, amount, 0n, 0n, NO_DEADLINE))
          .to.be.revertedWithCustomError(manager, 'UnexpectedTransfer')
          .withArgs(token, amount, 0n);
      }
    }
  });
});

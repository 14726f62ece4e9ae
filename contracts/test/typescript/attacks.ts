import { expect } from 'chai';
import type { Contract } from 'ethers';
import { ABToken__factory } from '../../../libs/chain/src/contracts/generated/factories/ABToken__factory.gen.js';
import { AMOUNT_A, NO_DEADLINE, SUPPLY, launchToken, openMarket, type Market } from './support/market.js';

const IN = 10n ** 21n;

describe('attacks on pools', () => {
  let market: Market;

  beforeEach(async () => {
    market = await openMarket();
  });

  /** Alice's pool of a hostile token and token A, before it turns hostile. */
  async function hostilePool(
    name: string,
    amount = 10n ** 22n,
  ): Promise<{ token: Contract; poolId: string }> {
    const { ethers, manager, alice, bob, tokenA } = market;
    const token = (await ethers.deployContract(name, alice)) as unknown as Contract;
    await token.getFunction('approve').send(manager, NO_DEADLINE);
    await (token.connect(bob) as Contract).getFunction('approve').send(manager, NO_DEADLINE);
    await token.getFunction('transfer').send(bob, 10n ** 29n);
    await manager.createPool(token, tokenA, amount, amount, NO_DEADLINE);
    return { token, poolId: await manager.poolIdOf(token, tokenA) };
  }

  /** What leaving with liquidity gives of the hostile token and of token A. */
  async function sidesOf(token: Contract, poolId: string, liquidity: bigint): Promise<[bigint, bigint]> {
    const { manager } = market;
    const pool = await manager.getPool(poolId);
    const share = (reserve: bigint): bigint => (liquidity * reserve) / pool.totalLiquidity;
    const isA = pool.tokenA === (await token.getAddress());
    const [amountA, amountB] = [share(pool.reserveA), share(pool.reserveB)];
    return isA ? [amountA, amountB] : [amountB, amountA];
  }

  /** A pool of few units of another token and many of token A; `sorted` puts pairs of the two in the order of its tokens. */
  async function dearPool(few: bigint, many: bigint) {
    const { ethers, manager, tokenA, alice, bob } = market;
    const token = (await ethers.deployContract('SilentToken', alice)) as unknown as Contract;
    await token.getFunction('approve').send(manager, NO_DEADLINE);
    await token.getFunction('transfer').send(bob, 10n ** 29n);
    await (token.connect(bob) as Contract).getFunction('approve').send(manager, NO_DEADLINE);
    await manager.createPool(token, tokenA, few, many, NO_DEADLINE);
    const poolId = await manager.poolIdOf(token, tokenA);
    const isA = (await manager.getPool(poolId)).tokenA === (await token.getAddress());
    const sorted = (dear: bigint, other: bigint, dearMin = 0n, otherMin = 0n) =>
      (isA ? [dear, other, dearMin, otherMin] : [other, dear, otherMin, dearMin]) as [
        ...[bigint, bigint, bigint, bigint],
      ];
    return { token, poolId, sorted };
  }

  it('firstDepositorInflation_byDonation_gainsNothing', async () => {
    const { manager, tokenA, bob } = market;
    const { token, poolId: id } = await hostilePool('SilentToken', 1_001n);
    // The donation that would make a unit of liquidity dear elsewhere.
    await token.getFunction('transfer').send(manager, 10n ** 24n);
    await tokenA.transfer(manager, 10n ** 24n);
    await manager.connect(bob).addLiquidity(id, 10n ** 20n, 10n ** 20n, 0n, 0n, NO_DEADLINE);
    expect(await manager.liquidityOf(id, bob)).to.equal(10n ** 20n);
    const [amountA, amountB] = await manager
      .connect(bob)
      .removeLiquidity.staticCall(id, 10n ** 20n, 0n, 0n, NO_DEADLINE);
    expect([amountA, amountB]).to.deep.equal([10n ** 20n, 10n ** 20n]);
  });

  it('firstDepositorInflation_byRounding_gainsNothing', async () => {
    const { manager, tokenA, alice, bob } = market;
    const { token, poolId: id } = await hostilePool('SilentToken', 1_001n);
    // There and back in both directions: the fees make a unit of liquidity worth a little more than a unit of each token.
    for (const [there, back] of [
      [token, tokenA],
      [tokenA, token],
    ] as const) {
      const swapped = await manager.swap.staticCall(id, there, 500n, 0n, NO_DEADLINE);
      await manager.swap(id, there, 500n, 0n, NO_DEADLINE);
      await manager.swap(id, back, swapped, 0n, NO_DEADLINE);
    }
    // Leaves by halves, so that every rounding stays with the last unit.
    for (let held = await manager.liquidityOf(id, alice); held > 1n; held -= held / 2n) {
      await manager.removeLiquidity(id, held / 2n, 0n, 0n, NO_DEADLINE);
    }
    const deposit = 10n ** 12n;
    // Deposits of almost two units of liquidity that are given one, taken out again: a pool of one unit grows by half
    // each time, until the next deposit is worth less than two units as well.
    for (let round = 0; round < 80; round += 1) {
      const { reserveA, reserveB, totalLiquidity } = await manager.getPool(id);
      if (reserveA > (deposit / 2n) * totalLiquidity) break;
      const almostTwo = (reserve: bigint): bigint => (2n * reserve - 1n) / totalLiquidity;
      await manager.addLiquidity(id, almostTwo(reserveA), almostTwo(reserveB), 0n, 0n, NO_DEADLINE);
      await manager.removeLiquidity(id, 1n, 0n, 0n, NO_DEADLINE);
    }
    const victim = manager.connect(bob);
    const taken = await victim.addLiquidity.staticCall(id, deposit, deposit, 0n, 0n, NO_DEADLINE);
    await victim.addLiquidity(id, deposit, deposit, 0n, 0n, NO_DEADLINE);
    const returned = await victim.removeLiquidity.staticCall(id, taken.liquidity, 0n, 0n, NO_DEADLINE);
    expect(returned.amountA).to.be.at.least((taken.amountA * 999n) / 1_000n);
    expect(returned.amountB).to.be.at.least((taken.amountB * 999n) / 1_000n);
  });

  it('donation_movesNoPrice', async () => {
    const { manager, tokenA, tokenB, poolId } = market;
    const before = await manager.quoteAmountOut(poolId, tokenA, IN);
    await tokenB.transfer(manager, IN);
    expect(await manager.quoteAmountOut(poolId, tokenA, IN)).to.equal(before);
    expect((await manager.getPool(poolId)).reserveA).to.equal(AMOUNT_A);
  });

  it('poolBeforeTheLaunch_cannotBeOpened', async () => {
    const { factory, manager, tokenA, alice, bob } = market;
    const parameters = { name: 'New', symbol: 'NEW', totalSupply: SUPPLY, decimals: 18, metadataURI: '' };
    const launch = [parameters, IN, await tokenA.getAddress(), IN, NO_DEADLINE] as const;
    const [token, id] = await factory.createTokenWithPool.staticCall(...launch);
    await expect(manager.connect(bob).createPool(token, tokenA, 1_001n, 1_001n, NO_DEADLINE)).to.be.revert(
      market.ethers,
    );
    await factory.createTokenWithPool(...launch);
    await ABToken__factory.connect(token, alice).transfer(bob, 2_000n);
    await ABToken__factory.connect(token, bob).approve(manager, NO_DEADLINE);
    await expect(manager.connect(bob).createPool(token, tokenA, 1_001n, 1_001n, NO_DEADLINE))
      .to.be.revertedWithCustomError(manager, 'PoolExists')
      .withArgs(id);
  });

  it('foreseenAddress_isTakenByNobodyElse', async () => {
    const { factory, alice, bob, tokenA } = market;
    const parameters = { name: 'New', symbol: 'NEW', totalSupply: SUPPLY, decimals: 18, metadataURI: '' };
    const created = async (who: typeof alice): Promise<string> =>
      factory.tokensOf(who, (await factory.tokenCountOf(who)) - 1n, 1n).then(([token = '']) => token);
    const foreseen = await factory.nextTokenAddress(alice, parameters, 0n);
    // The same token, made by another before.
    await factory.connect(bob).createToken('New', 'NEW', SUPPLY, 18, '');
    expect(await created(bob)).not.to.equal(foreseen);
    await factory.createToken('New', 'NEW', SUPPLY, 18, '');
    expect(await created(alice)).to.equal(foreseen);
    const withPool = await factory.nextTokenAddress(alice, parameters, IN);
    expect([await factory.nextTokenAddress(alice, parameters, 0n), foreseen]).not.to.include(withPool);
    // As often as its creator likes.
    await factory.createToken.staticCall('New', 'NEW', SUPPLY, 18, '');
    await factory.createTokenWithPool(parameters, IN, tokenA, IN, NO_DEADLINE);
    expect(await created(alice)).to.equal(withPool);
  });

  it('feeOnTransferToken_isRefusedOnTheWayInAndOutButLeavesItsHoldersFree', async () => {
    const { manager, tokenA, bob } = market;
    const { token, poolId } = await hostilePool('FeeOnTransferToken');
    await token.getFunction('setCharging').send(true);
    for (const call of [
      () => manager.swap(poolId, token, IN, 0n, NO_DEADLINE),
      () => manager.connect(bob).swap(poolId, tokenA, IN, 0n, NO_DEADLINE),
      () => manager.addLiquidity(poolId, IN, IN, 0n, 0n, NO_DEADLINE),
    ]) {
      await expect(call()).to.be.revertedWithCustomError(manager, 'UnexpectedTransfer');
    }
    await manager.removeLiquidity(poolId, 10n ** 20n, 0n, 0n, NO_DEADLINE);
  });

  it('rebasingToken_drawsOnNoOtherPool', async () => {
    const { manager, tokenA, poolId: sound } = market;
    const { token, poolId } = await hostilePool('RebasingToken');
    const before = await manager.getPool(sound);
    await token.getFunction('rebase').send(300n);
    await expect(manager.swap(poolId, token, IN, 0n, NO_DEADLINE)).to.be.revertedWithCustomError(
      manager,
      'UnexpectedTransfer',
    );
    await token.getFunction('rebase').send(10n);
    await expect(manager.swap(poolId, tokenA, 10n ** 22n, 0n, NO_DEADLINE)).to.be.revert(market.ethers);
    expect(await manager.getPool(sound)).to.deep.equal(before);
    const own = await manager.getPool(poolId);
    const ownA = own.tokenA === (await tokenA.getAddress()) ? own.reserveA : own.reserveB;
    const held = await tokenA.balanceOf(manager);
    expect(held).to.equal(before.reserveA + ownA + (await manager.protocolFeesOf(tokenA)));
  });

  it('tokenThatReturnsFalse_isTakenAtItsWord', async () => {
    const { manager, tokenA } = market;
    const { token, poolId } = await hostilePool('FalseReturningToken');
    await token.getFunction('setFailing').send(true);
    for (const tokenIn of [token, tokenA]) {
      await expect(manager.swap(poolId, tokenIn, IN, 0n, NO_DEADLINE))
        .to.be.revertedWithCustomError(manager, 'SafeERC20FailedOperation')
        .withArgs(token);
    }
    const [kept, paid] = await sidesOf(token, poolId, IN);
    const removed = manager.removeLiquidity(poolId, IN, 0n, 0n, NO_DEADLINE);
    await expect(removed).to.emit(manager, 'PayoutKept').withArgs(market.alice, token, kept);
    await expect(removed).to.changeTokenBalances(market.ethers, tokenA, [market.alice], [paid]);
    expect(await manager.keptFor(market.alice, token)).to.equal(kept);
  });

  it('tokenThatRefusesOrBurnsAllGas_keepsNobodyIn', async () => {
    const { manager, tokenA, alice, bob, carol, ethers } = market;
    const { token, poolId } = await hostilePool('RefusingToken');
    let keptInAll = 0n;
    for (const nature of [
      [true, false],
      [false, true],
    ]) {
      await token.getFunction('setRefusing').send(...nature);
      const [kept, paid] = await sidesOf(token, poolId, IN);
      const removed = manager.removeLiquidity(poolId, IN, 0n, 0n, NO_DEADLINE, {
        gasLimit: 1_000_000,
      });
      await expect(removed).to.emit(manager, 'PayoutKept').withArgs(alice, token, kept);
      await expect(removed).to.changeTokenBalances(ethers, tokenA, [alice, manager], [paid, -paid]);
      keptInAll += kept;
      expect(await manager.keptFor(alice, token)).to.equal(keptInAll);
      await expect(manager.claim(token, carol, { gasLimit: 1_000_000 })).to.be.revert(ethers);
    }
    await token.getFunction('setRefusing').send(false, false);
    await expect(manager.connect(bob).claim(token, bob))
      .to.be.revertedWithCustomError(manager, 'NothingKept')
      .withArgs(bob, token);
    const claimed = manager.claim(token, carol);
    await expect(claimed).to.emit(manager, 'PayoutClaimed').withArgs(alice, token, carol, keptInAll);
    expect(await token.getFunction('balanceOf').staticCall(carol)).to.equal(keptInAll);
    await expect(manager.claim(token, carol)).to.be.revertedWithCustomError(manager, 'NothingKept');
  });

  it('payOut_isNobodysToCall', async () => {
    const { manager, tokenA, alice } = market;
    await expect(manager.payOut(tokenA, alice, 1n))
      .to.be.revertedWithCustomError(manager, 'NotThisContract')
      .withArgs(alice);
  });

  it('tokenThatTakesMoreThanItIsTold_takesNothingOfOthers', async () => {
    const { manager, tokenA, alice, ethers } = market;
    const { token, poolId } = await hostilePool('SenderFeeToken');
    const held = async () => (await token.getFunction('balanceOf').staticCall(manager)) as bigint;
    await manager.swap(poolId, token, IN, 0n, NO_DEADLINE);
    const before = await held();
    await token.getFunction('setCharging').send(true);
    await expect(manager.swap(poolId, tokenA, IN, 0n, NO_DEADLINE)).to.be.revertedWithCustomError(
      manager,
      'UnexpectedTransfer',
    );
    // What the protocol is due is less than a hundred units: more than one is not taken for them.
    await expect(manager.collectProtocolFees(token)).to.be.revertedWithCustomError(
      manager,
      'UnexpectedTransfer',
    );
    const [kept, paid] = await sidesOf(token, poolId, IN);
    const removed = manager.removeLiquidity(poolId, IN, 0n, 0n, NO_DEADLINE);
    await expect(removed).to.emit(manager, 'PayoutKept').withArgs(alice, token, kept);
    await expect(removed).to.changeTokenBalances(ethers, tokenA, [alice], [paid]);
    await expect(manager.claim(token, alice))
      .to.be.revertedWithCustomError(manager, 'UnexpectedTransfer')
      .withArgs(token, kept, kept + kept / 100n);
    expect(await held()).to.equal(before);
  });

  it('contractThatPassesOnWhatItReceives_isPaid', async () => {
    const { manager, tokenA, alice, ethers } = market;
    const { token, poolId } = await hostilePool('TellingToken');
    const trader = await ethers.deployContract('PassingTrader', alice);
    await tokenA.transfer(trader, IN);
    const amountOut = await manager.quoteAmountOut(poolId, tokenA, IN);
    const before = (await token.getFunction('balanceOf').staticCall(alice)) as bigint;
    await trader.getFunction('swap').send(manager, poolId, tokenA, token, IN);
    expect(await token.getFunction('balanceOf').staticCall(alice)).to.equal(before + amountOut);
  });

  it('depositAfterThePriceMoved_keepsItsMinimums', async () => {
    const { manager, tokenA, bob } = market;
    // One unit of the dear token is worth 333 others; somebody makes it more than twenty times dearer.
    const dear = await dearPool(60n, 20_000n);
    const order = dear.sorted(1n, 334n, 1n, 330n);
    expect(
      [...(await manager.addLiquidity.staticCall(dear.poolId, ...order, NO_DEADLINE))].slice(0, 2),
    ).to.deep.equal(dear.sorted(1n, 334n).slice(0, 2));
    await manager.connect(bob).swap(dear.poolId, tokenA, 80_000n, 0n, NO_DEADLINE);
    await expect(manager.addLiquidity(dear.poolId, ...order, NO_DEADLINE)).to.be.revert(market.ethers);
    await expect(
      manager.addLiquidity(dear.poolId, ...dear.sorted(1n, 667n, 1n, 330n), NO_DEADLINE),
    ).to.be.revert(market.ethers);
    // Two for one, until somebody makes it little more than one for one: what is rounded up hides it.
    const even = await dearPool(10_000n, 20_000n);
    await manager.connect(bob).swap(even.poolId, even.token, 3_900n, 0n, NO_DEADLINE);
    await expect(manager.addLiquidity(even.poolId, ...even.sorted(1n, 2n, 1n, 2n), NO_DEADLINE))
      .to.be.revertedWithCustomError(manager, 'AmountBelowMinimum')
      .withArgs(tokenA, 1n, 2n);
  });

  it('guardianWhoTurns_stopsTheMarketForAWhileOnly', async () => {
    const { manager, deployer, tokenA, poolId, networkHelpers } = market;
    const guardian = manager.connect(deployer);
    await guardian.pause();
    await networkHelpers.time.increase(14 * 86_400);
    await manager.swap(poolId, tokenA, IN, 0n, NO_DEADLINE);
    await expect(guardian.pause()).to.be.revertedWithCustomError(manager, 'GuardianRests');
    await networkHelpers.time.increase(13 * 86_400);
    await expect(guardian.pause()).to.be.revertedWithCustomError(manager, 'GuardianRests');
  });

  it('tokenThatReturnsNothing_works', async () => {
    const { manager, tokenA, alice } = market;
    const { token, poolId } = await hostilePool('SilentToken');
    await manager.swap(poolId, token, IN, 0n, NO_DEADLINE);
    await manager.swap(poolId, tokenA, IN, 0n, NO_DEADLINE);
    await manager.addLiquidity(poolId, IN, 2n * IN, 0n, 0n, NO_DEADLINE);
    await manager.removeLiquidity(poolId, await manager.liquidityOf(poolId, alice), 0n, 0n, NO_DEADLINE);
  });

  it('reentrancy_findsEveryFunctionAndEveryViewClosed', async () => {
    const { manager, tokenA, tokenB, poolId: other, alice } = market;
    const { token, poolId } = await hostilePool('CallbackToken');
    const { interface: abi } = manager;
    const [hostile, a, b] = [await token.getAddress(), await tokenA.getAddress(), await tokenB.getAddress()];
    const closed = abi.getError('ReentrancyGuardReentrantCall')?.selector;
    const calls = [
      abi.encodeFunctionData('swap', [other, a, 1_000n, 0n, NO_DEADLINE]),
      abi.encodeFunctionData('swapRoute', [[a, b], [1_000n, 1n], NO_DEADLINE]),
      abi.encodeFunctionData('addLiquidity', [other, 1n, 10n, 0n, 0n, NO_DEADLINE]),
      abi.encodeFunctionData('removeLiquidity', [poolId, 1n, 0n, 0n, NO_DEADLINE]),
      abi.encodeFunctionData('createPool', [hostile, b, 2_000n, 2_000n, NO_DEADLINE]),
      abi.encodeFunctionData('deposit', [
        {
          ...{ poolId: other, amountADesired: 1n, amountBDesired: 10n, amountAMin: 0n, amountBMin: 0n },
          ...{ liquidityMin: 0n, deadline: NO_DEADLINE },
        },
      ]),
      abi.encodeFunctionData('withdraw', [
        {
          ...{ poolId, liquidity: 1n, amountAMin: 0n, amountBMin: 0n },
          ...{ recipient: alice.address, deadline: NO_DEADLINE },
        },
      ]),
      abi.encodeFunctionData('claim', [hostile, alice.address]),
      abi.encodeFunctionData('keptFor', [alice.address, hostile]),
      abi.encodeFunctionData('collectProtocolFees', [hostile]),
      abi.encodeFunctionData('getPool', [poolId]),
      abi.encodeFunctionData('liquidityOf', [poolId, alice.address]),
      abi.encodeFunctionData('quoteAmountOut', [poolId, hostile, IN]),
      abi.encodeFunctionData('quoteAmountIn', [poolId, hostile, 1_000n]),
      abi.encodeFunctionData('protocolFeesOf', [hostile]),
    ];
    for (const data of calls) {
      await token.getFunction('setCallback').send(manager, data);
      await manager.swap(poolId, token, IN, 0n, NO_DEADLINE);
      expect(await token.getFunction('called').staticCall()).to.equal(true);
      expect(await token.getFunction('failure').staticCall(), data.slice(0, 10)).to.equal(closed);
    }
    await token.getFunction('setCallback').send(manager, abi.encodeFunctionData('getPool', [poolId]));
    for (const call of [
      () => manager.removeLiquidity(poolId, IN, 0n, 0n, NO_DEADLINE),
      () => manager.addLiquidity(poolId, IN, 2n * IN, 0n, 0n, NO_DEADLINE),
      () => manager.collectProtocolFees(token),
    ]) {
      await token.getFunction('setCallback').send(manager, abi.encodeFunctionData('getPool', [poolId]));
      await call();
      expect(await token.getFunction('failure').staticCall()).to.equal(closed);
    }
  });

  it('sandwich_isBoundedByTheMinimumOut', async () => {
    const { manager, tokenA, tokenB, poolId, bob } = market;
    const expected = await manager.quoteAmountOut(poolId, tokenA, IN);
    await manager.connect(bob).swap(poolId, tokenA, 10n ** 23n, 0n, NO_DEADLINE);
    await expect(manager.swap(poolId, tokenA, IN, (expected * 99n) / 100n, NO_DEADLINE))
      .to.be.revertedWithCustomError(manager, 'AmountBelowMinimum')
      .withArgs(tokenB, await manager.quoteAmountOut(poolId, tokenA, IN), (expected * 99n) / 100n);
  });

  it('sandwichOfALiquidityProvider_isBoundedByTheMinimumAmounts', async () => {
    const { manager, tokenA, poolId, bob } = market;
    const share = 10n ** 20n;
    const [amountA, amountB] = await manager.removeLiquidity.staticCall(poolId, share, 0n, 0n, NO_DEADLINE);
    await manager.connect(bob).swap(poolId, tokenA, 10n ** 23n, 0n, NO_DEADLINE);
    for (const call of [
      () => manager.removeLiquidity(poolId, share, amountA, amountB, NO_DEADLINE),
      () => manager.addLiquidity(poolId, amountA, amountB, amountA, amountB, NO_DEADLINE),
    ]) {
      await expect(call()).to.be.revertedWithCustomError(manager, 'AmountBelowMinimum');
    }
  });

  it('sandwichOfARoute_isBoundedByItsMinimumOutAndMaximumIn', async () => {
    const { manager, router, tokenA, tokenB, poolId, bob } = market;
    const route = [await tokenA.getAddress(), await tokenB.getAddress()];
    const [, out = 0n] = await router.quoteExactInput(route, IN);
    await manager.connect(bob).swap(poolId, tokenA, 10n ** 23n, 0n, NO_DEADLINE);
    await expect(
      router.swapExactInput(route, IN, (out * 99n) / 100n, NO_DEADLINE, []),
    ).to.be.revertedWithCustomError(router, 'AmountOutBelowMinimum');
    await expect(
      router.swapExactOutput(route, out, (IN * 101n) / 100n, NO_DEADLINE, []),
    ).to.be.revertedWithCustomError(router, 'AmountInAboveMaximum');
  });

  it('expiredDeadline_executesNothing', async () => {
    const { manager, router, factory, tokenA, tokenB, poolId, networkHelpers } = market;
    const third = await launchToken(market, 'Three', 'THREE');
    const past = await networkHelpers.time.latest();
    const route = [await tokenA.getAddress(), await tokenB.getAddress()];
    const token = { name: 'New', symbol: 'NEW', totalSupply: SUPPLY, decimals: 18, metadataURI: '' };
    for (const call of [
      () => manager.createPool(third, tokenA, IN, IN, past),
      () => manager.addLiquidity(poolId, IN, 5n * IN, 0n, 0n, past),
      () => manager.removeLiquidity(poolId, IN, 0n, 0n, past),
      () => manager.swap(poolId, tokenA, IN, 0n, past),
      () => manager.swapRoute(route, [IN, 1n], past),
      () => router.createPool(third, tokenA, IN, IN, past, []),
      () => router.addLiquidity(poolId, IN, 5n * IN, 0n, 0n, past, []),
      () => router.swapExactInput(route, IN, 0n, past, []),
      () => router.swapExactOutput(route, IN, NO_DEADLINE, past, []),
      () => factory.createTokenWithPool(token, IN, tokenA, IN, past),
    ]) {
      await expect(call()).to.be.revertedWithCustomError(manager, 'DeadlineExpired');
    }
  });

  it('dustAtTinyLiquidity_buysNothing', async () => {
    const { manager, tokenA, tokenB, poolId, alice } = market;
    await manager.removeLiquidity(poolId, await manager.liquidityOf(poolId, alice), 0n, 0n, NO_DEADLINE);
    const { reserveA, reserveB } = await manager.getPool(poolId);
    await expect(manager.swap(poolId, tokenB, 1n, 0n, NO_DEADLINE)).to.be.revertedWithCustomError(
      manager,
      'InsufficientAmountOut',
    );
    await manager.swap(poolId, tokenA, 1n, 0n, NO_DEADLINE);
    const after = await manager.getPool(poolId);
    expect(after.reserveA * after.reserveB).to.be.at.least(reserveA * reserveB);
  });
});

import { expect } from 'chai';
import { TypedDataEncoder } from 'ethers';
import type { ABToken } from '../../../libs/chain/src/contracts/generated/ABToken.gen.js';
import { COMMAND_TAG, NO_DEADLINE, launchToken, openMarket, relay, type Market } from './support/market.js';
import { signPermit } from './support/permit.js';

const IN = 10n ** 21n;

describe('ABRouter', () => {
  let market: Market;
  let third: ABToken;
  let route: string[];

  beforeEach(async () => {
    market = await openMarket();
    third = await launchToken(market, 'Three', 'THREE');
    const { manager, tokenA, tokenB } = market;
    await manager.createPool(tokenB, third, 10n ** 24n, 10n ** 24n, NO_DEADLINE);
    route = await Promise.all([tokenA, tokenB, third].map((token) => token.getAddress()));
  });

  it('swapExactInput_goesThroughAllPoolsWithOneTransferInAndOneOut', async () => {
    const { router, manager, tokenA, tokenB, poolId, bob, ethers } = market;
    const middle = await manager.quoteAmountOut(poolId, tokenA, IN);
    const second = await manager.poolIdOf(tokenB, third);
    const last = await manager.quoteAmountOut(second, tokenB, middle);
    expect(await router.quoteExactInput(route, IN)).to.deep.equal([IN, middle, last]);
    const swapped = router.connect(bob).swapExactInput(route, IN, last, NO_DEADLINE, []);
    await expect(swapped).to.emit(manager, 'Swap').withArgs(bob, poolId, tokenA, tokenB, IN, middle);
    await expect(swapped).to.emit(manager, 'Swap').withArgs(bob, second, tokenB, third, middle, last);
    await expect(swapped).to.changeTokenBalances(ethers, tokenA, [bob, manager, router], [-IN, IN, 0]);
    await expect(swapped).to.changeTokenBalances(ethers, tokenB, [bob, manager, router], [0, 0, 0]);
    await expect(swapped).to.changeTokenBalances(ethers, third, [bob, manager, router], [last, -last, 0]);
    expect(await manager.protocolFeesOf(tokenB)).to.equal(middle / 1_000n);
  });

  it('swapExactOutput_paysExactlyTheAmountForTheLeastThatBuysIt', async () => {
    const { router, manager, tokenA, bob, ethers } = market;
    const amounts = await router.quoteExactOutput(route, IN);
    const amountIn = amounts[0] ?? 0n;
    const swapped = router.connect(bob).swapExactOutput(route, IN, amountIn, NO_DEADLINE, []);
    await expect(swapped).to.changeTokenBalances(ethers, tokenA, [bob, manager], [-amountIn, amountIn]);
    await expect(swapped).to.changeTokenBalances(ethers, third, [bob, manager], [IN, -IN]);
  });

  it('swaps_keepTheirBoundsAndDeadlines', async () => {
    const { router, manager, bob, networkHelpers } = market;
    const [, , out = 0n] = await router.quoteExactInput(route, IN);
    const [amountIn = 0n] = await router.quoteExactOutput(route, IN);
    const mine = router.connect(bob);
    await expect(mine.swapExactInput(route, IN, out + 1n, NO_DEADLINE, []))
      .to.be.revertedWithCustomError(router, 'AmountOutBelowMinimum')
      .withArgs(out, out + 1n);
    await expect(mine.swapExactOutput(route, IN, amountIn - 1n, NO_DEADLINE, []))
      .to.be.revertedWithCustomError(router, 'AmountInAboveMaximum')
      .withArgs(amountIn, amountIn - 1n);
    const past = await networkHelpers.time.latest();
    for (const call of [
      () => mine.swapExactInput(route, IN, 0n, past, []),
      () => mine.swapExactOutput(route, IN, NO_DEADLINE, past, []),
    ]) {
      await expect(call()).to.be.revertedWithCustomError(manager, 'DeadlineExpired');
    }
    for (const short of [[], route.slice(0, 1)]) {
      await expect(router.quoteExactInput(short, IN))
        .to.be.revertedWithCustomError(router, 'RouteTooShort')
        .withArgs(short.length);
      await expect(router.quoteExactOutput(short, IN)).to.be.revertedWithCustomError(router, 'RouteTooShort');
    }
  });

  it('swapRoute_refusesMoreThanAPoolGives', async () => {
    const { router, manager, poolId, bob } = market;
    const [, middle = 0n, last = 0n] = await router.quoteExactInput(route, IN);
    const mine = manager.connect(bob);
    await expect(mine.swapRoute(route, [IN, middle + 1n, last], NO_DEADLINE))
      .to.be.revertedWithCustomError(manager, 'AmountOutTooLarge')
      .withArgs(poolId, middle + 1n, middle);
    await expect(mine.swapRoute(route, [IN, middle, last + 1n], NO_DEADLINE)).to.be.revertedWithCustomError(
      manager,
      'AmountOutTooLarge',
    );
    await expect(mine.swapRoute(route, [IN, middle, 0n], NO_DEADLINE)).to.be.revertedWithCustomError(
      manager,
      'ZeroAmount',
    );
    for (const [tokens, amounts] of [
      [route, [IN, middle]],
      [route.slice(0, 2), [IN, middle, last]],
      [route.slice(0, 1), [IN]],
      [[], []],
    ] as const) {
      await expect(mine.swapRoute([...tokens], [...amounts], NO_DEADLINE))
        .to.be.revertedWithCustomError(manager, 'InvalidRoute')
        .withArgs(tokens.length, amounts.length);
    }
  });

  it('swapRoute_usesNoPoolTwice', async () => {
    const { manager, router, tokenA, tokenB, poolId, bob } = market;
    const [a, b] = [await tokenA.getAddress(), await tokenB.getAddress()];
    const c = await third.getAddress();
    for (const [path, amounts, id] of [
      [[a, b, a], [IN, IN, 1n], poolId],
      [[a, b, c, b], [IN, IN, IN / 2n, 1n], await manager.poolIdOf(tokenB, third)],
    ] as const)
      await expect(manager.connect(bob).swapRoute([...path], [...amounts], NO_DEADLINE))
        .to.be.revertedWithCustomError(manager, 'PoolUsedTwice')
        .withArgs(id);
    await expect(
      router.connect(bob).swapExactInput([a, b, a], IN, 0n, NO_DEADLINE, []),
    ).to.be.revertedWithCustomError(manager, 'PoolUsedTwice');
  });

  it('createPoolAndAddLiquidity_workWithNothingButPermits', async () => {
    const { router, manager, tokenA, tokenB, carol, ethers } = market;
    const spender = await manager.getAddress();
    for (const token of [tokenA, third]) await token.transfer(carol, 4n * IN);
    const permits = () =>
      Promise.all([tokenA, third].map((token) => signPermit(token, carol, spender, 2n * IN)));
    const mine = router.connect(carol);
    const id = await manager.poolIdOf(tokenA, third);
    await expect(mine.createPool(tokenA, third, IN, IN, NO_DEADLINE, [])).to.be.revertedWithCustomError(
      tokenA,
      'ERC20InsufficientAllowance',
    );
    const created = mine.createPool(tokenA, third, IN, IN, NO_DEADLINE, await permits());
    await expect(created).to.changeTokenBalances(ethers, tokenA, [carol, manager], [-IN, IN]);
    expect(
      await mine.createPool.staticCall(tokenB, tokenA, 1n, 1n, NO_DEADLINE, []).catch(() => null),
    ).to.equal(null);
    const added = mine.addLiquidity(id, IN, IN, IN, IN, NO_DEADLINE, await permits());
    await expect(added).to.emit(manager, 'LiquidityAdded').withArgs(carol, id, IN, IN, IN);
    expect(await manager.liquidityOf(id, carol)).to.equal(2n * IN - 1_000n);
  });

  it('swap_isTheSignersWhenRelayedAndToleratesATag', async () => {
    const { router, manager, tokenA, tokenB, poolId, bob } = market;
    const data = router.interface.encodeFunctionData('swapExactInput', [
      route.slice(0, 2),
      IN,
      0n,
      NO_DEADLINE,
      [],
    ]);
    const amountOut = await manager.quoteAmountOut(poolId, tokenA, IN);
    await expect(relay(market, bob, await router.getAddress(), data + COMMAND_TAG.slice(2)))
      .to.emit(manager, 'Swap')
      .withArgs(bob, poolId, tokenA, tokenB, IN, amountOut);
  });

  it('aPermit_isSignedForTheTokensNameOfAnyLength', async () => {
    const { manager, bob } = market;
    for (const length of [31, 32, 50]) {
      const name = 'x'.repeat(length);
      const token = await launchToken(market, name, 'LONG');
      const { name: domain, version, chainId, verifyingContract } = await token.eip712Domain();
      expect([await token.name(), domain, version]).to.deep.equal([name, name, '1']);
      expect(await token.DOMAIN_SEPARATOR()).to.equal(
        TypedDataEncoder.hashDomain({ name, version: '1', chainId, verifyingContract }),
      );
      const permit = await signPermit(token, bob, await manager.getAddress(), 7n);
      await token.permit(bob, manager, permit.value, permit.deadline, permit.v, permit.r, permit.s);
      expect(await token.allowance(bob, manager)).to.equal(7n);
    }
  });
});

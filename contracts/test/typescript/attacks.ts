import { expect } from 'chai';
import { concat, type Contract } from 'ethers';
import { ABToken__factory } from '../../../libs/chain/src/contracts/generated/factories/ABToken__factory.gen.js';
import {
  AMOUNT_A,
  NO_DEADLINE,
  SUPPLY,
  openMarket,
  signForwardRequest,
  type Market,
} from './support/market.js';
import { signPermit } from './support/permit.js';

const IN = 10n ** 21n;

describe('attacks', () => {
  let market: Market;

  beforeEach(async () => {
    market = await openMarket();
  });

  /** Alice's pool of a hostile token and token A, before it turns hostile. */
  async function hostilePool(name: string): Promise<{ token: Contract; poolId: string }> {
    const { ethers, manager, alice, bob, tokenA } = market;
    const token = (await ethers.deployContract(name, alice)) as unknown as Contract;
    await token.getFunction('approve').send(manager, NO_DEADLINE);
    await (token.connect(bob) as Contract).getFunction('approve').send(manager, NO_DEADLINE);
    await token.getFunction('transfer').send(bob, 10n ** 29n);
    await manager.createPool(token, tokenA, 10n ** 22n, 10n ** 22n, NO_DEADLINE);
    return { token, poolId: await manager.poolIdOf(token, tokenA) };
  }

  it('firstDepositorInflation_gainsNothing', async () => {
    const { ethers, manager, tokenA, alice, bob } = market;
    const victimToken = (await ethers.deployContract('SilentToken', alice)) as unknown as Contract;
    await victimToken.getFunction('approve').send(manager, NO_DEADLINE);
    await (victimToken.connect(bob) as Contract).getFunction('approve').send(manager, NO_DEADLINE);
    await victimToken.getFunction('transfer').send(bob, 10n ** 29n);
    await manager.createPool(victimToken, tokenA, 1_001n, 1_001n, NO_DEADLINE);
    const id = await manager.poolIdOf(victimToken, tokenA);
    // The donation that would make a unit of liquidity dear elsewhere.
    await victimToken.getFunction('transfer').send(manager, 10n ** 24n);
    await tokenA.transfer(manager, 10n ** 24n);
    await manager.connect(bob).addLiquidity(id, 10n ** 20n, 10n ** 20n, 0n, 0n, NO_DEADLINE);
    expect(await manager.liquidityOf(id, bob)).to.equal(10n ** 20n);
    const [amountA, amountB] = await manager
      .connect(bob)
      .removeLiquidity.staticCall(id, 10n ** 20n, 0n, 0n, NO_DEADLINE);
    expect([amountA, amountB]).to.deep.equal([10n ** 20n, 10n ** 20n]);
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
    await expect(manager.removeLiquidity(poolId, IN, 0n, 0n, NO_DEADLINE)).to.be.revertedWithCustomError(
      manager,
      'SafeERC20FailedOperation',
    );
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
    const { manager, tokenA, tokenB, poolId, alice, bob } = market;
    const expected = await manager.quoteAmountOut(poolId, tokenA, IN);
    await manager.connect(bob).swap(poolId, tokenA, 10n ** 23n, 0n, NO_DEADLINE);
    await expect(manager.swap(poolId, tokenA, IN, (expected * 99n) / 100n, NO_DEADLINE))
      .to.be.revertedWithCustomError(manager, 'AmountBelowMinimum')
      .withArgs(tokenB, await manager.quoteAmountOut(poolId, tokenA, IN), (expected * 99n) / 100n);
    expect(alice.address).to.not.equal(bob.address);
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

  it('permitFrontRun_stopsNobody', async () => {
    const { router, manager, tokenA, tokenB, carol, bob } = market;
    await tokenA.transfer(carol, IN);
    const permit = await signPermit(market, tokenA, carol, await manager.getAddress(), IN);
    await tokenA
      .connect(bob)
      .permit(carol, manager, permit.value, permit.deadline, permit.v, permit.r, permit.s);
    await expect(
      router.connect(carol).swapExactInput([tokenA, tokenB], IN, 0n, NO_DEADLINE, [permit]),
    ).to.emit(manager, 'Swap');
  });

  it('permitOfAnotherChain_isRefused', async () => {
    const { manager, tokenA, carol, bob } = market;
    const permit = await signPermit(market, tokenA, carol, await manager.getAddress(), IN, 1n);
    await expect(
      tokenA.connect(bob).permit(carol, manager, permit.value, permit.deadline, permit.v, permit.r, permit.s),
    ).to.be.revertedWithCustomError(tokenA, 'ERC2612InvalidSigner');
  });

  it('forgedForwarderSender_isNotBelieved', async () => {
    const { manager, factory, router, tokenA, tokenB, poolId, alice, bob, carol } = market;
    const swap = manager.interface.encodeFunctionData('swap', [
      poolId,
      await tokenA.getAddress(),
      IN,
      0n,
      NO_DEADLINE,
    ]);
    // Bob appends Alice's address, as only the forwarder may: it is Bob who swaps.
    await expect(bob.sendTransaction({ to: manager, data: concat([swap, alice.address]) }))
      .to.emit(manager, 'Swap')
      .withArgs(bob, poolId, tokenA, tokenB, IN, await manager.quoteAmountOut(poolId, tokenA, IN));
    const route = router.interface.encodeFunctionData('swapExactInput', [
      [await tokenA.getAddress(), await tokenB.getAddress()],
      IN,
      0n,
      NO_DEADLINE,
      [],
    ]);
    await expect(
      carol.sendTransaction({ to: router, data: concat([route, alice.address]) }),
    ).to.be.revertedWithCustomError(tokenA, 'ERC20InsufficientAllowance');
    expect(await manager.isTrustedForwarder(bob)).to.equal(false);
    expect(await factory.isTrustedForwarder(router)).to.equal(false);
  });

  it('forwarder_refusesAForgedOrUsedOrExpiredRequest', async () => {
    const { forwarder, manager, tokenA, poolId, alice, bob, networkHelpers } = market;
    const data = manager.interface.encodeFunctionData('swap', [
      poolId,
      await tokenA.getAddress(),
      IN,
      0n,
      NO_DEADLINE,
    ]);
    const request = await signForwardRequest(market, bob, await manager.getAddress(), data);
    await expect(forwarder.execute({ ...request, from: alice.address })).to.be.revertedWithCustomError(
      forwarder,
      'ERC2771ForwarderInvalidSigner',
    );
    await forwarder.execute(request);
    await expect(forwarder.execute(request)).to.be.revertedWithCustomError(
      forwarder,
      'ERC2771ForwarderInvalidSigner',
    );
    const late = await signForwardRequest(market, bob, await manager.getAddress(), data);
    await networkHelpers.time.increase(3_600);
    await expect(forwarder.execute(late)).to.be.revertedWithCustomError(
      forwarder,
      'ERC2771ForwarderExpiredRequest',
    );
  });
});

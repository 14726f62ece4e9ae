import { expect } from 'chai';
import { concat } from 'ethers';
import { NO_DEADLINE, openMarket, signForwardRequest, type Market } from './support/market.js';
import { signPermit } from './support/permit.js';

const IN = 10n ** 21n;

describe('attacks on signatures and senders', () => {
  let market: Market;

  beforeEach(async () => {
    market = await openMarket();
  });

  const swapData = async (): Promise<string> =>
    market.manager.interface.encodeFunctionData('swap', [
      market.poolId,
      await market.tokenA.getAddress(),
      IN,
      0n,
      NO_DEADLINE,
    ]);

  it('permitFrontRun_stopsNobody', async () => {
    const { router, manager, tokenA, tokenB, carol, bob } = market;
    await tokenA.transfer(carol, IN);
    const permit = await signPermit(tokenA, carol, await manager.getAddress(), IN);
    await tokenA
      .connect(bob)
      .permit(carol, manager, permit.value, permit.deadline, permit.v, permit.r, permit.s);
    await expect(
      router.connect(carol).swapExactInput([tokenA, tokenB], IN, 0n, NO_DEADLINE, [permit]),
    ).to.emit(manager, 'Swap');
  });

  it('permitOfNothing_stopsNobody', async () => {
    const { router, manager, tokenA, tokenB, bob, carol } = market;
    const permit = await signPermit(tokenA, bob, await manager.getAddress(), IN);
    await expect(
      router
        .connect(bob)
        .swapExactInput([tokenA, tokenB], IN, 0n, NO_DEADLINE, [{ ...permit, token: carol.address }, permit]),
    ).to.emit(manager, 'Swap');
  });

  it('permitReplay_isRefused', async () => {
    const { manager, tokenA, carol, bob } = market;
    const { value, deadline, v, r, s } = await signPermit(tokenA, carol, await manager.getAddress(), IN);
    const mine = tokenA.connect(bob);
    await mine.permit(carol, manager, value, deadline, v, r, s);
    await expect(mine.permit(carol, manager, value, deadline, v, r, s)).to.be.revertedWithCustomError(
      tokenA,
      'ERC2612InvalidSigner',
    );
  });

  it('permitReplayOnAFork_isRefused', async () => {
    const { tokenA, manager, carol, deployment } = market;
    const permit = await signPermit(tokenA, carol, await manager.getAddress(), IN);
    const fork = await openMarket({}, deployment.chainId + 1);
    const { value, deadline, v, r, s } = permit;
    expect([await fork.tokenA.getAddress(), fork.carol.address]).to.deep.equal([permit.token, carol.address]);
    await expect(fork.tokenA.permit(carol, manager, value, deadline, v, r, s)).to.be.revertedWithCustomError(
      fork.tokenA,
      'ERC2612InvalidSigner',
    );
  });

  it('expiredPermit_isRefused', async () => {
    const { manager, tokenA, carol, networkHelpers } = market;
    const past = BigInt(await networkHelpers.time.latest());
    const { value, v, r, s } = await signPermit(tokenA, carol, await manager.getAddress(), IN, {
      deadline: past,
    });
    await expect(tokenA.permit(carol, manager, value, past, v, r, s)).to.be.revertedWithCustomError(
      tokenA,
      'ERC2612ExpiredSignature',
    );
  });

  it('forgedForwarderSender_isNotBelieved', async () => {
    const { manager, factory, router, tokenA, tokenB, poolId, alice, bob, carol } = market;
    const swap = await swapData();
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

  it('forgedForwardRequest_isRefused', async () => {
    const { forwarder, alice, bob } = market;
    const request = await signForwardRequest(
      market,
      bob,
      await market.manager.getAddress(),
      await swapData(),
    );
    await expect(forwarder.execute({ ...request, from: alice.address })).to.be.revertedWithCustomError(
      forwarder,
      'ERC2771ForwarderInvalidSigner',
    );
  });

  it('forwardRequestReplay_isRefused', async () => {
    const { forwarder, bob } = market;
    const request = await signForwardRequest(
      market,
      bob,
      await market.manager.getAddress(),
      await swapData(),
    );
    await forwarder.execute(request);
    await expect(forwarder.execute(request)).to.be.revertedWithCustomError(
      forwarder,
      'ERC2771ForwarderInvalidSigner',
    );
  });

  it('expiredForwardRequest_isRefused', async () => {
    const { forwarder, bob, networkHelpers } = market;
    const request = await signForwardRequest(
      market,
      bob,
      await market.manager.getAddress(),
      await swapData(),
    );
    await networkHelpers.time.increase(3_600);
    await expect(forwarder.execute(request)).to.be.revertedWithCustomError(
      forwarder,
      'ERC2771ForwarderExpiredRequest',
    );
  });
});

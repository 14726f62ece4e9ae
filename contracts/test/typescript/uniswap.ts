import { expect } from 'chai';
import type { ABToken } from '../../../libs/chain/src/contracts/generated/ABToken.gen.js';
import { recordFigures } from './support/figures.js';
import { launchToken, NO_DEADLINE, openMarket, type Market } from './support/market.js';
import { Random } from './support/random.js';
import { deployUniswap, type Uniswap } from './support/uniswap.js';

const LIQUIDITY = 10n ** 24n;
const IN = 10n ** 20n;

describe('beside Uniswap v2', () => {
  let market: Market;
  let uniswap: Uniswap;

  beforeEach(async () => {
    market = await openMarket();
    uniswap = await deployUniswap(market);
    const { tokenA, tokenB, alice } = market;
    const { pair } = uniswap;
    await tokenA.transfer(pair, LIQUIDITY);
    await tokenB.transfer(pair, 4n * LIQUIDITY);
    await (await pair.getFunction('mint').send(alice.address)).wait();
  });

  it('theSameSequence_endsInTheSameReservesAndShares', async () => {
    const { manager, timelock, tokenA, tokenB, poolId, alice, bob, networkHelpers } = market;
    const { pair } = uniswap;
    await manager.connect(timelock).setProtocolFee(0n);
    const random = new Random(2);
    const state = async () => {
      const [reserve0, reserve1] = (await pair.getFunction('getReserves').staticCall()) as [bigint, bigint];
      const theirs = [
        reserve0,
        reserve1,
        (await pair.getFunction('totalSupply').staticCall()) as bigint,
        (await pair.getFunction('balanceOf').staticCall(alice.address)) as bigint,
      ];
      const pool = await manager.getPool(poolId);
      const ours = [
        pool.reserveA,
        pool.reserveB,
        pool.totalLiquidity,
        await manager.liquidityOf(poolId, alice),
      ];
      return { theirs, ours };
    };
    for (let step = 0; step < 150; step += 1) {
      await networkHelpers.time.increase(13);
      const pool = await manager.getPool(poolId);
      const kind = random.even(0n, 3n);
      if (kind === 0n) {
        // What ours takes, since their pair takes what it is sent.
        const amountA = random.spread(10n ** 6n, 10n ** 22n);
        const most = (amountA * pool.reserveB + pool.reserveA - 1n) / pool.reserveA;
        const [takenA, takenB] = await manager.addLiquidity.staticCall(
          ...([poolId, amountA, most, 0n, 0n, NO_DEADLINE] as const),
        );
        await manager.addLiquidity(poolId, amountA, most, 0n, 0n, NO_DEADLINE);
        await tokenA.transfer(pair, takenA);
        await tokenB.transfer(pair, takenB);
        await (await pair.getFunction('mint').send(alice.address)).wait();
      } else if (kind === 1n) {
        const held = await manager.liquidityOf(poolId, alice);
        const liquidity = random.spread(10n ** 6n, held / 10n);
        await manager.removeLiquidity(poolId, liquidity, 0n, 0n, NO_DEADLINE);
        await (await pair.getFunction('transfer').send(pair, liquidity)).wait();
        await (await pair.getFunction('burn').send(alice.address)).wait();
      } else {
        const fromA = kind === 2n;
        const tokenIn = fromA ? tokenA : tokenB;
        const amountIn = random.spread(10n ** 6n, 10n ** 23n);
        const amountOut = await manager.quoteAmountOut(poolId, tokenIn, amountIn);
        await manager.connect(bob).swap(poolId, tokenIn, amountIn, amountOut, NO_DEADLINE);
        await tokenIn.connect(bob).transfer(pair, amountIn);
        const outs = fromA ? [0n, amountOut] : [amountOut, 0n];
        const more = fromA ? [0n, amountOut + 1n] : [amountOut + 1n, 0n];
        // One unit more breaks their constant product as well: ours pays exactly as much as theirs can.
        const overdrawn = await pair
          .getFunction('swap')
          .staticCall(...more, bob.address, '0x')
          .then(
            () => true,
            () => false,
          );
        expect(overdrawn, `step ${step}`).to.equal(false);
        await (await pair.getFunction('swap').send(...outs, bob.address, '0x')).wait();
      }
      const { theirs, ours } = await state();
      expect(ours, `step ${step}, kind ${kind}`).to.deep.equal(theirs);
    }
  });

  it('swap_costsNoMoreGasThanTheirRoutersForTheSameTrade', async () => {
    const third = await launchToken(market, 'Three', 'THREE');
    const operations = await operationsOfBoth(market, uniswap, third);
    const gas: Record<string, [ours: bigint, theirs: bigint]> = {};
    for (const [name, ours, theirs] of operations) {
      await market.networkHelpers.time.increase(13);
      gas[name] = [await gasOf(ours()), await gasOf(theirs())];
    }
    const row = (cells: readonly string[]): string =>
      `${(cells[0] ?? '').padEnd(34)}${cells
        .slice(1)
        .map((cell) => cell.padStart(12))
        .join('')}`;
    recordFigures('gas', [
      row(['gas', 'ours', 'Uniswap v2']),
      ...Object.entries(gas).map(([name, pair]) => row([name, ...pair.map(String)])),
    ]);
    for (const name of ['swap', 'swap again']) {
      const [ours = 0n, theirs = 0n] = gas[name] ?? [];
      expect(ours, name).to.be.at.most(theirs);
      expect(ours, name).to.be.greaterThan(0n);
    }
  });
});

type Sending = Promise<{ wait(): Promise<{ gasUsed: bigint } | null> }>;
type Operation = readonly [name: string, ours: () => Sending, theirs: () => Sending];

async function gasOf(sending: Sending): Promise<bigint> {
  const receipt = await (await sending).wait();
  if (receipt === null) throw new Error('a receipt expected');
  return receipt.gasUsed;
}

/** The same operations by Alice on our pools and on theirs, of the same size; what they open, later ones use. */
async function operationsOfBoth(
  market: Market,
  uniswap: Uniswap,
  third: ABToken,
): Promise<readonly Operation[]> {
  const { manager, router, tokenA, tokenB, poolId, alice } = market;
  for (const token of [tokenA, tokenB, third]) await token.approve(uniswap.router, NO_DEADLINE);
  await (await uniswap.pair.getFunction('approve').send(uniswap.router, NO_DEADLINE)).wait();
  const their = (name: string, ...args: readonly unknown[]): Sending =>
    uniswap.router.getFunction(name).send(...args) as Sending;
  const [a, b, c] = (await Promise.all([tokenA, tokenB, third].map((token) => token.getAddress()))) as [
    string,
    string,
    string,
  ];
  const last = [alice.address, NO_DEADLINE] as const;
  const swap = (): Sending => manager.swap(poolId, a, IN, 1n, NO_DEADLINE);
  const theirSwap = (): Sending => their('swapExactTokensForTokens', IN, 1n, [a, b], ...last);
  return [
    [
      'open a pool',
      () => manager.createPool(b, c, LIQUIDITY, LIQUIDITY, NO_DEADLINE),
      () => their('addLiquidity', b, c, LIQUIDITY, LIQUIDITY, 0n, 0n, ...last),
    ],
    [
      'add liquidity',
      () => manager.addLiquidity(poolId, IN, 5n * IN, 0n, 0n, NO_DEADLINE),
      () => their('addLiquidity', a, b, IN, 5n * IN, 0n, 0n, ...last),
    ],
    [
      'remove liquidity',
      () => manager.removeLiquidity(poolId, IN, 0n, 0n, NO_DEADLINE),
      () => their('removeLiquidity', a, b, IN, 0n, 0n, ...last),
    ],
    ['first swap of a token', swap, theirSwap],
    ['swap', swap, theirSwap],
    ['swap again', swap, theirSwap],
    [
      'swap over two pools, exact in',
      () => router.swapExactInput([a, b, c], IN, 0n, NO_DEADLINE, []),
      () => their('swapExactTokensForTokens', IN, 0n, [a, b, c], ...last),
    ],
    [
      'swap over two pools, exact out',
      () => router.swapExactOutput([a, b, c], IN, NO_DEADLINE, NO_DEADLINE, []),
      () => their('swapTokensForExactTokens', IN, NO_DEADLINE, [a, b, c], ...last),
    ],
  ];
}

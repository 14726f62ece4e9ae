import { createRequire } from 'node:module';
import { expect } from 'chai';
import { Contract, ContractFactory, type InterfaceAbi } from 'ethers';
import { NO_DEADLINE, openMarket, type Market } from './support/market.js';
import { Random } from './support/random.js';

interface Compiled {
  readonly abi: InterfaceAbi;
  readonly bytecode: string;
}

const require = createRequire(import.meta.url);
const FACTORY = require('@uniswap/v2-core/build/UniswapV2Factory.json') as Compiled;
const PAIR = require('@uniswap/v2-core/build/UniswapV2Pair.json') as Compiled;
const ROUTER = require('@uniswap/v2-periphery/build/UniswapV2Router02.json') as Compiled;
const WETH = require('@uniswap/v2-periphery/build/WETH9.json') as Compiled;
/** The router computes a pair's address from the hash of the pair's creation code as it was on Ethereum. */
const LIQUIDITY = 10n ** 24n;

interface Pair {
  readonly pair: Contract;
  readonly router: Contract;
}

async function deployPair(market: Market): Promise<Pair> {
  const { deployer, alice, tokenA, tokenB } = market;
  const deploy = async ({ abi, bytecode }: Compiled, ...args: readonly unknown[]) => {
    const deployed = await new ContractFactory(abi, bytecode, deployer).deploy(...args);
    await deployed.waitForDeployment();
    return new Contract(await deployed.getAddress(), abi, alice);
  };
  const factory = await deploy(FACTORY, deployer.address);
  const weth = await deploy(WETH);
  const router = await deploy(ROUTER, await factory.getAddress(), await weth.getAddress());
  await (await factory.getFunction('createPair').send(tokenA, tokenB)).wait();
  const pair = new Contract(
    String(await factory.getFunction('getPair').staticCall(tokenA, tokenB)),
    PAIR.abi,
    alice,
  );
  return { pair, router };
}

describe('beside Uniswap v2', () => {
  let market: Market;
  let uniswap: Pair;

  beforeEach(async () => {
    market = await openMarket();
    uniswap = await deployPair(market);
    const { tokenA, tokenB, alice, bob } = market;
    const { pair, router } = uniswap;
    await tokenA.transfer(pair, LIQUIDITY);
    await tokenB.transfer(pair, 4n * LIQUIDITY);
    await (await pair.getFunction('mint').send(alice.address)).wait();
    for (const token of [tokenA, tokenB]) await token.connect(bob).approve(router, NO_DEADLINE);
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
        // Exact multiples of the reserves' ratio, where Uniswap's rounding of the taken amount and ours meet.
        const amountA = random.spread(10n ** 6n, 10n ** 22n);
        const amountB = (amountA * pool.reserveB + pool.reserveA - 1n) / pool.reserveA;
        await manager.addLiquidity(poolId, amountA, amountB, amountA, amountB, NO_DEADLINE);
        await tokenA.transfer(pair, amountA);
        await tokenB.transfer(pair, amountB);
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
    const { manager, tokenA, tokenB, poolId, bob, networkHelpers } = market;
    const router = uniswap.router.connect(bob) as Contract;
    const amountIn = 10n ** 20n;
    const path = [await tokenA.getAddress(), await tokenB.getAddress()];
    const gas = async (sent: Promise<{ wait(): Promise<{ gasUsed: bigint } | null> }>): Promise<bigint> => {
      const receipt = await (await sent).wait();
      if (receipt === null) throw new Error('a receipt expected');
      return receipt.gasUsed;
    };
    const measured: [bigint, bigint][] = [];
    for (let i = 0; i < 3; i += 1) {
      await networkHelpers.time.increase(13);
      const ours = await gas(manager.connect(bob).swap(poolId, tokenA, amountIn, 1n, NO_DEADLINE));
      const theirs = await gas(
        router
          .getFunction('swapExactTokensForTokens')
          .send(amountIn, 1n, path, bob.address, NO_DEADLINE) as Promise<never>,
      );
      measured.push([ours, theirs]);
    }
    for (const [index, [ours, theirs]] of measured.entries()) {
      process.stdout.write(`      swap ${index + 1}: ${ours} gas, Uniswap v2's router ${theirs}\n`);
    }
    for (const [ours, theirs] of measured.slice(1)) expect(ours).to.be.at.most(theirs);
  });
});

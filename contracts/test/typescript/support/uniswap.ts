import { createRequire } from 'node:module';
import { Contract, ContractFactory, type InterfaceAbi } from 'ethers';
import type { Market } from './market.js';

interface Compiled {
  readonly abi: InterfaceAbi;
  readonly bytecode: string;
}

const require = createRequire(import.meta.url);
const FACTORY = require('@uniswap/v2-core/build/UniswapV2Factory.json') as Compiled;
const PAIR = require('@uniswap/v2-core/build/UniswapV2Pair.json') as Compiled;
const ROUTER = require('@uniswap/v2-periphery/build/UniswapV2Router02.json') as Compiled;
const WETH = require('@uniswap/v2-periphery/build/WETH9.json') as Compiled;

/** Uniswap v2 as its authors compiled it. The router computes a pair's address from the hash of that code. */
export interface Uniswap {
  readonly factory: Contract;
  readonly router: Contract;
  readonly pair: Contract;
}

/** With an empty pair of the market's two tokens; its contracts are called by Alice. */
export async function deployUniswap(market: Market): Promise<Uniswap> {
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
  const pair = String(await factory.getFunction('getPair').staticCall(tokenA, tokenB));
  return { factory, router, pair: new Contract(pair, PAIR.abi, alice) };
}

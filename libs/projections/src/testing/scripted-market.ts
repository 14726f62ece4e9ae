import { MemoryEventStore } from '@abland/event-store';
import type { Deed, Fact } from '@abland/testing/market';
import { ProjectionBench } from './projection-bench.js';
import { SeededRandom } from '@abland/testing/seeded-random';
import { CHAIN_ID, OTHER_CHAIN_ID, SimulatedChain } from './simulated-chain.js';
import { asked, ASKS } from './simulated-requests.js';
import { newEvent } from './told-events.js';

const at = (letter: string): string => `0x${letter.repeat(40)}`;
export const [ALICE, BOB, MANAGER, ZERO] = [at('a'), at('b'), at('c'), at('0')];
export const [GOLD, IRON, LOOSE] = [at('1'), at('2'), at('3')];
export const POOL = `0x${'9'.repeat(64)}`;
export const REQUEST = '11111111-1111-4111-8111-111111111111';
const DAY = 86_400;
/** What a query of the first chain, and of the second, asks for. */
export const here = { chainId: CHAIN_ID };
export const there = { chainId: OTHER_CHAIN_ID };

const move = (tokenAddress: string, from: string, to: string, amount: bigint): Fact => ({
  type: 'Transfer',
  data: { contract: tokenAddress, from, to, amount: `${amount}` },
});
const create =
  (tokenAddress: string, name: string, symbol: string, supply: bigint, decimals: number): Deed =>
  () => [
    move(tokenAddress, ZERO, ALICE, supply),
    {
      type: 'TokenCreated',
      data: { tokenAddress, creator: ALICE, name, symbol, totalSupply: `${supply}` },
    },
    { type: 'TokenMetadataUpdated', data: { tokenAddress, decimals, metadataURI: `ipfs://${symbol}` } },
  ];
const added = (user: string, a: bigint, b: bigint, liquidity: bigint): Fact => ({
  type: 'LiquidityAdded',
  data: { user, poolId: POOL, amountA: `${a}`, amountB: `${b}`, liquidity: `${liquidity}` },
});
const sync = (a: bigint, b: bigint): Fact => ({
  type: 'Sync',
  data: { poolId: POOL, reserveA: `${a}`, reserveB: `${b}` },
});
const openPool: Deed = () => [
  { type: 'PoolCreated', data: { poolId: POOL, tokenA: GOLD, tokenB: IRON } },
  move(GOLD, ALICE, MANAGER, 1_000_000n),
  move(IRON, ALICE, MANAGER, 4_000_000n),
  added(ZERO, 0n, 0n, 1_000n),
  added(ALICE, 1_000_000n, 4_000_000n, 1_999_000n),
  sync(1_000_000n, 4_000_000n),
];
/** Sells gold for iron. */
const sell =
  (user: string, gold: bigint, iron: bigint, a: bigint, b: bigint): Deed =>
  () => [
    move(GOLD, user, MANAGER, gold),
    move(IRON, MANAGER, user, iron),
    {
      type: 'Swap',
      data: { user, poolId: POOL, tokenIn: GOLD, tokenOut: IRON, amountIn: `${gold}`, amountOut: `${iron}` },
    },
    sync(a, b),
  ];

export interface ScriptedMarket {
  readonly bench: ProjectionBench;
  readonly chain: SimulatedChain;
  readonly other: SimulatedChain;
}

/** A market on one chain, and another of the same contracts, tokens and pool on a second chain. */
export async function openScriptedMarket(): Promise<ScriptedMarket> {
  const bench = await ProjectionBench.open(new MemoryEventStore());
  const chain = new SimulatedChain(new SeededRandom(5), DAY / 4);
  const other = new SimulatedChain(new SeededRandom(5), DAY / 4, OTHER_CHAIN_ID);
  const mineOn = async (
    on: SimulatedChain,
    deeds: readonly Deed[],
    commandIds: (string | null)[] = [],
  ): Promise<void> => void (await bench.store.append(on.stream, on.mine(deeds, commandIds), 'any'));
  const requested = newEvent(REQUEST, 'TokenCreationRequested', {
    ...asked({ commandId: REQUEST, chainId: CHAIN_ID, requester: ALICE }, ASKS.TokenCreationRequested),
  });
  await bench.store.append(`request-${REQUEST}`, [requested], 'any');
  // Block 1 of both.
  await mineOn(
    chain,
    [
      create(GOLD, 'Gold coin', 'GLD', 100_000_000n, 6),
      create(IRON, 'Iron', 'IRN', 50_000_000n, 0),
      create(LOOSE, '100%_loose', 'LSE', 7n, 18),
    ],
    [REQUEST, null, null],
  );
  await mineOn(other, [
    create(GOLD, 'Fools gold', 'FGL', 90_000_000n, 8),
    create(IRON, 'Iron', 'IRN', 60_000_000n, 2),
  ]);
  const created = chain.blocks[0]?.events.find(({ type }) => type === 'TokenCreated');
  const { txHash, blockHash } = created?.metadata.chain ?? {};
  const confirmed = newEvent(REQUEST.replaceAll('1', '2'), 'RequestConfirmed', {
    ...{ commandId: REQUEST, chainId: CHAIN_ID, blockNumber: 1 },
    ...{ txHash: txHash ?? '', blockHash: blockHash ?? '' },
    outcome: { kind: 'CREATE_TOKEN', tokenAddress: GOLD },
  });
  await bench.store.append(`request-${REQUEST}`, [confirmed], 'any');
  await mineOn(chain, [openPool, () => [move(GOLD, ALICE, BOB, 500_000n)]]); // 2
  await mineOn(other, [openPool]); // 2
  await mineOn(chain, [sell(BOB, 10_000n, 39_000n, 1_009_990n, 3_961_000n)]); // 3
  for (let i = 0; i < 5; i += 1) await mineOn(chain, []); // 4 to 8: a day without trades
  await mineOn(other, [
    sell(ALICE, 5n, 20n, 1_000_005n, 3_999_980n),
    () => [{ type: 'SwapFeeUpdated', data: { oldFee: '30', newFee: '40' } }],
    () => [{ type: 'ForwardRequestExecuted', data: { signer: BOB, nonce: '6', success: true } }],
    () => [{ type: 'TokenDeactivated', data: { tokenAddress: GOLD } }],
  ]); // 3
  await mineOn(chain, [
    sell(ALICE, 20_000n, 60_000n, 1_029_970n, 3_901_000n),
    sell(BOB, 1_000n, 3_300n, 1_030_969n, 3_897_700n),
    () => [{ type: 'ForwardRequestExecuted', data: { signer: BOB, nonce: '0', success: true } }],
    () => [{ type: 'TokenDeactivated', data: { tokenAddress: LOOSE } }],
    () => [{ type: 'TransactionFailed', data: { from: BOB, to: MANAGER, reason: 'Expired()' } }],
  ]); // 9
  // A block of the other chain that is taken back again.
  await mineOn(other, [() => [{ type: 'TokenDeactivated', data: { tokenAddress: IRON } }]]); // 4
  await bench.store.append(other.stream, other.revert(1), 'any');
  await bench.store.append(chain.stream, chain.finalize(4), 'any');
  await bench.project();
  return { bench, chain, other };
}

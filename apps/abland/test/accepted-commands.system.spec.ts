import { readArtifact } from '@abland/contracts';
import { deployerAccount } from '@abland/embedded/chain';
import { SeededRandom } from '@abland/testing/seeded-random';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Contract, JsonRpcProvider, Wallet } from 'ethers';
import { type ApiClient, ApiRefusal, createApiClient } from '../src/demo/api-client.js';
import { ADD_LIQUIDITY, CREATE_POOL, CREATE_TOKEN, INDEXED, SWAP } from '../src/demo/documents.js';
import { openWallet, type WalletSession } from '../src/demo/wallet-session.js';
import { SystemUnderTest } from './system-under-test.js';

const SEEDS = [1, 2];
const COMMANDS_A_SEED = 40;
const WITHIN_MS = 120_000;
const REMOVE_LIQUIDITY = `mutation ($input: RemoveLiquidityInput!) { receipt: removeLiquidity(input: $input) {
  approvals { to data value } transaction { to data value } } }`;
const LISTS = `{
  tokens(first: 50) { edges { node { address } } }
  pools(first: 50) { edges { node { id tokenA { address } tokenB { address } } } }
  _meta { contracts { liquidityManager } }
}`;

type Call = Parameters<WalletSession['send']>[0];
interface Receipt {
  readonly approvals: readonly Call[];
  readonly transaction: Call;
}
interface Lists {
  readonly tokens: { readonly edges: readonly { readonly node: { readonly address: string } }[] };
  readonly pools: { readonly edges: readonly { readonly node: PoolNode }[] };
  readonly _meta: { readonly contracts: { readonly liquidityManager: string } };
}
interface PoolNode {
  readonly id: string;
  readonly tokenA: { readonly address: string };
  readonly tokenB: { readonly address: string };
}
type Asked = readonly [document: string, input: Readonly<Record<string, unknown>>];

describe('a command that is accepted', () => {
  let system: SystemUnderTest;
  let provider: JsonRpcProvider;
  let api: ApiClient;
  let session: WalletSession;
  let manager: Contract;
  let keys = 0;

  beforeAll(async () => {
    system = await SystemUnderTest.create();
    await system.start();
    provider = new JsonRpcProvider(system.rpcUrl, undefined, { pollingInterval: 20, cacheTimeout: -1 });
    api = createApiClient(system.apiUrl);
    session = await openWallet('accepted', provider, api);
    const { _meta } = await api.query<Lists>(LISTS);
    const { abi } = readArtifact('ABLiquidityManager');
    manager = new Contract(_meta.contracts.liquidityManager, abi, provider);
    // Of few and of many units, of none and of as many decimals as may be.
    for (const [decimals, supply] of [
      [0, '5000'],
      [18, '1000000'],
      [6, '3000000'],
      [18, (10n ** 27n).toString()],
    ] as const) {
      const token = { name: 'Token', symbol: 'TOK', description: '', decimals, supply };
      expect(await give([CREATE_TOKEN, token])).toBe('done');
    }
  });
  afterAll(async () => {
    provider.destroy();
    await system.remove();
  });

  async function indexed(): Promise<void> {
    const head = await provider.getBlockNumber();
    for (const until = Date.now() + WITHIN_MS; Date.now() < until;) {
      const { _meta } = await api.query<{ _meta: { indexedBlock: number | null } }>(INDEXED);
      if (_meta.indexedBlock !== null && _meta.indexedBlock >= head) return;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    throw new Error('The API did not come to the head of the chain');
  }

  async function send({ to, data, value }: Call): Promise<boolean> {
    const call = { to, data, value: BigInt(value), gasLimit: 6_000_000n };
    const sent = await session.wallet.sendTransaction(call);
    const receipt = await sent.wait(1).catch(() => null);
    return receipt?.status === 1;
  }

  /** Gives a command and does on the chain what its receipt says: the code of its refusal, or what came of it. */
  async function give([document, input]: Asked): Promise<string> {
    await indexed();
    const given = { idempotencyKey: `accepted-${(keys += 1)}`, ...input };
    try {
      const { receipt } = await api.query<{ receipt: Receipt }>(document, { input: given });
      for (const approval of receipt.approvals) expect(await send(approval)).toBe(true);
      return (await send(receipt.transaction)) ? 'done' : `reverted: ${JSON.stringify(given)}`;
    } catch (error) {
      if (error instanceof ApiRefusal) return error.code;
      throw error;
    }
  }

  const balanceOf = (token: string): Promise<bigint> =>
    new Contract(token, readArtifact('ABToken').abi, provider)
      .getFunction('balanceOf')
      .staticCall(session.address) as Promise<bigint>;

  /** What may well be given, and what lies around every bound there is. */
  const amountUpTo = (random: SeededRandom, most: bigint): string => {
    const usual = [most / 3n, random.amount(most), random.amount(most / 10n), random.amount(most / 1_000n)];
    const edges = [1n, 2n, 1_000n, most, most + 1n, 2n ** 128n - 1n, 2n ** 128n];
    return random.pick(random.chance(0.6) ? usual : edges).toString();
  };

  async function anyCommand(random: SeededRandom): Promise<Asked> {
    const { tokens, pools } = await api.query<Lists>(LISTS);
    const slippage = random.pick([{}, { slippageBps: 0 }, { slippageBps: 5_000 }]);
    const amountOf = async (token: string): Promise<string> => amountUpTo(random, await balanceOf(token));
    if (pools.edges.length === 0 || random.chance(0.2)) {
      const [tokenA, tokenB] = [
        random.pick(tokens.edges).node.address,
        random.pick(tokens.edges).node.address,
      ];
      const amounts = { amountA: await amountOf(tokenA), amountB: await amountOf(tokenB) };
      return [CREATE_POOL, { tokenA, tokenB, ...amounts }];
    }
    const { id: poolId, tokenA, tokenB } = random.pick(pools.edges).node;
    const [one, other] = random.chance(0.5) ? [tokenA, tokenB] : [tokenB, tokenA];
    const held = (await manager.getFunction('liquidityOf').staticCall(poolId, session.address)) as bigint;
    const [amountADesired, amountBDesired] = [await amountOf(tokenA.address), await amountOf(tokenB.address)];
    const amountIn = await amountOf(one.address);
    return random.pick<Asked>([
      [SWAP, { tokenIn: one.address, tokenOut: other.address, amountIn, ...slippage }],
      [SWAP, { tokenIn: one.address, tokenOut: other.address, amountIn, ...slippage }],
      [ADD_LIQUIDITY, { poolId, amountADesired, amountBDesired, ...slippage }],
      [REMOVE_LIQUIDITY, { poolId, liquidity: amountUpTo(random, held), ...slippage }],
    ]);
  }

  it.each(SEEDS)('is carried out by the contracts when it is sent at once (seed %i)', async (seed) => {
    const random = new SeededRandom(seed);
    const outcomes: string[] = [];
    for (let given = 0; given < COMMANDS_A_SEED; given += 1) {
      outcomes.push(await give(await anyCommand(random)));
    }
    expect(outcomes.filter((outcome) => outcome.startsWith('reverted'))).toEqual([]);
    expect(outcomes.filter((outcome) => outcome === 'done').length).toBeGreaterThan(COMMANDS_A_SEED / 5);
  });

  it('is none that a pause of the contract refuses, and liquidity is taken out all the same', async () => {
    const { pools } = await api.query<Lists>(LISTS);
    const [pool] = pools.edges.map(({ node }) => node);
    if (pool === undefined) throw new Error('No pool was opened');
    const [tokenIn, tokenOut] = [pool.tokenA.address, pool.tokenB.address];
    const guardian = new Wallet(deployerAccount().privateKey, provider);
    const paused = await (manager.connect(guardian) as Contract).getFunction('pause').send();
    await paused.wait(1);
    const swap: Asked = [SWAP, { tokenIn, tokenOut, amountIn: '1000' }];
    const deposit = { poolId: pool.id, amountADesired: '1000', amountBDesired: '1000' };
    expect(await give(swap)).toBe('PAUSED');
    expect(await give([ADD_LIQUIDITY, deposit])).toBe('PAUSED');
    await expect(quoteOf(tokenIn, tokenOut)).rejects.toMatchObject({ code: 'PAUSED' });
    const onChain = manager.getFunction('swap').staticCall(pool.id, tokenIn, 1_000n, 0n, 4_000_000_000n);
    await expect(onChain).rejects.toMatchObject({ revert: { name: 'EnforcedPause' } });
    const liquidity = (await manager
      .getFunction('liquidityOf')
      .staticCall(pool.id, session.address)) as bigint;
    expect(await give([REMOVE_LIQUIDITY, { poolId: pool.id, liquidity: `${liquidity}` }])).toBe('done');
  });

  const quoteOf = (tokenIn: string, tokenOut: string): Promise<unknown> =>
    api.query(
      `query ($tokenIn: Address!, $tokenOut: Address!) {
        quote(tokenIn: $tokenIn, tokenOut: $tokenOut, amountIn: "1000") { amountOut } }`,
      { tokenIn, tokenOut },
    );
});

import { UINT256_MAX } from '@abland/domain';
import { Interface } from 'ethers';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ADD_LIQUIDITY, CREATE_POOL, SWAP } from './documents.js';
import { type Market, newKey, openMarket, TOKEN_A, TOKEN_B, TOKEN_C } from './market-fixture.js';
import { CONTRACTS, startTestApi, type TestApi } from './test-api.js';
import { approvalFact, CHAIN_ID, swapFacts } from './test-chain.js';

const token = new Interface(['function approve(address spender, uint256 amount)']);

let api: TestApi;
let market: Market;

beforeAll(async () => {
  api = await startTestApi();
  market = await openMarket(api);
});
afterAll(() => api.stop());

const approve = async (at: string, amount: bigint): Promise<void> => {
  const facts = [approvalFact(at, market.wallet.address, amount)];
  await api.chain.mine({ facts, txHash: api.chain.nextTxHash() });
  await api.settle();
};
const swap = (amountIn: string) => ({
  ...{ idempotencyKey: newKey(), tokenIn: TOKEN_A, tokenOut: TOKEN_B, amountIn },
});
const receiptOf = async (document: string, input: object) =>
  (await market.client.query(document, { input })).receipt;
const needed = async (document: string, input: object) =>
  (await receiptOf(document, input)).approvals.map(
    ({ to, amount, allowance }: Record<string, string | null>) => [to, amount, allowance],
  );

/** What was given and never sent no longer counts. */
const pass = () => api.clock.advance(21 * 60_000);

describe('the approvals of a command', () => {
  it('are those that its allowances lack', async () => {
    await approve(TOKEN_A, 999n);
    const { approvals } = await receiptOf(SWAP, swap('1000'));
    expect(approvals).toEqual([
      {
        ...{ to: TOKEN_A, value: '0', chainId: CHAIN_ID, amount: '1000', allowance: '999' },
        data: token.encodeFunctionData('approve', [CONTRACTS.liquidityManager, 1_000n]),
      },
    ]);
    pass();
    const deposit = { poolId: market.poolId, amountADesired: '900', amountBDesired: '450' };
    expect(await needed(ADD_LIQUIDITY, { idempotencyKey: newKey(), ...deposit })).toEqual([
      [TOKEN_B, '450', '0'],
    ]);
  });

  it('are none once they are given, though the command was given before', async () => {
    pass();
    const input = swap('2000');
    expect(await needed(SWAP, input)).toEqual([[TOKEN_A, '2000', '999']]);
    await approve(TOKEN_A, 2_000n);
    expect(await needed(SWAP, input)).toEqual([]);
    pass();
    expect(await needed(SWAP, swap('2001'))).toEqual([[TOKEN_A, '2001', '2000']]);
  });

  it('never make an allowance without a limit a smaller one', async () => {
    await approve(TOKEN_A, UINT256_MAX);
    expect(await needed(SWAP, swap('1000'))).toEqual([]);
    const pool = { tokenA: TOKEN_A, tokenB: TOKEN_C, amountA: '2000', amountB: '3000' };
    expect(await needed(CREATE_POOL, { idempotencyKey: newKey(), ...pool })).toEqual([
      [TOKEN_C, '3000', '0'],
    ]);
  });

  it('come back as the contract takes what was allowed', async () => {
    await approve(TOKEN_A, 1_500n);
    const taken = swapFacts({
      ...{ poolId: market.poolId, user: market.wallet.address, manager: CONTRACTS.liquidityManager },
      ...{ tokenIn: TOKEN_A, tokenOut: TOKEN_B, amountIn: 1_000n, amountOut: 498n },
      ...{ reserveA: 10n ** 23n, reserveB: 5n * 10n ** 22n },
    });
    // The contract tells of the swap before it moves tokens.
    const facts = [...taken.slice(2), ...taken.slice(0, 2)];
    await api.chain.mine({ facts, txHash: api.chain.nextTxHash() });
    await api.settle();
    pass();
    expect(await needed(SWAP, swap('500'))).toEqual([]);
    pass();
    expect(await needed(SWAP, swap('501'))).toEqual([[TOKEN_A, '501', '500']]);
  });
});

describe('the approvals of several commands that are open at once', () => {
  it('are for all of them, so that the last one given undoes none before', async () => {
    await approve(TOKEN_A, 0n);
    pass();
    const first = swap('100');
    expect(await needed(SWAP, first)).toEqual([[TOKEN_A, '100', '0']]);
    expect(await needed(SWAP, swap('50'))).toEqual([[TOKEN_A, '150', '0']]);
    await api.settle();
    expect(await needed(SWAP, first)).toEqual([[TOKEN_A, '150', '0']]);
    await approve(TOKEN_A, 150n);
    expect(await needed(SWAP, first)).toEqual([]);
    expect(await needed(SWAP, swap('10'))).toEqual([[TOKEN_A, '160', '150']]);
  });

  it('forget those that nobody sent in time', async () => {
    pass();
    expect(await needed(SWAP, swap('151'))).toEqual([[TOKEN_A, '151', '150']]);
  });
});

import { quoteRouteExactIn, quoteRouteExactOut } from '@abland/domain';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  type Market,
  openMarket,
  RESERVE_A,
  RESERVE_B,
  TOKEN_A,
  TOKEN_B,
  TOKEN_C,
  UNIT,
} from './market-fixture.js';
import { startTestApi, type TestApi } from './test-api.js';

const FEES = { swapFee: 30n, protocolFee: 10n };
const POOLS = [{ reserveIn: RESERVE_A, reserveOut: RESERVE_B }];

let api: TestApi;
let market: Market;

beforeAll(async () => {
  api = await startTestApi();
  market = await openMarket(api);
});
afterAll(() => api.stop());

describe('quote of a route', () => {
  const ROUTE = `query ($tokens: [Address!]!, $amountIn: BigIntString, $amountOut: BigIntString) {
    quoteRoute(tokens: $tokens, amountIn: $amountIn, amountOut: $amountOut, slippageBps: 100) {
      amountIn amountOut amountOutMin amountInMax slippageBps
      hops { poolId tokenIn tokenOut amountIn amountOut fee finality { blockNumber } }
    }
  }`;

  it('tells what the router would pay for an exact amount, pool by pool', async () => {
    const amountIn = 1000n * UNIT;
    const { quoteRoute } = await api.client.query(ROUTE, {
      tokens: [TOKEN_A, TOKEN_B],
      amountIn: amountIn.toString(),
    });
    const [hop] = quoteRouteExactIn(POOLS, FEES, amountIn);
    expect(quoteRoute).toEqual({
      amountIn: amountIn.toString(),
      amountOut: hop.amountOut.toString(),
      amountOutMin: ((hop.amountOut * 99n) / 100n).toString(),
      amountInMax: ((amountIn * 101n) / 100n).toString(),
      slippageBps: 100,
      hops: [
        {
          ...{ poolId: market.poolId, tokenIn: TOKEN_A, tokenOut: TOKEN_B, fee: hop.fee.toString() },
          ...{ amountIn: amountIn.toString(), amountOut: hop.amountOut.toString() },
          finality: { blockNumber: 5 },
        },
      ],
    });
  });

  it('tells the least amount for an exact payment, to the unit', async () => {
    const { quoteRoute } = await api.client.query(ROUTE, {
      tokens: [TOKEN_A, TOKEN_B],
      amountOut: UNIT.toString(),
    });
    const [hop] = quoteRouteExactOut(POOLS, FEES, UNIT);
    expect(quoteRoute).toMatchObject({ amountIn: hop.amountIn.toString(), amountOut: UNIT.toString() });
  });

  it('refuses what it cannot answer', async () => {
    const refused = async (variables: object) => {
      const { extensions } = await api.client.refusal(ROUTE, { amountIn: '1000', ...variables });
      return [extensions.code, extensions.field];
    };
    expect(await refused({ tokens: [TOKEN_A] })).toEqual(['INVALID_ARGUMENT', 'tokens']);
    expect(await refused({ tokens: Array.from({ length: 7 }, () => TOKEN_A) })).toEqual([
      ...['INVALID_ARGUMENT', 'tokens'],
    ]);
    expect(await refused({ tokens: [TOKEN_A, TOKEN_B, TOKEN_A] })).toEqual(['INVALID_ARGUMENT', 'tokens']);
    expect(await refused({ tokens: [TOKEN_A, TOKEN_A] })).toEqual(['IDENTICAL_TOKENS', 'tokens']);
    expect(await refused({ tokens: [TOKEN_A, TOKEN_B, TOKEN_C] })).toEqual(['UNKNOWN_POOL', 'tokens']);
    expect(await refused({ tokens: [TOKEN_A, TOKEN_B], amountOut: '1' })).toEqual([
      ...['INVALID_ARGUMENT', 'amountIn'],
    ]);
  });
});

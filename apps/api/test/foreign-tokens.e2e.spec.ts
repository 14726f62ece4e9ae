import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Market, newKey, openMarket, TOKEN_A, UNIT } from './market-fixture.js';
import { ADD_LIQUIDITY } from './documents.js';
import { CONTRACTS, startTestApi, type TestApi } from './test-api.js';
import { poolFacts, testPoolId } from './test-chain.js';

/** Of a contract that the factory did not make: no fact tells its name, decimals, balances or allowances. */
const FOREIGN = '0x9999999999999999999999999999999999999999';
const POOL_ID = testPoolId(TOKEN_A, FOREIGN);

let api: TestApi;
let market: Market;
const query = (document: string, variables: object = {}) => api.client.query(document, variables);

beforeAll(async () => {
  api = await startTestApi();
  market = await openMarket(api);
  const pool = {
    ...{ tokenA: TOKEN_A, tokenB: FOREIGN, amountA: 500_000n * UNIT, amountB: 10n ** 12n },
    ...{ liquidity: 10n ** 15n, user: market.wallet.address, manager: CONTRACTS.liquidityManager },
  };
  // Only the factory's tokens tell of their transfers.
  const facts = poolFacts(pool).filter(({ data }) => data['contract'] !== FOREIGN);
  await api.chain.mine({ facts, txHash: api.chain.nextTxHash() });
  await api.settle();
});
afterAll(() => api.stop());

describe('a pool with a token that the factory did not make', () => {
  it('is listed, and the list goes on', async () => {
    const { pools } = await query(
      '{ pools { edges { node { id tokenAAddress tokenBAddress tokenA { symbol } tokenB { symbol } } } } }',
    );
    expect(pools.edges.map(({ node }: { node: object }) => node)).toEqual([
      expect.objectContaining({
        ...{ id: POOL_ID, tokenAAddress: TOKEN_A, tokenA: { symbol: 'AUR' } },
        ...{ tokenBAddress: FOREIGN, tokenB: null },
      }),
      expect.objectContaining({ id: market.poolId, tokenA: { symbol: 'AUR' }, tokenB: { symbol: 'BOR' } }),
    ]);
  });

  it('gives its other token an exact price, and no number of whole tokens', async () => {
    const { token, tokens } = await query(
      `query ($token: Address!) {
        token(address: $token) { analytics { referencePoolId marketCap price { quoteToken numerator denominator value } } }
        tokens(sort: MARKET_CAP) { edges { node { symbol } } }
      }`,
      { token: TOKEN_A },
    );
    expect(token.analytics).toMatchObject({
      referencePoolId: POOL_ID,
      marketCap: (2n * 10n ** 12n).toString(),
      price: {
        ...{ quoteToken: FOREIGN, value: null },
        ...{ numerator: (10n ** 12n).toString(), denominator: (500_000n * UNIT).toString() },
      },
    });
    expect(tokens.edges).toHaveLength(3);
  });

  it('takes a deposit that may be covered, and asks for the approval that may be missing', async () => {
    const input = {
      idempotencyKey: newKey(),
      poolId: POOL_ID,
      amountADesired: '5000000000',
      amountBDesired: '10000',
    };
    const { receipt } = await market.client.query(ADD_LIQUIDITY, { input });
    expect(receipt).toMatchObject({
      status: 'ACCEPTED',
      approvals: [
        { to: TOKEN_A, amount: '5000000000', allowance: '0' },
        { to: FOREIGN, amount: '10000', allowance: null },
      ],
    });
  });
});

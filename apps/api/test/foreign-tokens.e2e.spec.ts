import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Market, newKey, openMarket, TOKEN_A, UNIT } from './market-fixture.js';
import { ADD_LIQUIDITY } from './documents.js';
import type { DomainEvent } from '@abland/kernel';
import { CONTRACTS, startTestApi, type TestApi } from './test-api.js';
import { poolFacts, testPoolId } from './test-chain.js';

/** Of a contract that the factory did not make: no fact tells its name, decimals, balances or allowances. */
const FOREIGN = '0x9999999999999999999999999999999999999999';
const POOL_ID = testPoolId(TOKEN_A, FOREIGN);

let api: TestApi;
let market: Market;
const mine = (...facts: readonly DomainEvent[]) => api.chain.mine({ facts, txHash: api.chain.nextTxHash() });
/** As the ingester appends what the token says of itself. */
const describedFact = (name: string, decimals: number): DomainEvent => ({
  ...{ type: 'TokenDescribed', version: 1 },
  data: {
    ...{ token: FOREIGN, name, symbol: null, decimals, state: 'NEWEST' },
    missing: { name: null, symbol: 'FAILED', decimals: null },
  },
});
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
  await mine(...facts);
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
      amountADesired: '5000000000000000',
      amountBDesired: '10000',
    };
    const { receipt } = await market.client.query(ADD_LIQUIDITY, { input });
    expect(receipt).toMatchObject({
      status: 'ACCEPTED',
      approvals: [
        { to: TOKEN_A, amount: '5000000000000000', allowance: '0' },
        { to: FOREIGN, amount: '10000', allowance: null },
      ],
    });
  });

  it('is told of as untrusted, at first without a word of its own', async () => {
    const nothing = { name: 'UNANSWERED', symbol: 'UNANSWERED', decimals: 'UNANSWERED' };
    expect(await query(STRANGERS)).toEqual({
      pools: {
        edges: [
          { node: { foreignTokenA: null, foreignTokenB: strange(null, null, nothing, false) } },
          { node: { foreignTokenA: null, foreignTokenB: null } },
        ],
      },
      foreignToken: null,
    });
  });

  it('says then what it says of itself, with every mark that would not show written out, and has a price by its decimals', async () => {
    await mine(describedFact('\u202eralloD\0', 6));
    await api.settle();
    const name = '\\u{202E}ralloD\\u{0}';
    const told = strange(name, 6, { name: null, symbol: 'FAILED', decimals: null }, true);
    expect(await query(STRANGERS)).toMatchObject({
      pools: { edges: [{ node: { foreignTokenB: told } }, { node: { foreignTokenB: null } }] },
      foreignToken: told,
    });
    const { token } = await query(
      'query ($token: Address!) { token(address: $token) { analytics { price { value quoteIsForeign } } } }',
      { token: TOKEN_A },
    );
    // 1,000,000 whole ones of six decimals for 500,000 of eighteen.
    expect(token.analytics.price).toEqual({ value: '2', quoteIsForeign: true });
  });
});

const OF_STRANGER = '{ address untrusted name symbol decimals missing { name symbol decimals } askedLater }';
const STRANGERS = `{
  pools { edges { node { foreignTokenA ${OF_STRANGER} foreignTokenB ${OF_STRANGER} } } }
  foreignToken(address: "${FOREIGN}") ${OF_STRANGER}
}`;
const strange = (name: string | null, decimals: number | null, missing: object, askedLater: boolean) => ({
  ...{ address: FOREIGN, untrusted: true, name, symbol: null, decimals, missing, askedLater },
});

import { describe, expect, it } from '@jest/globals';
import type { SwapQuote } from '@abland/domain';
import { type Market, RESERVE_A, TOKEN_A, TOKEN_B, TOKEN_C, UNIT } from './market-fixture.js';
import type { TestApi } from './test-api.js';

/** A market of which one unit of TOKEN_A was swapped. */
export interface TradedMarket {
  readonly api: TestApi;
  readonly market: Market;
  readonly swap: SwapQuote;
}

/** What the API tells of a market in all and over time. */
export function describeFigures(of: () => TradedMarket): void {
  const query = (document: string, variables: object = {}) => of().api.client.query(document, variables);
  const trader = (): string => of().market.wallet.address;

  describe('the platform', () => {
    it('is told in all and day by day, with the volume in the token that is asked for', async () => {
      const from = new Date(of().api.clock() - 2 * 86_400_000).toISOString();
      const to = new Date(of().api.clock() + 2 * 86_400_000).toISOString();
      const { platform } = await query(
        `query ($from: DateTime!, $to: DateTime!, $quote: Address) { platform { tokens pools users
        days(from: $from, to: $to, quote: $quote) { day tokens pools swaps liquidityChanges newUsers activeUsers volume } } }`,
        { from, to, quote: TOKEN_A },
      );
      expect(platform).toMatchObject({ tokens: 3, pools: 1, users: 1 });
      const sum = (field: string) =>
        platform.days.reduce((all: number, day: Record<string, unknown>) => all + Number(day[field]), 0);
      expect(['tokens', 'pools', 'swaps', 'liquidityChanges', 'newUsers', 'volume'].map(sum)).toEqual([
        ...[3, 1, 1, 1, 1, Number(UNIT)],
      ]);
      expect(platform.days.length).toBeGreaterThan(1);
      const days = platform.days.map(({ day }: { day: string }) => Date.parse(day) % 86_400_000);
      expect(new Set(days)).toEqual(new Set([0]));
    });

    it('refuses days that end before they begin, and more than a year of them', async () => {
      const refused = async (args: string) => {
        const { extensions } = await of().api.client.refusal(`{ platform { days(${args}) { day } } }`);
        return [extensions.code, extensions.field];
      };
      const [first, second] = ['2026-01-01T00:00:00Z', '2026-01-02T00:00:00Z'];
      expect(await refused(`from: "${second}", to: "${first}"`)).toEqual(['INVALID_ARGUMENT', 'to']);
      expect(await refused(`from: "${first}", to: "${second}", limit: 367`)).toEqual([
        'INVALID_PAGINATION',
        'limit',
      ]);
    });
  });

  describe('a count of a whole list', () => {
    it('is told where it is known without reading the list', async () => {
      const all = await query(
        `query ($token: Address!) { tokens(first: 1) { totalCount } pools(first: 1) { totalCount }
        holders(token: $token, first: 1) { totalCount } }`,
        { token: TOKEN_A },
      );
      expect(all).toEqual({
        tokens: { totalCount: 3 },
        pools: { totalCount: 1 },
        holders: { totalCount: 2 },
      });
      const some = await query(
        `query ($token: Address!, $search: String) { tokens(filter: { search: $search }) { totalCount } pools(filter: { token: $token }) { totalCount } }`,
        { token: TOKEN_A, search: 'A' },
      );
      expect(some).toEqual({ tokens: { totalCount: null }, pools: { totalCount: null } });
    });
  });

  describe('histories', () => {
    it('tell how a pool, a share of it and what trading came to went, minute by minute', async () => {
      const from = new Date(of().api.clock() - 3_600_000).toISOString();
      const to = new Date(of().api.clock() + 3_600_000).toISOString();
      const { poolHistory, positionHistory, tradingProfit } = await query(
        `query ($pool: Hash!, $user: Address!, $token: Address!, $from: DateTime!, $to: DateTime!) {
        poolHistory(poolId: $pool, interval: ONE_MINUTE, from: $from, to: $to, limit: 1) { time reserveA reserveB totalLiquidity }
        positionHistory(poolId: $pool, owner: $user, interval: ONE_DAY, from: $from, to: $to) { time liquidity worthA worthB }
        tradingProfit(poolId: $pool, user: $user, token: $token) { quoteToken sold received matchedAmount realized openAmount openWorth unrealized }
      }`,
        { pool: of().market.poolId, user: trader(), token: TOKEN_A, from, to },
      );
      for (const { reserveA, time } of poolHistory) {
        expect(time).toMatch(/:00\.000Z$/);
        expect([RESERVE_A, RESERVE_A + UNIT - UNIT / 1_000n].map(String)).toContain(reserveA);
      }
      expect(positionHistory.length).toBeLessThanOrEqual(1);
      // What was sold was never bought here: no profit, and no loss.
      expect(tradingProfit).toMatchObject({ quoteToken: TOKEN_B, sold: UNIT.toString(), matchedAmount: '0' });
      expect(tradingProfit).toMatchObject({
        realized: '0',
        openAmount: '0',
        openWorth: '0',
        unrealized: '0',
      });
      const bought = `{ tradingProfit(poolId: "${of().market.poolId}", user: "${trader()}", token: "${TOKEN_B}") { bought paid openAmount openCost openWorth unrealized } }`;
      const { amountOut } = of().swap;
      const { tradingProfit: other } = await query(bought);
      expect(other).toMatchObject({
        bought: `${amountOut}`,
        paid: UNIT.toString(),
        openCost: UNIT.toString(),
      });
      expect(BigInt(other.unrealized)).toBe(BigInt(other.openWorth) - UNIT);
    });

    it('refuse histories that end before they begin, and profit of what the pool does not trade', async () => {
      const refused = async (field: string) => {
        const { extensions } = await of().api.client.refusal(`{ ${field} }`);
        return [extensions.code, extensions.field];
      };
      const pool = `poolId: "${of().market.poolId}"`;
      const span = (from: string, to: string) => `interval: ONE_HOUR, from: "${from}", to: "${to}"`;
      const [first, second] = ['2026-01-01T00:00:00Z', '2026-01-02T00:00:00Z'];
      expect(await refused(`poolHistory(${pool}, ${span(second, first)}) { time }`)).toEqual([
        'INVALID_ARGUMENT',
        'to',
      ]);
      expect(await refused(`poolHistory(${pool}, ${span(first, second)}, limit: 1001) { time }`)).toEqual([
        'INVALID_PAGINATION',
        'limit',
      ]);
      expect(
        await refused(`positionHistory(${pool}, owner: "${trader()}", ${span('then', second)}) { time }`),
      ).toEqual(['INVALID_ARGUMENT', 'from']);
      expect(
        await refused(`tradingProfit(${pool}, user: "${trader()}", token: "${TOKEN_C}") { realized }`),
      ).toEqual(['INVALID_ARGUMENT', 'token']);
      const none = `{ tradingProfit(poolId: "0x${'7'.repeat(64)}", user: "${trader()}", token: "${TOKEN_C}") { realized } }`;
      expect(await query(none)).toEqual({ tradingProfit: null });
    });
  });
}

import { TOKEN_A, TOKEN_B } from '../testing/samples.fixture.js';

export const pool = {
  tokenA: TOKEN_A,
  tokenB: TOKEN_B,
  reserveA: 1_000_000n,
  reserveB: 4_000_000n,
  totalLiquidity: 2_000_000n,
};
export const fullPool = { ...pool, reserveA: 2n ** 128n - 1n, reserveB: 2n ** 128n - 1n };
export const halfPercent = { by: 'SLIPPAGE', basisPoints: 50 } as const;
export const least = (amount: bigint) => ({ by: 'AMOUNT', amount }) as const;

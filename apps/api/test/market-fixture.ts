import { squareRoot } from '@abland/domain';
import { type BaseWallet, Wallet } from 'ethers';
import { type ApiClient, signIn } from './api-client.js';
import { CONTRACTS, type TestApi } from './test-api.js';
import { poolFacts, testPoolId, type TestToken, tokenFacts } from './test-chain.js';

export const UNIT = 10n ** 18n;
/** TOKEN_A < TOKEN_B < TOKEN_C by address. */
export const TOKEN_A = '0x1111111111111111111111111111111111111111';
export const TOKEN_B = '0x2222222222222222222222222222222222222222';
export const TOKEN_C = '0x3333333333333333333333333333333333333333';
export const RESERVE_A = 100_000n * UNIT;
export const RESERVE_B = 50_000n * UNIT;

export interface Market {
  readonly wallet: BaseWallet;
  readonly client: ApiClient;
  readonly poolId: string;
}

/** Three tokens of a signed-in person and a pool of the first two, all on the chain. */
export async function openMarket(api: TestApi, chain = api.chain): Promise<Market> {
  const wallet = Wallet.createRandom();
  const client = await signIn(api.client, wallet);
  const token = (address: string, name: string, symbol: string): TestToken => ({
    address,
    creator: wallet.address,
    name,
    symbol,
    totalSupply: 1_000_000n * UNIT,
  });
  for (const facts of [
    tokenFacts(token(TOKEN_A, 'Aurora', 'AUR')),
    tokenFacts(token(TOKEN_B, 'Boreal', 'BOR')),
    tokenFacts(token(TOKEN_C, 'Cirrus', 'CIR')),
    poolFacts({
      tokenA: TOKEN_A,
      tokenB: TOKEN_B,
      amountA: RESERVE_A,
      amountB: RESERVE_B,
      liquidity: squareRoot(RESERVE_A * RESERVE_B) - 1000n,
      user: wallet.address,
      manager: CONTRACTS.liquidityManager,
    }),
  ]) {
    await chain.mine({ facts, txHash: chain.nextTxHash() });
  }
  await api.settle();
  return { wallet, client, poolId: testPoolId(TOKEN_A, TOKEN_B) };
}

let keys = 0;
/** An idempotency key that no other command of the run has. */
export const newKey = (): string => `key-${(keys += 1)}`;

export const createTokenInput = (over: object = {}) => ({
  idempotencyKey: newKey(),
  name: 'Nova 2',
  symbol: 'NOVA',
  supply: '1000',
  decimals: 6,
  description: 'A new one',
  ...over,
});

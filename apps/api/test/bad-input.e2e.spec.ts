import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Wallet } from 'ethers';
import { signIn } from './api-client.js';
import {
  ADD_LIQUIDITY,
  COMMAND,
  CREATE_POOL,
  CREATE_TOKEN,
  DEACTIVATE_TOKEN,
  REMOVE_LIQUIDITY,
  SUBMIT_SIGNATURE,
  SUBMIT_TRANSACTION,
  SWAP,
} from './documents.js';
import { type Market, openMarket, TOKEN_A, TOKEN_B, TOKEN_C, UNIT } from './market-fixture.js';
import { startTestApi, type TestApi } from './test-api.js';

const UNKNOWN = '0x4444444444444444444444444444444444444444';
const WRONG_CHECKSUM = '0xF39Fd6e51aad88F6F4ce6aB8827279cffFb92266';
const UNKNOWN_HASH = `0x${'ab'.repeat(32)}`;
const UNKNOWN_ID = '00000000-0000-4000-8000-00000000dead';

let api: TestApi;
let market: Market;
beforeAll(async () => {
  api = await startTestApi();
  market = await openMarket(api);
});
afterAll(() => api.stop());

const token = {
  idempotencyKey: 'bad-token',
  name: 'Nova',
  symbol: 'NOVA',
  supply: '1000',
  decimals: 18,
  description: '',
};
const pool = {
  idempotencyKey: 'bad-pool',
  tokenA: TOKEN_A,
  tokenB: TOKEN_C,
  amountA: '5000',
  amountB: '5000',
};
const swap = { idempotencyKey: 'bad-swap', tokenIn: TOKEN_A, tokenOut: TOKEN_B, amountIn: UNIT.toString() };
const deactivation = { idempotencyKey: 'bad-deactivation', tokenAddress: TOKEN_A };
const addition = () => ({
  idempotencyKey: 'bad-addition',
  poolId: market.poolId,
  amountADesired: '2000000',
  amountBDesired: '1000000',
});
const removal = () => ({ idempotencyKey: 'bad-removal', poolId: market.poolId, liquidity: '1000000' });

/** Sends a document as the signed-in person and sees to it that its refusal left nothing in the log. */
async function refused(document: string, variables: object): Promise<[string, string | null]> {
  const before = await api.store.head();
  const { extensions } = await market.client.refusal(document, variables);
  expect(await api.store.head()).toBe(before);
  expect(extensions.correlationId).toMatch(/^[0-9a-f-]{36}$/);
  return [extensions.code, extensions.field];
}

type Case = readonly [what: string, change: Record<string, unknown>, code: string, field: string];

const without = (input: object, field: string) =>
  Object.fromEntries(Object.entries(input).filter(([name]) => name !== field));

describe('a malformed createToken leaves nothing and names the field', () => {
  it.each<Case>([
    ['name with a control character', { name: 'No\u0007va' }, 'INVALID_NAME', 'name'],
    ['name with a line feed', { name: 'Nova\n' }, 'INVALID_NAME', 'name'],
    ['empty name', { name: '' }, 'INVALID_NAME', 'name'],
    ['name of 51 characters', { name: 'N'.repeat(51) }, 'INVALID_NAME', 'name'],
    ['symbol in lower case', { symbol: 'nova' }, 'INVALID_SYMBOL', 'symbol'],
    ['symbol of 11 characters', { symbol: 'N'.repeat(11) }, 'INVALID_SYMBOL', 'symbol'],
    ['decimals of 19', { decimals: 19 }, 'INVALID_DECIMALS', 'decimals'],
    ['negative decimals', { decimals: -1 }, 'INVALID_DECIMALS', 'decimals'],
    ['fractional decimals', { decimals: 1.5 }, 'GRAPHQL_VALIDATION_FAILED', 'decimals'],
    ['negative supply', { supply: '-1' }, 'INVALID_SUPPLY', 'supply'],
    ['zero supply', { supply: '0' }, 'INVALID_SUPPLY', 'supply'],
    ['fractional supply', { supply: '1.5' }, 'INVALID_SUPPLY', 'supply'],
    ['oversized supply', { supply: `${10n ** 27n + 1n}` }, 'INVALID_SUPPLY', 'supply'],
    ['supply as a number', { supply: 1000 }, 'GRAPHQL_VALIDATION_FAILED', 'supply'],
    ['description of 501', { description: 'd'.repeat(501) }, 'INVALID_DESCRIPTION', 'description'],
    ['expired deadline', { deadline: '2020-01-01T00:00:00Z' }, 'DEADLINE_EXPIRED', 'deadline'],
    ['distant deadline', { deadline: '2999-01-01T00:00:00Z' }, 'DEADLINE_TOO_FAR', 'deadline'],
    ['deadline that is no time', { deadline: 'tomorrow' }, 'INVALID_DEADLINE', 'deadline'],
    ['empty key', { idempotencyKey: '' }, 'INVALID_IDEMPOTENCY_KEY', 'idempotencyKey'],
    ['key of 101', { idempotencyKey: 'k'.repeat(101) }, 'INVALID_IDEMPOTENCY_KEY', 'idempotencyKey'],
    ['key with a control', { idempotencyKey: 'a\u0000b' }, 'INVALID_IDEMPOTENCY_KEY', 'idempotencyKey'],
    ['null key', { idempotencyKey: null }, 'GRAPHQL_VALIDATION_FAILED', 'idempotencyKey'],
    ['unknown field', { colour: 'red' }, 'GRAPHQL_VALIDATION_FAILED', 'colour'],
    ['unknown execution', { execution: 'MAGIC' }, 'GRAPHQL_VALIDATION_FAILED', 'execution'],
  ])('%s', async (_what, change, code, field) => {
    expect(await refused(CREATE_TOKEN, { input: { ...token, ...change } })).toEqual([code, field]);
  });

  it('missing idempotency key', async () => {
    expect(await refused(CREATE_TOKEN, { input: without(token, 'idempotencyKey') })).toEqual([
      'GRAPHQL_VALIDATION_FAILED',
      'idempotencyKey',
    ]);
    const literal = `mutation { createToken(input: { name: "Nova", symbol: "NOVA", supply: "1" }) { status } }`;
    expect(await refused(literal, {})).toEqual(['GRAPHQL_VALIDATION_FAILED', 'idempotencyKey']);
  });

  it('missing input', async () => {
    expect(await refused(CREATE_TOKEN, {})).toEqual(['GRAPHQL_VALIDATION_FAILED', 'input']);
  });
});

describe('a malformed createPool leaves nothing and names the field', () => {
  it.each<Case>([
    ['a pool of a token with itself', { tokenB: TOKEN_A }, 'IDENTICAL_TOKENS', 'tokenB'],
    [
      'itself in another case',
      { tokenA: TOKEN_C, tokenB: TOKEN_C.toLowerCase() },
      'IDENTICAL_TOKENS',
      'tokenB',
    ],
    ['unknown token', { tokenB: UNKNOWN }, 'UNKNOWN_TOKEN', 'tokenB'],
    ['wrong checksum', { tokenA: WRONG_CHECKSUM }, 'WRONG_CHECKSUM', 'tokenA'],
    ['no address', { tokenA: '0x12' }, 'INVALID_ADDRESS', 'tokenA'],
    ['zero amount', { amountA: '0' }, 'INVALID_AMOUNT', 'amountA'],
    ['negative amount', { amountB: '-5' }, 'INVALID_AMOUNT', 'amountB'],
    ['fractional amount', { amountA: '0.5' }, 'INVALID_AMOUNT', 'amountA'],
    ['amount beyond 128 bits', { amountA: `${2n ** 128n}` }, 'AMOUNT_TOO_LARGE', 'amountA'],
    ['amount of a million digits', { amountA: '9'.repeat(100_000) }, 'AMOUNT_TOO_LARGE', 'amountA'],
    ['a first deposit too small', { amountA: '1000', amountB: '1000' }, 'AMOUNT_TOO_SMALL', 'amountA'],
  ])('%s', async (_what, change, code, field) => {
    expect(await refused(CREATE_POOL, { input: { ...pool, ...change } })).toEqual([code, field]);
  });
});

describe('a malformed swap leaves nothing and names the field', () => {
  it.each<Case>([
    ['unknown token in', { tokenIn: UNKNOWN }, 'UNKNOWN_TOKEN', 'tokenIn'],
    ['unknown token out', { tokenOut: UNKNOWN }, 'UNKNOWN_TOKEN', 'tokenOut'],
    ['no pool of these tokens', { tokenOut: TOKEN_C }, 'UNKNOWN_POOL', 'poolId'],
    ['a token with itself', { tokenOut: TOKEN_A }, 'IDENTICAL_TOKENS', 'tokenOut'],
    ['zero amount', { amountIn: '0' }, 'INVALID_AMOUNT', 'amountIn'],
    ['scientific amount', { amountIn: '1e18' }, 'INVALID_AMOUNT', 'amountIn'],
    ['oversized amount', { amountIn: `${2n ** 256n}` }, 'AMOUNT_TOO_LARGE', 'amountIn'],
    ['negative slippage', { slippageBps: -1 }, 'INVALID_SLIPPAGE', 'slippageBps'],
    ['slippage beyond the bound', { slippageBps: 5001 }, 'SLIPPAGE_OUT_OF_BOUNDS', 'slippageBps'],
    ['a minimum beyond the bound', { amountOutMin: '1' }, 'SLIPPAGE_OUT_OF_BOUNDS', 'amountOutMin'],
    ['both minimum and slippage', { amountOutMin: '1', slippageBps: 1 }, 'INVALID_ARGUMENT', 'amountOutMin'],
    ['expired deadline', { deadline: '2020-01-01T00:00:00Z' }, 'DEADLINE_EXPIRED', 'deadline'],
  ])('%s', async (_what, change, code, field) => {
    expect(await refused(SWAP, { input: { ...swap, ...change } })).toEqual([code, field]);
  });
});

describe('malformed changes of liquidity leave nothing and name the field', () => {
  it.each<Case>([
    ['unknown pool', { poolId: UNKNOWN_HASH }, 'UNKNOWN_POOL', 'poolId'],
    ['no hash', { poolId: '0x12' }, 'INVALID_HASH', 'poolId'],
    ['zero amount', { amountADesired: '0' }, 'INVALID_AMOUNT', 'amountADesired'],
    ['slippage beyond the bound', { slippageBps: 9999 }, 'SLIPPAGE_OUT_OF_BOUNDS', 'slippageBps'],
  ])('adding: %s', async (_what, change, code, field) => {
    expect(await refused(ADD_LIQUIDITY, { input: { ...addition(), ...change } })).toEqual([code, field]);
  });

  it.each<Case>([
    ['unknown pool', { poolId: UNKNOWN_HASH }, 'UNKNOWN_POOL', 'poolId'],
    ['fractional liquidity', { liquidity: '1.0' }, 'INVALID_AMOUNT', 'liquidity'],
    ['zero minimum', { amountAMin: '0', amountBMin: '1' }, 'INVALID_AMOUNT', 'amountAMin'],
  ])('removing: %s', async (_what, change, code, field) => {
    expect(await refused(REMOVE_LIQUIDITY, { input: { ...removal(), ...change } })).toEqual([code, field]);
  });
});

describe('other malformed commands leave nothing and name the field', () => {
  it('deactivating a token that was not created here', async () => {
    expect(await refused(DEACTIVATE_TOKEN, { input: { ...deactivation, tokenAddress: UNKNOWN } })).toEqual([
      'UNKNOWN_TOKEN',
      'tokenAddress',
    ]);
  });

  it('a transaction of an unknown command, a bad id, a bad hash', async () => {
    const known = { commandId: UNKNOWN_ID, txHash: UNKNOWN_HASH };
    expect(await refused(SUBMIT_TRANSACTION, known)).toEqual(['COMMAND_NOT_FOUND', 'commandId']);
    expect(await refused(SUBMIT_TRANSACTION, { ...known, commandId: 'x' })).toEqual([
      'INVALID_ID',
      'commandId',
    ]);
    expect(await refused(SUBMIT_TRANSACTION, { ...known, txHash: '0x1' })).toEqual([
      'INVALID_HASH',
      'txHash',
    ]);
  });

  it('a signature that is none', async () => {
    expect(await refused(SUBMIT_SIGNATURE, { commandId: UNKNOWN_ID, signature: '0x12' })).toEqual([
      'INVALID_SIGNATURE',
      'signature',
    ]);
    expect(await refused(COMMAND, { id: 'x' })).toEqual(['INVALID_ID', 'id']);
  });

  it('the same key with another input, of the same command or of another', async () => {
    const input = { ...token, idempotencyKey: 'reused' };
    await market.client.query(CREATE_TOKEN, { input });
    const reused = ['IDEMPOTENCY_KEY_REUSED', 'idempotencyKey'];
    expect(await refused(CREATE_TOKEN, { input: { ...input, supply: '1001' } })).toEqual(reused);
    expect(await refused(CREATE_TOKEN, { input: { ...input, execution: 'RELAYED' } })).toEqual(reused);
    expect(await refused(SWAP, { input: { ...swap, idempotencyKey: 'reused' } })).toEqual(reused);
    expect(await refused(CREATE_POOL, { input: { ...pool, idempotencyKey: 'reused' } })).toEqual(reused);
  });
});

describe('commands of nobody', () => {
  it('are refused whatever they are', async () => {
    const before = await api.store.head();
    const commands: [string, object][] = [
      [CREATE_TOKEN, { input: token }],
      [CREATE_POOL, { input: pool }],
      [SWAP, { input: swap }],
      [ADD_LIQUIDITY, { input: addition() }],
      [REMOVE_LIQUIDITY, { input: removal() }],
      [DEACTIVATE_TOKEN, { input: deactivation }],
      [SUBMIT_TRANSACTION, { commandId: UNKNOWN_ID, txHash: UNKNOWN_HASH }],
      [SUBMIT_SIGNATURE, { commandId: UNKNOWN_ID, signature: '0x12' }],
      [COMMAND, { id: UNKNOWN_ID }],
    ];
    for (const [document, variables] of commands) {
      const { extensions } = await api.client.refusal(document, variables);
      expect(extensions).toMatchObject({ code: 'UNAUTHENTICATED', field: 'authorization' });
    }
    expect(await api.store.head()).toBe(before);
  });
});

describe('commands that the state refuses', () => {
  const rejected = async (document: string, input: object) => {
    const { extensions } = await market.client.refusal(document, { input });
    const last = (await api.events(`user-${market.wallet.address.toLowerCase()}`)).at(-1);
    expect(last).toMatchObject({ type: 'CommandRejected', data: { code: extensions.code } });
    return [extensions.code, extensions.field];
  };

  it('leave their rejection in the log', async () => {
    expect(await rejected(CREATE_POOL, { ...pool, tokenB: TOKEN_B })).toEqual(['POOL_EXISTS', 'tokenB']);
    expect(await rejected(SWAP, { ...swap, amountIn: `${10n ** 24n}` })).toEqual([
      'INSUFFICIENT_BALANCE',
      'amountIn',
    ]);
    expect(await rejected(SWAP, { ...swap, amountOutMin: UNIT.toString() })).toEqual([
      'SLIPPAGE_EXCEEDED',
      'amountOutMin',
    ]);
    const client = await signIn(api.client, Wallet.createRandom());
    const { extensions } = await client.refusal(REMOVE_LIQUIDITY, { input: removal() });
    expect(extensions).toMatchObject({ code: 'INSUFFICIENT_BALANCE', field: 'liquidity' });
  });
});

describe('a document nested more deeply than a parser can go', () => {
  it.each([1_200, 2_400])('in %i lists is refused in words of the API', async (depth) => {
    const id = `${'['.repeat(depth)}1${']'.repeat(depth)}`;
    const { errors } = await api.client.send(`{ command(id: ${id}) { status } }`);
    const [error] = errors ?? [];
    expect(error?.extensions.code).toMatch(/^GRAPHQL_(PARSE|VALIDATION)_FAILED$/);
    expect(error?.message).not.toContain('call stack');
  });
});

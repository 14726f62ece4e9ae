import { userStream } from '@abland/domain';
import type { DomainEvent } from '@abland/kernel';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ADD_LIQUIDITY, CREATE_POOL, CREATE_TOKEN, REMOVE_LIQUIDITY, SWAP } from './documents.js';
import {
  createTokenInput,
  type Market,
  newKey as key,
  openMarket,
  TOKEN_A,
  TOKEN_B,
  TOKEN_C,
  UNIT,
} from './market-fixture.js';
import { CONTRACTS, startTestApi, type TestApi } from './test-api.js';
import { pausedUntilFact, pauseFact } from './test-chain.js';

let api: TestApi;
let market: Market;
const give = async (document: string, input: object) =>
  (await market.client.query(document, { input: { idempotencyKey: key(), ...input } })).receipt;
const refused = async (document: string, input: object) => {
  const { extensions } = await market.client.refusal(document, {
    input: { idempotencyKey: key(), ...input },
  });
  return [extensions.code, extensions.field];
};

beforeAll(async () => {
  api = await startTestApi();
  market = await openMarket(api);
});
afterAll(() => api.stop());

describe('while the contract of the pools is paused', () => {
  const set = async (type: 'Paused' | 'Unpaused') => {
    const facts = [pauseFact(type, market.wallet.address)];
    await api.chain.mine({ facts, txHash: api.chain.nextTxHash() });
    await api.settle();
  };
  beforeAll(() => set('Paused'));
  afterAll(() => set('Unpaused'));

  const swap = { tokenIn: TOKEN_A, tokenOut: TOKEN_B, amountIn: '1000' };
  const QUOTE = `query ($tokenIn: Address!, $tokenOut: Address!, $amountIn: BigIntString) {
    quote(tokenIn: $tokenIn, tokenOut: $tokenOut, amountIn: $amountIn) { amountOut }
  }`;

  it('what it would refuse is refused before anybody signs it, and a quote says so', async () => {
    const { extensions } = await api.client.refusal(QUOTE, swap);
    expect([extensions.code, extensions.field]).toEqual(['PAUSED', null]);
    const deposit = { poolId: market.poolId, amountADesired: '1000', amountBDesired: '1000' };
    const pool = { tokenA: TOKEN_A, tokenB: TOKEN_C, amountA: '10000', amountB: '10000' };
    expect(await refused(SWAP, swap)).toEqual(['PAUSED', null]);
    expect(await refused(ADD_LIQUIDITY, deposit)).toEqual(['PAUSED', null]);
    expect(await refused(CREATE_POOL, pool)).toEqual(['PAUSED', null]);
    const rejections = (await api.events(userStream(market.wallet.address))).slice(-3);
    expect(rejections.map(({ type, data }) => [type, data['code']])).toEqual([
      ['CommandRejected', 'PAUSED'],
      ['CommandRejected', 'PAUSED'],
      ['CommandRejected', 'PAUSED'],
    ]);
  });

  it('liquidity is still taken out, and tokens are still made', async () => {
    const removal = await give(REMOVE_LIQUIDITY, { poolId: market.poolId, liquidity: UNIT.toString() });
    expect(removal.status).toBe('ACCEPTED');
    expect((await give(CREATE_TOKEN, createTokenInput())).status).toBe('ACCEPTED');
  });

  it('its settings tell so, with their finality', async () => {
    const CONTRACTS_QUERY = '{ contracts { address paused owner finality { status blockNumber } } }';
    const { contracts } = await api.client.query(CONTRACTS_QUERY);
    expect(contracts).toEqual([
      expect.objectContaining({ address: CONTRACTS.tokenFactory, paused: false, owner: null }),
      expect.objectContaining({
        ...{ address: CONTRACTS.liquidityManager, paused: true },
        finality: { status: 'CONFIRMED', blockNumber: api.chain.number },
      }),
    ]);
  });
});

describe('a pause that ends by itself', () => {
  const swap = { tokenIn: TOKEN_A, tokenOut: TOKEN_B, amountIn: '1000' };
  const CONTRACTS_QUERY = '{ contracts { address paused pausedUntil } }';
  const ofManager = async () => {
    const { contracts } = await api.client.query(CONTRACTS_QUERY);
    return (contracts as { address: string }[]).find(({ address }) => address === CONTRACTS.liquidityManager);
  };
  const tell = async (...facts: readonly DomainEvent[]) => {
    await api.chain.mine({ facts, txHash: api.chain.nextTxHash() });
    await api.settle();
  };
  afterAll(() => tell(pauseFact('Unpaused', market.wallet.address)));

  it('is one until then, and none afterwards, without a word', async () => {
    const far = 4_000_000_000;
    await tell(pauseFact('Paused', market.wallet.address), pausedUntilFact(far));
    expect(await ofManager()).toMatchObject({
      paused: true,
      pausedUntil: new Date(far * 1000).toISOString(),
    });
    expect(await refused(SWAP, swap)).toEqual(['PAUSED', null]);
    await tell(pausedUntilFact(1_000));
    expect(await ofManager()).toMatchObject({ paused: false, pausedUntil: null });
    expect((await give(SWAP, swap)).status).toBe('ACCEPTED');
  });
});

describe('after a pause', () => {
  it('commands are accepted again', async () => {
    const swap = { tokenIn: TOKEN_A, tokenOut: TOKEN_B, amountIn: '1000' };
    expect((await give(SWAP, swap)).status).toBe('ACCEPTED');
  });
});

describe('where the time of the chain is ahead of the clock', () => {
  const swap = { tokenIn: TOKEN_A, tokenOut: TOKEN_B, amountIn: '1000' };
  const mineAhead = async (seconds: number) => {
    api.chain.aheadSeconds = seconds;
    await api.chain.mine();
    await api.settle();
  };
  const inMinutes = (minutes: number): string => new Date(api.clock() + minutes * 60_000).toISOString();

  it('a deadline that no block can be in time for is refused, and the usual one is later', async () => {
    await mineAhead(1_800);
    expect(await refused(SWAP, { ...swap, deadline: inMinutes(29) })).toEqual([
      'DEADLINE_EXPIRED',
      'deadline',
    ]);
    expect((await give(SWAP, { ...swap, deadline: inMinutes(31) })).status).toBe('ACCEPTED');
    const { deadline } = await give(SWAP, swap);
    const minutes = (Date.parse(deadline) - api.clock()) / 60_000;
    expect([minutes > 45, minutes <= 50]).toEqual([true, true]);
  });

  it('by more than a day, deadlines are counted from it', async () => {
    await mineAhead(90_000);
    const minutesAhead = 90_000 / 60;
    expect((await give(SWAP, swap)).status).toBe('ACCEPTED');
    const soon = { ...swap, deadline: inMinutes(minutesAhead + 5) };
    expect((await give(SWAP, soon)).status).toBe('ACCEPTED');
    expect(await refused(SWAP, { ...swap, deadline: inMinutes(5) })).toEqual([
      'DEADLINE_EXPIRED',
      'deadline',
    ]);
    const dayAfter = { ...swap, deadline: inMinutes(minutesAhead + 24 * 60 + 5) };
    expect(await refused(SWAP, dayAfter)).toEqual(['DEADLINE_TOO_FAR', 'deadline']);
  });
});

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type pg from 'pg';
import { Registry } from 'prom-client';
import { CREATE_POOL, DEACTIVATE_TOKEN, REMOVE_LIQUIDITY, SUBMIT_TRANSACTION, SWAP } from './documents.js';
import { type Market, newKey, openMarket, TOKEN_A, TOKEN_B, TOKEN_C, UNIT } from './market-fixture.js';
import { silentLogger } from '@abland/kernel';
import { openPool } from '@abland/postgres';
import { Wallet } from 'ethers';
import { type RunningApi, startApi } from '../src/index.js';
import { createClient, signIn } from './api-client.js';
import { holdReadModels } from './held-read-models.js';
import { startTestApi, type TestApi } from './test-api.js';
import { transferFact } from './test-chain.js';

let api: TestApi;
let market: Market;

beforeAll(async () => {
  api = await startTestApi();
  market = await openMarket(api);
});
afterAll(() => api.stop());

const withKey = (input: object) => ({ input: { idempotencyKey: newKey(), ...input } });
const give = async (document: string, input: object) =>
  (await market.client.query(document, withKey(input))).receipt;
const refusal = async (document: string, input: object) =>
  (await market.client.refusal(document, withKey(input))).extensions;
const send = async (commandId: string) => {
  await market.client.query(SUBMIT_TRANSACTION, { commandId, txHash: api.chain.nextTxHash() });
  await api.settle();
};
const letLapse = () => api.clock.advance(21 * 60_000);

const ALL_OF_A = 900_000n * UNIT;

/** Each takes all that there is to take. */
const COMMANDS = [
  ['swap', SWAP, () => ({ tokenIn: TOKEN_A, tokenOut: TOKEN_B, amountIn: ALL_OF_A.toString() })],
  ['removal', REMOVE_LIQUIDITY, () => ({ poolId: market.poolId, liquidity: (40_000n * UNIT).toString() })],
] as const;

describe.each(COMMANDS)('a second %s of the same', (_, document, input) => {
  beforeAll(letLapse);

  it('is accepted while the first waits for a wallet, which may never send it', async () => {
    expect((await give(document, input())).status).toBe('ACCEPTED');
    expect((await give(document, input())).status).toBe('ACCEPTED');
  });

  it('is refused while the first is on its way, and told what that takes', async () => {
    const { commandId } = await give(document, input());
    await send(commandId);
    const { code, details } = await refusal(document, input());
    const { committed, balance, needed } = details as Record<string, string>;
    expect(code).toBe('INSUFFICIENT_BALANCE');
    expect(committed).toBe(needed);
    expect(BigInt(String(balance))).toBeGreaterThanOrEqual(BigInt(String(needed)));
  });

  it('is accepted once the deadline of the first has passed', async () => {
    letLapse();
    expect((await give(document, input())).status).toBe('ACCEPTED');
  });
});

describe('a second pool of two tokens', () => {
  beforeAll(letLapse);

  it('is refused while the first is on its way', async () => {
    const pool = { tokenA: TOKEN_A, tokenB: TOKEN_C, amountA: '10000', amountB: '10000' };
    const { commandId } = await give(CREATE_POOL, pool);
    expect((await give(CREATE_POOL, pool)).status).toBe('ACCEPTED');
    await send(commandId);
    expect(await refusal(CREATE_POOL, pool)).toMatchObject({ code: 'POOL_PENDING', field: 'tokenB' });
    letLapse();
    expect((await give(CREATE_POOL, pool)).status).toBe('ACCEPTED');
  });
});

describe('deactivations of one token that come at the same moment', () => {
  it('are one, until its deadline has passed', async () => {
    const asked = [1, 2, 3].map(() =>
      market.client.send(DEACTIVATE_TOKEN, withKey({ tokenAddress: TOKEN_C })),
    );
    const codes = (await Promise.all(asked)).map(({ errors }) => errors?.[0]?.extensions.code ?? 'ACCEPTED');
    expect(codes.sort()).toEqual(['ACCEPTED', 'DEACTIVATION_PENDING', 'DEACTIVATION_PENDING']);
    letLapse();
    expect((await give(DEACTIVATE_TOKEN, { tokenAddress: TOKEN_C })).status).toBe('ACCEPTED');
  });
});

describe('what one process of several has accepted, and the read models do not have yet', () => {
  let other: Awaited<ReturnType<typeof startApi>>;
  let there: Market['client'];
  let letGo: () => Promise<void>;

  beforeAll(async () => {
    other = await startApi({ ...api.dependencies, metrics: new Registry() });
    there = await signIn(createClient(other.url), market.wallet);
  });
  beforeEach(async () => {
    letLapse();
    await api.settle();
    letGo = await holdReadModels(api);
  });
  afterEach(async () => {
    await letGo();
    await api.settle();
  });
  afterAll(() => other.stop());

  it.each(COMMANDS)('counts for another one: a %s that is on its way', async (_, document, input) => {
    const { commandId } = await give(document, input());
    await market.client.query(SUBMIT_TRANSACTION, { commandId, txHash: api.chain.nextTxHash() });
    for (const client of [there, market.client]) {
      const { extensions } = await client.refusal(document, withKey(input()));
      expect(extensions).toMatchObject({ code: 'INSUFFICIENT_BALANCE' });
    }
  });

  it('counts for others that are asked at the same moment, as one of them: a deactivation', async () => {
    const asked = [market.client, there, market.client, there, there, market.client].map((client) =>
      client.send(DEACTIVATE_TOKEN, withKey({ tokenAddress: TOKEN_C })),
    );
    const codes = (await Promise.all(asked)).map(({ errors }) => errors?.[0]?.extensions.code ?? 'ACCEPTED');
    expect(codes.sort()).toEqual(['ACCEPTED', ...codes.slice(1).fill('DEACTIVATION_PENDING')]);
  });

  it('is lost with the process that has the turn for no longer than a turn lasts', async () => {
    const held = (ms: number) =>
      api.pool.query(
        `INSERT INTO api.turns (key, holder, held_until)
         VALUES ($1, gen_random_uuid(), clock_timestamp() + $2 * interval '1 ms')`,
        [`${api.chain.chainId} ${market.wallet.address}`, ms],
      );
    await held(-1);
    expect((await give(DEACTIVATE_TOKEN, { tokenAddress: TOKEN_C })).status).toBe('ACCEPTED');
    await held(35_000); // longer than it is waited for
    expect(await refusal(DEACTIVATE_TOKEN, { tokenAddress: TOKEN_C })).toMatchObject({
      code: 'SERVICE_UNAVAILABLE',
    });
    await api.pool.query('DELETE FROM api.turns');
  });

  it('counts for another one: a deactivation', async () => {
    await give(DEACTIVATE_TOKEN, { tokenAddress: TOKEN_C });
    const { extensions } = await there.refusal(DEACTIVATE_TOKEN, withKey({ tokenAddress: TOKEN_C }));
    expect(extensions).toMatchObject({ code: 'DEACTIVATION_PENDING' });
  });
});

describe('a swap', () => {
  /** What each statement of an API's own connections names of the read models. */
  const read: string[][] = [];
  let pool: pg.Pool;
  let other: RunningApi;

  beforeAll(async () => {
    pool = openPool({ connectionString: api.databaseUrl, name: 'counted', max: 6, logger: silentLogger });
    pool.on('connect', (client) => {
      const query = client.query.bind(client) as (...given: unknown[]) => unknown;
      Object.assign(client, {
        query: (...given: unknown[]) => {
          const [first] = given as [string | { text?: string }];
          const text = typeof first === 'string' ? first : (first.text ?? '');
          const names = [...text.matchAll(/read_model"?\."?(\w+)/g)].map(([, name]) => name ?? '');
          read.push([...new Set(names)]);
          return query(...given);
        },
      });
    });
    other = await startApi({ ...api.dependencies, pool, readPool: pool, metrics: new Registry() });
  });
  afterAll(async () => {
    await other.stop();
    await pool.end();
  });

  it('reads each thing that it is judged by once, for the judgement and for the receipt', async () => {
    const wallet = Wallet.createRandom();
    const transfer = transferFact(TOKEN_A, market.wallet.address, wallet.address, UNIT);
    await api.chain.mine({ facts: [transfer], txHash: api.chain.nextTxHash() });
    await api.settle();
    const client = await signIn(createClient(other.url), wallet);
    const input = { idempotencyKey: newKey(), tokenIn: TOKEN_A, tokenOut: TOKEN_B, amountIn: `${UNIT}` };
    read.length = 0;
    const { receipt } = await client.query(SWAP, { input });
    expect(receipt).toMatchObject({ status: 'ACCEPTED', approvals: [{ amount: `${UNIT}` }] });
    const judgedBy = ['allowances', 'contract_settings', 'holdings', 'pools', 'requests', 'tokens'];
    const statements = read.filter((names) => names.some((name) => judgedBy.includes(name)));
    expect(statements.map((names) => names.sort().join(' ')).sort()).toEqual([
      ...['allowances tokens', 'contract_settings', 'holdings', 'pools', 'requests', 'token_supplies tokens'],
    ]);
  });
});

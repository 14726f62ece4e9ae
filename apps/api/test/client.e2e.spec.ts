import {
  AblandClient,
  ApiRefusal,
  ApiUnreachable,
  type Change,
  FollowSwapsDocument,
  type FollowSwapsSubscription,
  hasCode,
  NowDocument,
  QuoteDocument,
  WrongSignatureRequest,
} from '@abland/client';
import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { userStream } from '@abland/domain';
import { until } from '@abland/testing';
import { SeededRandom } from '@abland/testing/seeded-random';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type BaseWallet, Wallet } from 'ethers';
import { parse } from 'graphql';
import { CONTRACTS } from './contracts.js';
import {
  type Market,
  newKey,
  openMarket,
  RESERVE_A,
  RESERVE_B,
  TOKEN_A,
  TOKEN_B,
  UNIT,
} from './market-fixture.js';
import { SeverableProxy } from './severable-proxy.js';
import { PUBLIC_URL, startTestApi, type TestApi } from './test-api.js';
import { swapFacts } from './test-chain.js';

const MINUTE_MS = 60_000;
const RETRIES = { attemptsMax: 20, pauseMs: 20, pauseMsMax: 200 };

let api: TestApi;
let market: Market;
let proxy: SeverableProxy;
const clients: AblandClient[] = [];
beforeAll(async () => {
  api = await startTestApi({ config: { sessionSettings: { accessTokenMs: MINUTE_MS } } });
  market = await openMarket(api);
  proxy = await SeverableProxy.to(api.client.url);
});
afterAll(async () => {
  for (const client of clients) await client.close();
  await proxy.close();
  await api.stop();
});

function clientOf(options: object = {}): AblandClient {
  const client = new AblandClient({
    url: proxy.url,
    site: new URL(PUBLIC_URL).host,
    retries: RETRIES,
    ...options,
  });
  clients.push(client);
  return client;
}
const documentOf = (text: string) => parse(text) as TypedDocumentNode<Record<string, never>, object>;
const ME = documentOf('{ me { address } }');
const UPDATE = documentOf(
  'mutation ($input: UpdateProfileInput!) { updateProfile(input: $input) { address } }',
);
const CONFIRM = documentOf('mutation ($on: Boolean!) { setActConfirmation(on: $on) { on } }');
const LEAVE = documentOf('mutation { signOutEverywhere { ended } }');
const refusalOf = async (asked: Promise<unknown>): Promise<unknown> =>
  asked.then(
    () => 'answered',
    (error: unknown) => error,
  );

describe('the client', () => {
  it('signs in, and stays signed in when its token expires and when its session was ended', async () => {
    const [client, wallet] = [clientOf(), Wallet.createRandom()];
    expect(await refusalOf(client.ask(ME, {}))).toMatchObject({ code: 'UNAUTHENTICATED' });
    await client.signIn(wallet);
    const me = { me: { address: wallet.address } };
    expect(await client.ask(ME, {})).toEqual(me);
    api.clock.advance(2 * MINUTE_MS);
    expect(await Promise.all([client.ask(ME, {}), client.ask(ME, {})])).toEqual([me, me]);
    await client.ask(LEAVE, {});
    expect(await client.ask(ME, {})).toEqual(me);
    const types = (await api.events(userStream(wallet.address))).map(({ type }) => type);
    expect(types.filter((type) => /^Session/.test(type))).toEqual([
      ...['SessionStarted', 'SessionRefreshed', 'SessionEnded', 'SessionStarted'],
    ]);
    await client.signOut();
    expect(await refusalOf(client.ask(ME, {}))).toMatchObject({ code: 'UNAUTHENTICATED' });
  });

  it('asks again what may be asked again where no answer comes, so often and no more', async () => {
    const client = clientOf();
    proxy.refusing = 3;
    proxy.sever();
    expect((await client.ask(NowDocument, {}))._meta.position).toBeDefined();
    expect(proxy.refusing).toBe(0);
    const hasty = clientOf({ retries: { ...RETRIES, attemptsMax: 2 } });
    proxy.refusing = 2;
    proxy.sever();
    expect(await refusalOf(hasty.ask(NowDocument, {}))).toBeInstanceOf(ApiUnreachable);
    expect(proxy.refusing).toBe(0);
    // What has no key of its own is sent once.
    proxy.refusing = 1;
    proxy.sever();
    expect(await refusalOf(client.ask(LEAVE, {}))).toBeInstanceOf(ApiUnreachable);
    expect(proxy.refusing).toBe(0);
  });

  it('tells refusals by their code, field and details', async () => {
    const error = await refusalOf(
      clientOf().ask(QuoteDocument, { tokenIn: TOKEN_A, tokenOut: TOKEN_A, amountIn: '1' }),
    );
    expect(error).toBeInstanceOf(ApiRefusal);
    expect(hasCode(error, 'IDENTICAL_TOKENS')).toBe(true);
    expect(hasCode(error, 'UNKNOWN_TOKEN')).toBe(false);
    expect((error as ApiRefusal).correlationId).toBeTruthy();
  });

  it('confirms acts that take its wallet’s word, and no other than it asked for', async () => {
    const [client, wallet] = [clientOf(), Wallet.createRandom()];
    await client.signIn(wallet);
    await client.ask(CONFIRM, { on: true });
    const input = { idempotencyKey: newKey(), displayName: 'Ada' };
    expect(await client.ask(UPDATE, { input })).toEqual({ updateProfile: { address: wallet.address } });
    const types = (await api.events(userStream(wallet.address))).map(({ type }) => type);
    expect(types.slice(-2)).toEqual(['ActConfirmed', 'ProfileUpdated']);
    // A document that asks for something else than it shows first is not signed.
    const hidden = documentOf(`mutation ($input: UpdateProfileInput!) {
      signOut { ended }
      updateProfile(input: $input) { address }
    }`);
    const again = { input: { ...input, idempotencyKey: newKey() } };
    expect(await refusalOf(client.ask(hidden, again))).toBeInstanceOf(WrongSignatureRequest);
    // Nor is anything signed for a site that is another.
    const elsewhere = clientOf({ site: 'ab.land' });
    expect(await refusalOf(elsewhere.signIn(wallet))).toBeInstanceOf(WrongSignatureRequest);
  });

  it('gives a command once by its key, and tells where it is', async () => {
    const client = clientOf();
    await client.signIn(market.wallet as BaseWallet);
    const input = { idempotencyKey: newKey(), tokenIn: TOKEN_A, tokenOut: TOKEN_B, amountIn: `${UNIT}` };
    const receipt = await client.give('swap', input);
    expect(receipt).toMatchObject({ status: 'ACCEPTED', kind: 'SWAP' });
    expect((await client.give('swap', input)).commandId).toBe(receipt.commandId);
    await expect(client.untilStatus(receipt.commandId, { withinMs: 300 })).rejects.toMatchObject({
      name: 'CommandLate',
    });
  });

  it('follows through every cut and reorg: each message once, and what stands is what the tables have', async () => {
    const client = clientOf();
    await client.signIn(Wallet.createRandom());
    const random = new SeededRandom(815);
    const end = new AbortController();
    const got: FollowSwapsSubscription['change'][] = [];
    let isOver = false;
    const begun = api.chain.number;
    const { _meta } = await client.ask(NowDocument, {});
    const following = (async () => {
      const filter = { poolId: market.poolId };
      const since = String(_meta.position);
      for await (const { change } of client.follow(FollowSwapsDocument, { filter, since }, end.signal)) {
        got.push(change);
        isOver ||= change.swaps.some(({ amountIn }) => amountIn === '4321');
        if (isOver) break;
      }
    })();
    let mined = begun;
    let cuts = 0;
    for (let step = 0; step < 30; step += 1) {
      const before = got.length;
      if (mined > begun && random.chance(0.3)) {
        const depth = 1 + random.below(Math.min(3, mined - begun));
        await api.chain.revert(depth);
        mined -= depth;
      } else mined = await api.chain.mine(...Array.from({ length: 1 + random.below(2) }, () => swapOf()));
      // Some connections bring something before they are cut, and some bring nothing.
      if (random.chance(0.5)) await until(() => got.length > before);
      if (random.chance(0.1)) api.clock.advance(MINUTE_MS); // the token expires: the socket is closed with 4471
      if (random.chance(0.6)) {
        proxy.sever();
        cuts += 1;
      }
    }
    expect(cuts).toBeGreaterThan(10);
    await api.chain.mine(swapOf(4_321n));
    await following;
    expect(new Set(got.map(({ cursor }) => cursor)).size).toBe(got.length);
    const standing = new Map<string, string>();
    for (const { retraction, swaps } of got) {
      for (const id of retraction?.ids ?? []) expect(standing.delete(id)).toBe(true);
      for (const { amountIn, id } of swaps) {
        expect(standing.has(id)).toBe(false);
        standing.set(id, amountIn);
      }
    }
    const { rows } = await api.pool.query<{ id: string; amount: string }>(
      `SELECT chain_id || '-' || block_number || '-' || log_index AS id, amount_in::text AS amount
       FROM read_model.swaps WHERE block_number > $1 ORDER BY block_number, log_index`,
      [begun],
    );
    expect([...standing].toSorted()).toEqual(rows.map(({ amount, id }) => [id, amount]).toSorted());
  });

  it('is refused to follow what is none, at once', async () => {
    const client = clientOf();
    await client.signIn(Wallet.createRandom());
    const follow = async (variables: object): Promise<Change[]> => {
      const changes: Change[] = [];
      for await (const { change } of client.follow(FollowSwapsDocument, variables)) changes.push(change);
      return changes;
    };
    expect(await refusalOf(follow({ after: 'nonsense' }))).toMatchObject({ code: 'INVALID_PAGINATION' });
    const nobody = clientOf({ retries: { ...RETRIES, attemptsMax: 2 } });
    const told = async () => {
      for await (const _ of nobody.follow(FollowSwapsDocument, { since: '1' })) return;
    };
    expect(await refusalOf(told())).toBeInstanceOf(ApiUnreachable);
  });
});

let [reserveA, reserveB] = [RESERVE_A, RESERVE_B];
const swapOf = (amountIn = UNIT) => {
  const amountOut = amountIn / 3n;
  [reserveA, reserveB] = [reserveA + amountIn, reserveB - amountOut];
  return {
    txHash: api.chain.nextTxHash(),
    facts: swapFacts({
      ...{ poolId: market.poolId, user: market.wallet.address, manager: CONTRACTS.liquidityManager },
      ...{ tokenIn: TOKEN_A, tokenOut: TOKEN_B, amountIn, amountOut, reserveA, reserveB },
    }),
  };
};

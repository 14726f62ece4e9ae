import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { API_KEYS_MAX, userStream } from '@abland/domain';
import { type Logger, silentLogger } from '@abland/kernel';
import { eventually } from '@abland/testing';
import { type BaseWallet, Wallet } from 'ethers';
import { NO_RATE_LIMITS } from '../src/rate-limits/rate-limit.js';
import { apiKeyTextOf, newApiKeySecret, parseApiKeyText } from '../src/sessions/api-key-text.js';
import { type ApiClient, signIn, signInTokens } from './api-client.js';
import { CREATE_TOKEN, ERASE_MY_DATA } from './documents.js';
import { createTokenInput, newKey } from './market-fixture.js';
import { OtherProcesses } from './other-processes.js';
import { SubscriptionClient } from './subscription-client.js';
import { startTestApi, type TestApi } from './test-api.js';

const KEY = '{ keyId start scopes rateClass createdAt expiresAt lastUsedAt }';
const CREATE = `mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { key apiKey ${KEY} } }`;
const REVOKE = 'mutation ($keyId: Uuid!) { revokeApiKey(keyId: $keyId) { keyId } }';
const RATE = 'mutation ($input: ApiKeyRateInput!) { setApiKeyRate(input: $input) { keyId rateClass } }';
const REVOKE_OF = 'mutation ($input: RevokeApiKeysOfInput!) { revokeApiKeysOf(input: $input) { ended } }';
const OUT = `mutation ($keep: Boolean!) { signOutEverywhere(keepApiKeys: $keep) { ended apiKeysEnded } }`;
const REFRESH =
  'mutation ($refreshToken: String!) { refreshSession(refreshToken: $refreshToken) { refreshToken } }';
const KEYS = `{ apiKeys ${KEY} }`;
const ME = '{ me { address } }';
const VIEWER = '{ viewer { permissions } }';
const INTERNAL = '{ operations(first: 1) { edges { node { id } } } }';
const PIPELINE = 'subscription { pipeline { logHead } }';
const DAY_MS = 24 * 60 * 60 * 1000;
const GENERAL = { count: 120, seconds: 3_600 };

const admin = Wallet.createRandom();
const logged: string[] = [];
const logger: Logger = (() => {
  const write = (...parts: readonly unknown[]): void => void logged.push(JSON.stringify(parts, plain));
  const listening = {
    ...{ ...silentLogger, debug: write, info: write, warn: write, error: write },
    child: () => listening,
  };
  return listening;
})();
const plain = (_key: string, value: unknown): unknown =>
  typeof value === 'bigint' ? value.toString() : value instanceof Error ? String(value.stack) : value;

let api: TestApi;
const others = new OtherProcesses(() => api);
beforeAll(async () => {
  const rateLimits = { ...NO_RATE_LIMITS, general: GENERAL };
  api = await startTestApi({ logger, config: { operators: [admin.address], rateLimits } });
});
afterAll(async () => {
  await others.stop();
  await api.stop();
});

interface Person {
  readonly wallet: BaseWallet;
  readonly client: ApiClient;
}
interface Made {
  readonly key: string;
  readonly keyId: string;
  readonly client: ApiClient;
}
async function person(wallet: BaseWallet = Wallet.createRandom()): Promise<Person> {
  return { wallet, client: await signIn(api.client, wallet) };
}
async function make({ client }: Person, input: object = {}): Promise<Made> {
  const { key, apiKey } = (await client.query(CREATE, { input })).createApiKey;
  return { key, keyId: apiKey.keyId, client: api.client.as(key) };
}
const codeOf = async (client: ApiClient, query: string, variables: object = {}): Promise<unknown> => {
  const { code, details } = (await client.refusal(query, variables)).extensions;
  return details['reason'] ?? code;
};
const typesOf = async ({ wallet }: Person): Promise<readonly string[]> =>
  (await api.events(userStream(wallet.address))).map(({ type }) => type);

describe('an API key', () => {
  it('lets its person in, is told once, and is listed without its secret', async () => {
    const ada = await person();
    const made = (await ada.client.query(CREATE, { input: { scopes: ['COMMANDS'], expiresInDays: 7 } }))
      .createApiKey;
    const { start } = made.apiKey;
    expect(made.key.startsWith(start)).toBe(true);
    expect(made.apiKey).toMatchObject({ scopes: ['COMMANDS'], rateClass: 'SHARED', lastUsedAt: null });
    expect(Date.parse(made.apiKey.expiresAt) - Date.parse(made.apiKey.createdAt)).toBe(7 * DAY_MS);
    expect((await api.client.as(made.key).query(ME)).me.address).toBe(ada.wallet.address);
    const second = await make(ada);
    const { apiKeys } = await ada.client.query(KEYS);
    expect(apiKeys.map(({ keyId }: Made) => keyId)).toEqual([second.keyId, made.apiKey.keyId]);

    const secret = parseApiKeyText(made.key)?.secret ?? Buffer.alloc(0);
    const stored = JSON.stringify(await api.events(userStream(ada.wallet.address)), plain);
    expect(stored).toContain(made.apiKey.keyId);
    for (const kept of [stored, JSON.stringify(apiKeys)])
      for (const form of [made.key, secret.toString('hex'), secret.toString('base64url')])
        expect(kept).not.toContain(form);
  });

  it('tells in which hour it was last used', async () => {
    const ada = await person();
    const { client, keyId } = await make(ada);
    await client.query(ME);
    const hour = new Date(api.clock());
    hour.setUTCMinutes(0, 0, 0);
    await eventually(async () =>
      expect((await ada.client.query(KEYS)).apiKeys).toMatchObject([
        { keyId, lastUsedAt: hour.toISOString() },
      ]),
    );
  });

  it('gives commands with that scope alone, and opens nothing that takes a session', async () => {
    const ada = await person();
    const [reading, trading] = [await make(ada), await make(ada, { scopes: ['COMMANDS'] })];
    const input = createTokenInput();
    expect(await codeOf(reading.client, CREATE_TOKEN, { input })).toBe('KEY_SCOPE');
    await trading.client.query(CREATE_TOKEN, { input });
    const before = await typesOf(ada);
    const address = ada.wallet.address;
    for (const [query, variables] of [
      [CREATE, { input: {} }],
      [REVOKE, { keyId: reading.keyId }],
      [KEYS, {}],
      ['{ sessions { sessionId } }', {}],
      ['mutation { signOutEverywhere { ended } }', {}],
      [ERASE_MY_DATA, { input: { idempotencyKey: newKey(), confirmAddress: address } }],
      [
        'mutation ($input: RoleInput!) { grantRole(input: $input) { address } }',
        { input: { address, role: 'ADMIN', reason: 'Only tried' } },
      ],
    ] as const)
      expect(await codeOf(trading.client, query, variables)).toBe('SESSION_NEEDED');
    expect(await typesOf(ada)).toEqual(before);
  });

  it('reads what its person’s roles let them read with that scope alone, and acts on nothing', async () => {
    const first = await person(admin);
    const [plainKey, internal] = [await make(first), await make(first, { scopes: ['READ_INTERNAL'] })];
    expect(await codeOf(plainKey.client, INTERNAL)).toBe('KEY_SCOPE');
    expect(await codeOf(plainKey.client, '{ explain(table: "users", key: ["x"]) { table } }')).toBe(
      'KEY_SCOPE',
    );
    await internal.client.query(INTERNAL);
    expect(await internal.client.query(VIEWER)).toEqual({ viewer: { permissions: ['READ_INTERNAL'] } });
    expect(await plainKey.client.query(VIEWER)).toEqual({ viewer: { permissions: [] } });
    const input = { idempotencyKey: newKey(), projection: 'users', reason: 'Only tried' };
    const act = 'mutation ($input: BuildActInput!) { pauseProjection(input: $input) { operationId } }';
    expect(await codeOf(internal.client, act, { input })).toBe('SESSION_NEEDED');
    const nobody = await make(await person(), { scopes: ['READ_INTERNAL'] });
    expect(await codeOf(nobody.client, INTERNAL)).toBe('NOT_AN_OPERATOR');
  });

  it('is over when it is revoked, when it expires, and with the erasure of its person', async () => {
    const ada = await person();
    const [revoked, short, last] = [await make(ada), await make(ada, { expiresInDays: 1 }), await make(ada)];
    await revoked.client.query(ME);
    await ada.client.query(REVOKE, { keyId: revoked.keyId });
    expect(await codeOf(revoked.client, ME)).toBe('KEY_REFUSED');
    expect(await codeOf(ada.client, REVOKE, { keyId: revoked.keyId })).toBe('UNKNOWN_API_KEY');
    await short.client.query(ME);
    api.clock.advance(DAY_MS);
    expect(await codeOf(short.client, ME)).toBe('KEY_REFUSED');
    await last.client.query(ME);
    const again = await person(ada.wallet);
    const input = { idempotencyKey: newKey(), confirmAddress: ada.wallet.address };
    await again.client.query(ERASE_MY_DATA, { input });
    expect(await codeOf(last.client, ME)).toBe('KEY_REFUSED');
    await person(ada.wallet);
    expect(await codeOf(last.client, ME)).toBe('KEY_REFUSED');
  });

  it('that somebody made who was let in by a stolen session ends with what ends that for them', async () => {
    const wallet = Wallet.createRandom();
    const before = await make(await person(wallet));
    const stolen = await signInTokens(api.client, wallet);
    const thiefs = await make({ wallet, client: api.client.as(stolen.token) });
    for (const { client } of [before, thiefs]) await client.query(ME);
    const refreshToken = (await api.client.query(REFRESH, stolen)).refreshSession;
    await api.client.query(REFRESH, refreshToken);
    expect(await codeOf(api.client, REFRESH, stolen)).toBe('REFRESH_TOKEN_REUSED');
    expect(await codeOf(thiefs.client, ME)).toBe('KEY_REFUSED');
    await before.client.query(ME);

    const again = await person(wallet);
    expect(await again.client.query(OUT, { keep: true })).toMatchObject({
      signOutEverywhere: { apiKeysEnded: 0 },
    });
    await before.client.query(ME);
    const third = await person(wallet);
    await make(third);
    expect(await third.client.query(OUT, { keep: false })).toEqual({
      signOutEverywhere: { ended: 1, apiKeysEnded: 2 },
    });
    expect(await codeOf(before.client, ME)).toBe('KEY_REFUSED');
    const fourth = await person(wallet);
    const { client } = await make(fourth);
    expect(await fourth.client.query('mutation { revokeApiKeys { ended } }')).toEqual({
      revokeApiKeys: { ended: 1 },
    });
    expect(await codeOf(client, ME)).toBe('KEY_REFUSED');
    expect((await fourth.client.query(KEYS)).apiKeys).toEqual([]);
  });

  it('is ended by an operator with a reason, on its sockets too, and who is none is on record', async () => {
    const [ada, bob] = [await person(), await person()];
    const [one, other] = [await make(ada), await make(ada)];
    const authorization = `Bearer ${other.key}`;
    const socket = await SubscriptionClient.connect(api.client.url, { authorization });
    await socket.message(({ type }) => type === 'connection_ack');
    const input = { address: ada.wallet.address, keyId: one.keyId, reason: 'It was left lying about' };
    expect(await codeOf(bob.client, REVOKE_OF, { input })).toBe('NOT_AN_OPERATOR');
    expect(await typesOf(bob)).toContain('CommandRejected');
    await one.client.query(ME);
    const operator = await person(admin);
    expect(await operator.client.query(REVOKE_OF, { input })).toEqual({ revokeApiKeysOf: { ended: 1 } });
    expect(await codeOf(one.client, ME)).toBe('KEY_REFUSED');
    await other.client.query(ME);
    const all = { address: ada.wallet.address, reason: 'All of them were' };
    expect(await operator.client.query(REVOKE_OF, { input: all })).toEqual({ revokeApiKeysOf: { ended: 1 } });
    expect((await socket.closed).code).toBe(4401);
    const ended = (await api.events(userStream(ada.wallet.address))).filter(
      ({ type }) => type === 'ApiKeyEnded',
    );
    expect(ended.map(({ data }) => data)).toMatchObject([
      { keyId: one.keyId, why: 'BY_OPERATOR', endedBy: admin.address, reason: input.reason },
      { keyId: other.keyId, why: 'BY_OPERATOR', endedBy: admin.address, reason: all.reason },
    ]);
  });

  it('that a session may have made ends where its person revokes that session from another', async () => {
    const wallet = Wallet.createRandom();
    const before = await make(await person(wallet));
    const stolen = await signInTokens(api.client, wallet);
    const thiefs = await make({ wallet, client: api.client.as(stolen.token) });
    const owner = await person(wallet);
    const { sessions } = await owner.client.query('{ sessions { sessionId } }');
    const REVOKE_SESSION = 'mutation ($id: Uuid!) { revokeSession(sessionId: $id) { ended apiKeysEnded } }';
    // The newest is the owner's own.
    const revoked = await owner.client.query(REVOKE_SESSION, { id: sessions[1].sessionId });
    expect(revoked).toEqual({ revokeSession: { ended: 1, apiKeysEnded: 1 } });
    expect(await codeOf(thiefs.client, ME)).toBe('KEY_REFUSED');
    await before.client.query(ME);
  });

  it('that is made up costs one look into the log', async () => {
    const ada = await person();
    const looks: string[] = [];
    const store = new Proxy(api.dependencies.store, {
      get(target, name) {
        if (name === 'aggregates') return undefined; // each look is at the stream
        const found: unknown = Reflect.get(target, name);
        if (typeof found !== 'function') return found;
        return (...given: readonly unknown[]): unknown => {
          if (name === 'readStream' || name === 'readStreamBackwards') looks.push(String(given[0]));
          return (found as (...given: readonly unknown[]) => unknown).apply(target, [...given]);
        };
      },
    });
    const client = await others.start({}, { store });
    for (const address of [ada.wallet.address, Wallet.createRandom().address]) {
      const stream = userStream(address);
      for (const times of [1, 2]) {
        const forged = apiKeyTextOf({ keyId: randomUUID(), address, secret: newApiKeySecret() });
        expect(await codeOf(client.as(forged), ME)).toBe('KEY_REFUSED');
        expect(looks.filter((one) => one === stream)).toHaveLength(times);
      }
    }
  });

  it('that is none lets nobody in, whatever of a true one it has', async () => {
    const [ada, bob] = [await person(), await person()];
    const { key, keyId } = await make(ada);
    const { address } = ada.wallet;
    const theirs = await make(bob);
    for (const forged of [
      `${key.slice(0, -1)}${key.endsWith('A') ? 'B' : 'A'}`,
      apiKeyTextOf({ keyId, address, secret: newApiKeySecret() }),
      apiKeyTextOf({ keyId, address: bob.wallet.address, secret: parseApiKeyText(key)?.secret as Buffer }),
      apiKeyTextOf({ keyId: theirs.keyId, address, secret: parseApiKeyText(theirs.key)?.secret as Buffer }),
      'ablk_',
      `ablk_${'A'.repeat(96)}`,
    ])
      expect(await codeOf(api.client.as(forged), ME)).toBe('KEY_REFUSED');
    // Public things are told to whoever asks, with a bad key too.
    expect(await api.client.as('ablk_').query('{ __typename }')).toEqual({ __typename: 'Query' });
    expect(await codeOf(bob.client, REVOKE, { keyId })).toBe('UNKNOWN_API_KEY');
    await api.client.as(key).query(ME);
  });

  it.each([[{ expiresInDays: 0 }], [{ expiresInDays: 366 }], [{ scopes: ['ALL'] }]])(
    'is not made with %j',
    async (input) => {
      const ada = await person();
      const before = await typesOf(ada);
      expect(['INVALID_ARGUMENT', 'GRAPHQL_VALIDATION_FAILED']).toContain(
        await codeOf(ada.client, CREATE, { input }),
      );
      expect(await typesOf(ada)).toEqual(before);
    },
  );

  it('is one of twenty at most', async () => {
    const ada = await person();
    for (let count = 0; count < API_KEYS_MAX; count += 1) await make(ada);
    expect(await codeOf(ada.client, CREATE, { input: {} })).toBe('TOO_MANY_API_KEYS');
  });

  it('is heeded by every process, at once by the one that revoked it, on sockets too', async () => {
    const [there, deaf] = [await others.start(), await others.startDeaf()];
    const first = await person(admin);
    const { key, keyId } = await make(first, { scopes: ['READ_INTERNAL'] });
    for (const client of [there, deaf]) await client.as(key).query(ME);
    const socket = await SubscriptionClient.connect(there.url, { authorization: `Bearer ${key}` });
    await socket.message(({ type }) => type === 'connection_ack');
    socket.subscribe('1', PIPELINE);
    await socket.message(({ type }) => type === 'next');

    await (await signIn(deaf, admin)).query(REVOKE, { keyId });
    expect(await codeOf(deaf.as(key), ME)).toBe('KEY_REFUSED');
    await eventually(async () => expect(await codeOf(there.as(key), ME)).toBe('KEY_REFUSED'));
    expect((await socket.closed).code).toBe(4401);
    const refused = await SubscriptionClient.connect(there.url, { authorization: `Bearer ${key}` });
    expect((await refused.closed).code).toBe(4403);
  });

  it('counts with its person, until an admin lets it ask more often', async () => {
    const ada = await person();
    const { client, key, keyId } = await make(ada);
    const asks = async (count: number): Promise<readonly number[]> => {
      const answers: number[] = [];
      for (let asked = 0; asked < count; asked += 1)
        answers.push((await client.send('{ __typename }')).status);
      return answers;
    };
    await asks(GENERAL.count);
    expect((await asks(1))[0]).toBe(429);
    expect((await ada.client.refusal(ME)).extensions.code).toBe('RATE_LIMITED');
    const authorization = `Bearer ${key}`;
    const socket = await SubscriptionClient.connect(api.client.url, { authorization });
    const told = async (id: string): Promise<string> => {
      socket.subscribe(id, PIPELINE);
      const { payload } = await socket.message((message) => message.id === id);
      const [error] = payload.errors ?? payload;
      return error.extensions.code as string;
    };
    await socket.message(({ type }) => type === 'connection_ack');
    expect(await told('1')).toBe('RATE_LIMITED');

    const input = { address: ada.wallet.address, keyId, rateClass: 'RAISED', reason: 'A market-data site' };
    expect(await codeOf((await person()).client, RATE, { input })).toBe('NOT_AN_ADMIN');
    const first = await person(admin);
    expect(await first.client.query(RATE, { input })).toEqual({
      setApiKeyRate: { keyId, rateClass: 'RAISED' },
    });
    expect(new Set(await asks(GENERAL.count + 1))).toEqual(new Set([200]));
    expect(await told('2')).toBe('FORBIDDEN'); // it is not for them, and it is not too much
    await first.client.query(RATE, { input: { ...input, rateClass: 'SHARED' } });
    expect(await told('3')).toBe('RATE_LIMITED');
    socket.socket.close();
    expect((await ada.client.refusal(ME)).extensions.code).toBe('RATE_LIMITED');
  });

  it('is in no line that programs write', async () => {
    const ada = await person();
    const { client, key, keyId } = await make(ada);
    await client.query(ME);
    await client.send('{ nothing }');
    await fetch(`${api.client.url}/graphql?query=${encodeURIComponent('{ me { address } }')}&key=${key}`, {
      headers: { authorization: `Bearer ${key}`, 'apollo-require-preflight': '1' },
    });
    await fetch(`${api.client.url}/nothing`, { headers: { authorization: `Bearer ${key}` } });
    const socket = await SubscriptionClient.connect(api.client.url, { authorization: `Bearer ${key}x` });
    await socket.closed;
    await ada.client.query(REVOKE, { keyId });
    await codeOf(client, ME);
    expect(logged.length).toBeGreaterThan(0);
    const secret = parseApiKeyText(key)?.secret ?? Buffer.alloc(0);
    for (const form of [key, key.slice(13, 60), secret.toString('hex'), secret.toString('base64url')])
      expect(logged.filter((line) => line.includes(form))).toEqual([]);
  });
});

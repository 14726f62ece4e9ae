import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { DatabaseUnavailableError } from '@abland/postgres';
import { eventually } from '@abland/testing';
import { Wallet } from 'ethers';
import { decodeJwt } from 'jose';
import { Registry } from 'prom-client';
import { WebSocket } from 'ws';
import { startApi } from '../src/index.js';
import { MemoryRateCounter } from '../src/rate-limits/memory-rate-counter.js';
import { NO_RATE_LIMITS, type RateCounter } from '../src/rate-limits/rate-limit.js';
import { USUAL_SESSION_SETTINGS } from '../src/sessions/session-settings.js';
import { signingKeys } from '../src/sessions/signing-keys.js';
import { Tokens } from '../src/sessions/tokens.js';
import { type ApiClient, REFRESH_SESSION, signInToken, signInTokens } from './api-client.js';
import { CREATE_TOKEN, ERASE_MY_DATA, SUBMIT_TRANSACTION } from './documents.js';
import { holdReadModels } from './held-read-models.js';
import { SubscriptionClient } from './subscription-client.js';
import { createTokenInput as token } from './market-fixture.js';
import { confirm } from './settle-request.js';
import { JWT_SECRET, startTestApi, type TestApi } from './test-api.js';
import { tokenFacts } from './test-chain.js';

const COMMANDS = `subscription ($chainId: Int) {
  commands(chainId: $chainId) { commandId chainId status txHash finality { status confirmations } }
}`;
const UNIT = 10n ** 18n;

let api: TestApi;
let wallet: ReturnType<typeof Wallet.createRandom>;
let jwt: string;
let client: ApiClient;
const opened: SubscriptionClient[] = [];

async function live(authorization: string | null = `Bearer ${jwt}`): Promise<SubscriptionClient> {
  const payload = authorization === null ? undefined : { authorization };
  const connected = await SubscriptionClient.connect(api.client.url, payload);
  opened.push(connected);
  return connected;
}
async function comeBack(): Promise<void> {
  jwt = await signInToken(api.client, wallet);
  client = api.client.as(jwt);
}
async function following(variables: object = {}): Promise<SubscriptionClient> {
  const connected = await live();
  await connected.message(({ type }) => type === 'connection_ack');
  connected.subscribe('1', COMMANDS, variables);
  const { commandId } = await give();
  await connected.untilTold(() => submit(commandId));
  return connected;
}
const tokens = new Tokens(signingKeys(JWT_SECRET), USUAL_SESSION_SETTINGS);
/** An access token of the same session that is good for other seconds. */
async function lasting(token: string, seconds: number): Promise<string> {
  const claims = await tokens.verify('access', token, 1_000 * Number(decodeJwt(token).iat));
  if (typeof claims === 'string') throw new Error(claims);
  const now = api.clock();
  return tokens.sign('access', { ...claims, expiresAt: new Date(now + seconds * 1_000) }, now);
}
const is =
  (commandId: string, status: string) =>
  (message: { type: string; payload?: { data?: { commands?: { commandId: string; status: string } } } }) =>
    message.type === 'next' &&
    message.payload?.data?.commands?.commandId === commandId &&
    message.payload.data.commands.status === status;
const give = async (by: ApiClient = client) =>
  (await by.query(CREATE_TOKEN, { input: token({ decimals: 18 }) })).receipt;
const submit = async (commandId: string): Promise<string> => {
  const txHash = api.chain.nextTxHash();
  await client.query(SUBMIT_TRANSACTION, { commandId, txHash });
  return txHash;
};

beforeAll(async () => {
  api = await startTestApi({
    config: {
      sessionSettings: USUAL_SESSION_SETTINGS,
      subscriptionLimits: {
        pendingMax: 3,
        followingMax: 2,
        socketsPerPersonMax: 30,
        strangersPerNetworkMax: 35,
      },
    },
  });
  wallet = Wallet.createRandom();
  await comeBack();
});
afterAll(async () => {
  for (const { socket } of opened) socket.terminate();
  await api.stop();
});

describe('the subscription to commands', () => {
  it('closes the socket of who sends more than a message may have, and lets no stranger write to the console', async () => {
    const console = jest.spyOn(globalThis.console, 'error').mockReturnValue();
    // It has not even said who it is.
    const socket = new WebSocket(`${api.client.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
    const closed = once(socket, 'close');
    socket.once('open', () => socket.send('x'.repeat(64 * 1024 + 1)));
    expect((await closed)[0]).toBe(1009);
    expect(console).not.toHaveBeenCalled();
    console.mockRestore();
  });

  it('tells each change of a command of the caller, with what the read models say of it by then', async () => {
    const follower = await following();
    const { commandId } = await give();
    await follower.message(is(commandId, 'ACCEPTED'));
    const txHash = await submit(commandId);
    expect((await follower.message(is(commandId, 'SUBMITTED'))).payload.data.commands.txHash).toBe(txHash);
    const address = Wallet.createRandom().address;
    const creator = wallet.address;
    const facts = tokenFacts({ address, creator, name: 'Nova 2', symbol: 'NOVA', totalSupply: 1000n * UNIT });
    const blockNumber = await api.chain.mine({ facts, txHash, commandId });
    await confirm(api, commandId, { txHash, blockNumber }, facts[1]);
    const { payload } = await follower.message(is(commandId, 'CONFIRMED'));
    expect(payload.data.commands).toMatchObject({
      chainId: 31337,
      finality: { status: 'CONFIRMED', confirmations: 1 },
    });
  });

  it('tells nobody of a command of another', async () => {
    const follower = await following();
    const other = await signInToken(api.client, Wallet.createRandom());
    const theirs = await give(api.client.as(other));
    const { commandId } = await give();
    await follower.message(is(commandId, 'ACCEPTED'));
    expect(JSON.stringify(follower.messages)).not.toContain(theirs.commandId);
  });

  it('is for signed-in callers alone', async () => {
    const expired = await lasting(jwt, -1);
    for (const authorization of [null, 'Bearer forged', `Bearer ${expired}`]) {
      expect((await (await live(authorization)).untilClosed()).code).toBe(4403);
    }
  });

  it('refuses what the schema, the chains or the limits refuse, by typed errors', async () => {
    const follower = await following();
    const refused = async (id: string, query: string, variables: object = {}) => {
      follower.subscribe(id, query, variables);
      const { payload } = await follower.message((message) => message.id === id);
      const [error] = payload.errors ?? payload;
      return error.extensions;
    };
    expect(await refused('2', COMMANDS, { chainId: 5 })).toMatchObject({
      code: 'UNKNOWN_CHAIN',
      field: 'chainId',
      details: { chainIds: [31337] },
    });
    expect(await refused('3', 'subscription { commands { nonsense } }')).toMatchObject({
      code: 'GRAPHQL_VALIDATION_FAILED',
      field: 'nonsense',
    });
    expect(await refused('4', COMMANDS, { chainId: 'x' })).toMatchObject({
      code: 'GRAPHQL_VALIDATION_FAILED',
      field: 'chainId',
    });
    expect(await refused('5', '{ _meta { chainId } }')).toMatchObject({ code: 'BAD_REQUEST' });
    expect(await refused('6', 'nonsense')).toMatchObject({ code: 'GRAPHQL_PARSE_FAILED' });
  });

  it('closes a socket that asks for too many', async () => {
    const follower = await following();
    for (const id of ['2', '3']) follower.subscribe(id, COMMANDS);
    expect((await follower.untilClosed()).code).toBe(4429);
  });

  it('is over with the access token where nobody refreshed the session, and goes on where somebody did', async () => {
    const [idle, used] = [await signInTokens(api.client, wallet), await signInTokens(api.client, wallet)];
    api.clock.advance(20 * 60_000);
    // Their own token is over, too.
    await comeBack();
    await api.client.query(REFRESH_SESSION, { refreshToken: used.refreshToken });
    // A busy machine takes its time to connect: by then a short one may be over.
    for (let seconds = 2; ; seconds *= 2) {
      const goesOn = await live(`Bearer ${await lasting(used.token, seconds)}`);
      const follower = await live(`Bearer ${await lasting(idle.token, seconds)}`);
      const closed = await follower.closed;
      const admitted = [follower, goesOn].map(({ messages }) =>
        messages.some(({ type }) => type === 'connection_ack'),
      );
      if (admitted.every((is) => is)) {
        expect(closed).toEqual({ code: 4471, reason: 'The access token expired' });
        await new Promise((resolve) => setTimeout(resolve, 500));
        expect(goesOn.socket.readyState).toBe(goesOn.socket.OPEN);
        goesOn.subscribe('1', COMMANDS);
        await goesOn.untilTold(async () => submit((await give()).commandId));
        return;
      }
      expect([[4403, 4471].includes(closed.code), seconds < 120]).toEqual([true, true]);
    }
  });

  it('is over with its session, and with no other of the person', async () => {
    const person = Wallet.createRandom();
    const [left, kept] = [await signInToken(api.client, person), await signInToken(api.client, person)];
    const [theirs, bystander] = [await live(`Bearer ${left}`), await live(`Bearer ${kept}`)];
    for (const one of [theirs, bystander]) await one.message(({ type }) => type === 'connection_ack');
    await api.client.as(left).query('mutation { signOut { ended } }');
    expect(await theirs.untilClosed()).toEqual({ code: 4401, reason: 'The session ended' });
    expect((await (await live(`Bearer ${left}`)).untilClosed()).code).toBe(4403);
    bystander.subscribe('1', COMMANDS);
    const mine = api.client.as(kept);
    await bystander.untilTold(() => give(mine));
  });

  it('is over at the erasure of its person, also for a socket that follows nothing, and for nobody else', async () => {
    const person = Wallet.createRandom();
    const token = await signInToken(api.client, person);
    const theirs = [await live(`Bearer ${token}`), await live(`Bearer ${token}`)];
    const bystander = await following();
    for (const one of theirs) await one.message(({ type }) => type === 'connection_ack');
    theirs[0]?.subscribe('1', COMMANDS);
    const input = { idempotencyKey: 'gone', confirmAddress: person.address };
    await api.client.as(token).query(ERASE_MY_DATA, { input });
    for (const { closed } of theirs)
      expect(await closed).toEqual({ code: 4401, reason: 'The session ended' });
    expect((await (await live(`Bearer ${token}`)).untilClosed()).code).toBe(4403);
    const { commandId } = await give();
    await bystander.message(is(commandId, 'ACCEPTED'));
  });

  it('is for so many sockets of one person and no more', async () => {
    const token = await signInToken(api.client, Wallet.createRandom());
    const admitted = [];
    for (let sockets = 0; sockets < 30; sockets += 1) admitted.push(await live(`Bearer ${token}`));
    for (const one of admitted) await one.message(({ type }) => type === 'connection_ack');
    expect((await (await live(`Bearer ${token}`)).untilClosed()).code).toBe(1013);
    admitted[0]?.socket.close();
    await admitted[0]?.untilClosed();
    await eventually(async () => {
      const next = await live(`Bearer ${token}`);
      const acknowledged = next.message(({ type }) => type === 'connection_ack').then(() => 'acknowledged');
      expect(await Promise.race([acknowledged, next.closed])).toBe('acknowledged');
    });
    for (const { socket } of admitted) socket.terminate();
  });

  it('has few places for those that say nothing', async () => {
    const at = `${api.client.url.replace('http', 'ws')}/graphql`;
    const codes: number[] = [];
    const silent = Array.from({ length: 60 }, () => new WebSocket(at, 'graphql-transport-ws'));
    for (const socket of silent) socket.on('close', (code) => codes.push(code)).on('error', () => undefined);
    await eventually(() => expect(codes).toContain(1013));
    for (const socket of silent) socket.terminate();
    await eventually(async () => {
      const next = await live();
      const acknowledged = next.message(({ type }) => type === 'connection_ack').then(() => 'acknowledged');
      expect(await Promise.race([acknowledged, next.closed])).toBe('acknowledged');
    });
  });

  it('closes the socket of a client for which more waits than is kept', async () => {
    const follower = await following();
    // What was given is told together, once the read models have it.
    const letGo = await holdReadModels(api);
    await Promise.all(Array.from({ length: 12 }, () => give()));
    await letGo();
    expect(await follower.untilClosed()).toEqual({ code: 4470, reason: 'TOO_SLOW' });
  });

  it('leaves nothing behind when clients go, and begins anew when one comes', async () => {
    for (const { socket, closed } of opened) {
      socket.terminate();
      await closed;
    }
    const signals: AbortSignal[] = [];
    const original = api.store.subscribeToAll.bind(api.store);
    api.store.subscribeToAll = (options) => {
      signals.push(options.signal);
      return original(options);
    };
    try {
      const [one, other] = [await following(), await following()];
      await eventually(() => expect(signals.map(({ aborted }) => aborted)).toEqual([false]));
      one.socket.terminate();
      const { commandId } = await give();
      await other.message(is(commandId, 'ACCEPTED'));
      expect(signals[0]?.aborted).toBe(false);
      other.send({ id: '1', type: 'complete' });
      await eventually(() => expect(signals[0]?.aborted).toBe(true));
      await following();
      await eventually(() => expect(signals.map(({ aborted }) => aborted)).toEqual([true, false]));
    } finally {
      api.store.subscribeToAll = original;
    }
  });

  it('may come again where a part that it needs is out of reach, as over HTTP', async () => {
    const counter = new MemoryRateCounter();
    let isAway = false;
    const rateCounter: RateCounter = {
      take: async (...args) => {
        if (isAway) throw new DatabaseUnavailableError('The database is out of reach');
        return counter.take(...args);
      },
    };
    const { dependencies } = api;
    const config = {
      ...dependencies.config,
      rateLimits: { ...NO_RATE_LIMITS, general: { count: 1_000, seconds: 60 } },
    };
    const other = await startApi({ ...dependencies, config, metrics: new Registry(), rateCounter });
    try {
      const connected = await SubscriptionClient.connect(other.url, { authorization: `Bearer ${jwt}` });
      opened.push(connected);
      await connected.message(({ type }) => type === 'connection_ack');
      isAway = true;
      connected.subscribe('1', COMMANDS);
      const { payload } = await connected.message(({ id }) => id === '1');
      expect(payload).toMatchObject([{ extensions: { code: 'SERVICE_UNAVAILABLE' } }]);
    } finally {
      await other.stop();
    }
  });

  it('is refused over HTTP by a typed error', async () => {
    const { extensions } = await client.refusal('subscription { commands { status } }');
    expect(extensions).toMatchObject({
      code: 'SUBSCRIPTION_OVER_HTTP',
      details: { protocol: 'graphql-transport-ws' },
    });
  });
});

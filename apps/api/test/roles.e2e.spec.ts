import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { userStream } from '@abland/domain';
import { eventually } from '@abland/testing';
import { type BaseWallet, Wallet } from 'ethers';
import { NO_RATE_LIMITS } from '../src/rate-limits/rate-limit.js';
import { type ApiClient, signIn, signInToken } from './api-client.js';
import { CREATE_TOKEN } from './documents.js';
import { createTokenInput, newKey } from './market-fixture.js';
import { OtherProcesses } from './other-processes.js';
import { SubscriptionClient } from './subscription-client.js';
import { startTestApi, type TestApi } from './test-api.js';

const GRANT = 'mutation ($input: RoleInput!) { grantRole(input: $input) { address roles } }';
const REVOKE = 'mutation ($input: RoleInput!) { revokeRole(input: $input) { address roles } }';
const VIEWER = '{ viewer { operator roles permissions } me { roles } }';
const INTERNAL = '{ operations(first: 1) { edges { node { id } } } }';
const ACT = `mutation ($input: BuildActInput!) { pauseProjection(input: $input) { operationId } }`;

const first = Wallet.createRandom();
let api: TestApi;
let admin: ApiClient;
const others = new OtherProcesses(() => api);
const rateLimits = { ...NO_RATE_LIMITS, general: { count: 40, seconds: 3_600 } };

beforeAll(async () => {
  api = await startTestApi({ config: { operators: [first.address], rateLimits } });
  admin = await signIn(api.client, first);
});
afterAll(async () => {
  await others.stop();
  await api.stop();
});

type Person = { readonly wallet: BaseWallet; readonly token: string; readonly client: ApiClient };
async function person(): Promise<Person> {
  const wallet = Wallet.createRandom();
  const token = await signInToken(api.client, wallet);
  return { wallet, token, client: api.client.as(token) };
}
const change = ({ wallet }: Person, role: string, reason = 'Looks after the system') => ({
  input: { address: wallet.address, role, reason },
});
const reasonOf = async (client: ApiClient, query: string, variables: object = {}): Promise<unknown> => {
  const { code, details } = (await client.refusal(query, variables)).extensions;
  return code === 'FORBIDDEN' ? details['reason'] : code;
};
const act = () => ({
  input: { idempotencyKey: newKey(), projection: 'nothing of this name', reason: 'Only tried' },
});
const recorded = async ({ wallet }: { readonly wallet: BaseWallet }, type: string) =>
  (await api.events(userStream(wallet.address)))
    .filter((event) => event.type === type)
    .map(({ data, metadata }) => ({ ...data, actor: metadata.actor }));

describe('a role', () => {
  it('of the environment is there before any in the log, and opens all', async () => {
    expect(await admin.query(VIEWER)).toEqual({
      viewer: {
        operator: true,
        roles: ['SUPER_ADMIN'],
        permissions: ['CREATE', 'READ_INTERNAL', 'OPERATE', 'GRANT_ROLES'],
      },
      me: { roles: ['SUPER_ADMIN'] },
    });
    await admin.query(INTERNAL);
  });

  it('is granted and revoked, by whom and why stands in the log, and what it opens opens and closes with it', async () => {
    const ada = await person();
    expect(await reasonOf(ada.client, INTERNAL)).toBe('NOT_AN_OPERATOR');
    const { address } = ada.wallet;
    expect(await admin.query(GRANT, change(ada, 'OPERATOR'))).toEqual({
      grantRole: { address, roles: ['OPERATOR'] },
    });
    await ada.client.query(INTERNAL);
    expect(await reasonOf(ada.client, ACT, act())).toBe('UNKNOWN_PROJECTION'); // an act of hers as of any operator
    expect(await ada.client.query(VIEWER)).toMatchObject({
      viewer: { operator: true, permissions: ['READ_INTERNAL', 'OPERATE'] },
    });
    await admin.query(GRANT, change(ada, 'OPERATOR'));
    expect(await recorded(ada, 'UserRoleGranted')).toMatchObject([
      { role: 'OPERATOR', grantedBy: first.address, reason: 'Looks after the system', actor: first.address },
    ]);

    expect(await admin.query(REVOKE, change(ada, 'OPERATOR', 'Left the team'))).toEqual({
      revokeRole: { address, roles: [] },
    });
    expect(await reasonOf(ada.client, INTERNAL)).toBe('NOT_AN_OPERATOR');
    expect(await recorded(ada, 'UserRoleRevoked')).toMatchObject([
      { role: 'OPERATOR', revokedBy: first.address, reason: 'Left the team' },
    ]);
  });

  it('lets an auditor read and not act, and what is refused is on record', async () => {
    const ada = await person();
    await admin.query(GRANT, change(ada, 'AUDITOR'));
    await ada.client.query(INTERNAL);
    for (const [query, variables, code] of [
      [ACT, act(), 'NOT_AN_OPERATOR'],
      [GRANT, change(ada, 'OPERATOR'), 'NOT_AN_ADMIN'],
    ] as const)
      expect(await reasonOf(ada.client, query, variables)).toBe(code);
    expect(await recorded(ada, 'CommandRejected')).toMatchObject([
      { command: 'pauseProjection', code: 'NOT_AN_OPERATOR' },
      { command: 'grantRole', code: 'NOT_AN_ADMIN' },
    ]);
  });

  it('of an admin is granted by super admins alone, and nobody grants one to themselves', async () => {
    const [ada, bob] = [await person(), await person()];
    await admin.query(GRANT, change(ada, 'ADMIN'));
    expect(await ada.client.query(GRANT, change(bob, 'OPERATOR'))).toMatchObject({
      grantRole: { roles: ['OPERATOR'] },
    });
    expect(await reasonOf(ada.client, GRANT, change(bob, 'ADMIN'))).toBe('NOT_AN_ADMIN');
    expect(await reasonOf(ada.client, GRANT, change(ada, 'OPERATOR'))).toBe('OWN_ROLE');
    expect(await reasonOf(ada.client, REVOKE, change({ ...ada, wallet: first }, 'SUPER_ADMIN'))).toBe(
      'NOT_AN_ADMIN',
    );
    // The environment's word is the environment's to take back.
    expect(await reasonOf(admin, REVOKE, change({ ...ada, wallet: first }, 'SUPER_ADMIN'))).toBe(
      'ROLE_NOT_HELD',
    );
    expect(await recorded(ada, 'CommandRejected')).toHaveLength(3);
  });

  it('is told to its person and to who reads what is not public', async () => {
    const [ada, bob] = [await person(), await person()];
    await admin.query(GRANT, change(ada, 'CREATOR'));
    await api.settle();
    const asked = `{ user(address: "${ada.wallet.address}") { roles } }`;
    for (const [client, roles] of [
      [admin, ['CREATOR']],
      [ada.client, ['CREATOR']],
      [bob.client, null],
      [api.client, null],
    ] as const)
      expect(await client.query(asked)).toEqual({ user: { roles } });
  });

  it.each([
    [{ address: '0x12' }, 'INVALID_ADDRESS'],
    [{ role: 'KING' }, 'GRAPHQL_VALIDATION_FAILED'],
    [{ reason: 'x' }, 'INVALID_REASON'],
    [{ address: Wallet.createRandom().address }, 'UNKNOWN_USER'],
  ])('is not changed by bad input, of which nothing stays: %j', async (over, code) => {
    const ada = await person();
    const before = (await api.events(userStream(first.address))).length;
    const { input } = change(ada, 'OPERATOR');
    expect(await reasonOf(admin, GRANT, { input: { ...input, ...over } })).toBe(code);
    expect((await api.events(userStream(first.address))).length).toBe(before);
    expect(await recorded(ada, 'UserRoleGranted')).toEqual([]);
  });

  it('is heeded by every process, at once by the one that recorded it', async () => {
    // As often as one likes: it is asked again and again until it has heard.
    const there = await others.start({ rateLimits: NO_RATE_LIMITS });
    const deaf = await others.startDeaf();
    const ada = await person();
    expect(await reasonOf(there.as(ada.token), INTERNAL)).toBe('NOT_AN_OPERATOR');
    await admin.query(GRANT, change(ada, 'OPERATOR'));
    await there.as(ada.token).query(INTERNAL);
    await deaf.as(ada.token).query(INTERNAL);
    const socket = await SubscriptionClient.connect(there.url, { authorization: `Bearer ${ada.token}` });
    await socket.message(({ type }) => type === 'connection_ack');
    socket.subscribe('1', 'subscription { pipeline { logHead } }');
    await socket.message(({ type }) => type === 'next');

    const adminThere = deaf.as(await signInToken(deaf, first));
    await adminThere.query(REVOKE, change(ada, 'OPERATOR', 'Left the team'));
    expect(await reasonOf(deaf.as(ada.token), INTERNAL)).toBe('NOT_AN_OPERATOR');
    await eventually(async () =>
      expect(await reasonOf(there.as(ada.token), INTERNAL)).toBe('NOT_AN_OPERATOR'),
    );
    expect(await socket.closed).toEqual({ code: 4472, reason: 'A role was revoked' });
  });

  it('of a creator is needed to make tokens and pools where the environment says so, and for nothing else', async () => {
    const appointing = await others.start({ creatorsAppointed: true });
    const ada = await person();
    const there = appointing.as(ada.token);
    const input = createTokenInput();
    expect(await reasonOf(there, CREATE_TOKEN, { input })).toBe('NOT_A_CREATOR');
    expect(await recorded(ada, 'CommandRejected')).toMatchObject([
      { command: 'createToken', code: 'NOT_A_CREATOR' },
    ]);
    await admin.query(GRANT, change(ada, 'CREATOR'));
    await there.query(CREATE_TOKEN, { input });
    await (await person()).client.query(CREATE_TOKEN, { input });
  });

  it('of an operator lets ask without a count', async () => {
    const [ada, bob] = [await person(), await person()];
    await admin.query(GRANT, change(ada, 'OPERATOR'));
    const codes = async ({ client }: Person) => {
      const answers: (string | null)[] = [];
      for (let count = 0; count < 45; count += 1)
        answers.push((await client.send('{ __typename }')).errors[0]?.extensions.code ?? null);
      return new Set(answers);
    };
    expect(await codes(bob)).toEqual(new Set([null, 'RATE_LIMITED']));
    expect(await codes(ada)).toEqual(new Set([null]));
  });
});

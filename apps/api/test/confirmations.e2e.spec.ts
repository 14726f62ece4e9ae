import { userStream } from '@abland/domain';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type BaseWallet, Wallet } from 'ethers';
import {
  buildSchema,
  getNamedType,
  type GraphQLField,
  isInputObjectType,
  isNonNullType,
  isObjectType,
} from 'graphql';
import { printApiSchema } from '../src/index.js';
import type { IsSignedByContract } from '../src/wallets/contract-wallets.js';
import { type ApiClient, signIn } from './api-client.js';
import { UPDATE_PROFILE } from './documents.js';
import { newKey } from './market-fixture.js';
import { OtherProcesses } from './other-processes.js';
import { startTestApi, type TestApi } from './test-api.js';

const TURN = 'mutation ($on: Boolean!) { setActConfirmation(on: $on) { on } }';
const CREATE_KEY = 'mutation { createApiKey(input: { expiresInDays: 1 }) { apiKey { keyId } } }';
const GRANT = 'mutation ($input: RoleInput!) { grantRole(input: $input) { roles } }';
const VIEWER = '{ viewer { confirmsActs } }';
const HEADER = 'x-confirmation';
const MINUTE_MS = 60_000;

interface TypedData {
  readonly domain: object;
  readonly types: Readonly<Record<string, { name: string; type: string }[]>>;
  readonly message: Readonly<Record<string, string>>;
}

const operators = [Wallet.createRandom(), Wallet.createRandom()] as const;
let api: TestApi;
let strict: ApiClient;
let contractSigns: IsSignedByContract = () => Promise.resolve(false);
const others = new OtherProcesses(() => api);
beforeAll(async () => {
  api = await startTestApi({ config: { operators: operators.map(({ address }) => address) } });
  const isSignedByContract: IsSignedByContract = (...given) => contractSigns(...given);
  strict = await others.start({ operatorsConfirm: true }, { isSignedByContract });
});
afterAll(async () => {
  await others.stop();
  await api.stop();
});

const detailsOf = async (client: ApiClient, document: string, variables: object, header?: string) => {
  const headers: Record<string, string> = header === undefined ? {} : { [HEADER]: header };
  const { errors } = await client.send(document, variables, headers);
  const { code = 'none', details = {} } = errors[0]?.extensions ?? {};
  const { reason, typedData } = details as { reason?: string; typedData?: TypedData };
  return { code, reason, typedData: typedData as TypedData };
};
async function sign({ domain, message, types }: TypedData, wallet: BaseWallet): Promise<string> {
  const { EIP712Domain: _domain, ...signed } = types;
  return `${message['nonce']}.${await wallet.signTypedData(domain, signed, message)}`;
}
const wordFor = async (client: ApiClient, wallet: BaseWallet, document: string, variables: object) =>
  sign((await detailsOf(client, document, variables)).typedData, wallet);
/** Asked, signed, and asked again. */
async function confirmed(client: ApiClient, wallet: BaseWallet, document: string, variables: object = {}) {
  const word = await wordFor(client, wallet, document, variables);
  const { data, errors } = await client.send(document, variables, { [HEADER]: word });
  expect(errors).toEqual([]);
  return data;
}
async function signedInWithConfirmation(): Promise<{
  readonly wallet: BaseWallet;
  readonly client: ApiClient;
}> {
  const wallet = Wallet.createRandom();
  const client = await signIn(strict, wallet);
  await confirmed(client, wallet, TURN, { on: true });
  return { wallet, client };
}
const profile = (displayName: string, idempotencyKey = newKey()) => ({
  input: { idempotencyKey, displayName },
});
const typesOf = async ({ address }: BaseWallet): Promise<readonly string[]> =>
  (await api.events(userStream(address))).map(({ type }) => type);

describe('who turned on that their acts are confirmed', () => {
  it('is asked for their wallet’s word of each act, which says what is done, and each is on record', async () => {
    const { client, wallet } = await signedInWithConfirmation();
    expect((await client.query(VIEWER)).viewer).toEqual({ confirmsActs: true });
    const asked = profile('Ada');
    const { code, reason, typedData } = await detailsOf(client, UPDATE_PROFILE, asked);
    expect({ code, reason }).toEqual({ code: 'CONFIRMATION_NEEDED', reason: 'MISSING' });
    expect(typedData.message).toMatchObject({
      ...{ site: 'localhost:4000', account: wallet.address.toLowerCase(), act: 'updateProfile' },
      arguments: JSON.stringify({
        input: { displayName: 'Ada', idempotencyKey: asked.input.idempotencyKey },
      }),
    });
    await confirmed(client, wallet, UPDATE_PROFILE, asked);
    const told = await confirmed(client, wallet, CREATE_KEY);
    expect(told.createApiKey.apiKey.keyId).toBeDefined();
    expect((await typesOf(wallet)).slice(3)).toEqual([
      ...['ActConfirmed', 'ConfirmationTurnedOn', 'ActConfirmed', 'ProfileUpdated'],
      ...['ActConfirmed', 'ApiKeyCreated'],
    ]);
    const events = await api.events(userStream(wallet.address));
    const words = events.filter(({ type }) => type === 'ActConfirmed');
    expect(words.map(({ data }) => data['act'])).toEqual([
      'setActConfirmation',
      'updateProfile',
      'createApiKey',
    ]);
    expect(JSON.stringify(words.map(({ data }) => data))).not.toContain('Ada');
  });

  it('takes it once, of one act with its arguments, of the one wallet, and for minutes', async () => {
    const { client, wallet } = await signedInWithConfirmation();
    const other = await signedInWithConfirmation();
    const before = await typesOf(wallet);
    const ada = profile('Ada');
    const word = await wordFor(client, wallet, UPDATE_PROFILE, ada);
    const [nonce = ''] = word.split('.');
    const reasonOf = async (
      header: string,
      document = UPDATE_PROFILE,
      variables: object = ada,
      by = client,
    ) => (await detailsOf(by, document, variables, header)).reason;
    // Of other arguments, another act, another's wallet, another's nonce, of nobody, and of no act at all.
    expect(await reasonOf(word, UPDATE_PROFILE, profile('Eve', ada.input.idempotencyKey))).toBe('SIGNATURE');
    expect(await reasonOf(word, CREATE_KEY, {})).toBe('SIGNATURE');
    expect(await reasonOf(await wordFor(client, other.wallet, UPDATE_PROFILE, ada))).toBe('SIGNATURE');
    expect(await reasonOf(word, UPDATE_PROFILE, ada, other.client)).toBe('UNKNOWN');
    expect(await reasonOf(`${nonce}.0x${'00'.repeat(65)}`)).toBe('SIGNATURE');
    expect(await reasonOf(word.replace(/^.{12}/, 'ffffffffffff'))).toBe('UNKNOWN');
    for (const none of [
      'x',
      `${nonce}.`,
      `${nonce}.0x1`,
      `${word}.${word}`,
      `${nonce}.0x${'ab'.repeat(5_000)}`,
    ])
      expect(await reasonOf(none)).toBe('MALFORMED');
    // A nonce that was given for signing in is none.
    const { message } = (
      await client.query(`mutation { requestSignIn(address: "${wallet.address}") { message } }`)
    ).requestSignIn;
    const [, signInNonce = ''] = /Nonce: ([0-9a-f]+)/.exec(message) ?? [];
    expect(await reasonOf(word.replace(nonce, signInNonce))).toBe('UNKNOWN');
    expect(await typesOf(wallet)).toEqual(before);
    // What was wrong before spends nothing: it is good still, once.
    const twice = await Promise.all([
      client.send(UPDATE_PROFILE, ada, { [HEADER]: word }),
      client.send(UPDATE_PROFILE, ada, { [HEADER]: word }),
    ]);
    expect(twice.map(({ errors }) => errors[0]?.extensions.details['reason'] ?? 'done').toSorted()).toEqual([
      'USED',
      'done',
    ]);
    expect(await reasonOf(word)).toBe('USED');
    expect((await typesOf(wallet)).slice(before.length)).toEqual(['ActConfirmed', 'ProfileUpdated']);
    const late = await wordFor(client, wallet, UPDATE_PROFILE, profile('Late'));
    api.clock.advance(6 * MINUTE_MS);
    expect(await reasonOf(late)).toBe('EXPIRED');
    // Later than nonces are kept for, by the clock of another process that is ahead.
    api.clock.advance(-6 * MINUTE_MS);
    await api.pool.query('DELETE FROM api.sign_in_nonces');
    expect(await reasonOf(word)).toBe('USED');
  });

  it('is asked by every process at once, and turns it off by a word too', async () => {
    const { client, wallet } = await signedInWithConfirmation();
    const there = await signIn(api.client, wallet);
    expect((await detailsOf(there, CREATE_KEY, {})).code).toBe('CONFIRMATION_NEEDED');
    expect((await detailsOf(client, TURN, { on: false })).reason).toBe('MISSING');
    await confirmed(there, wallet, TURN, { on: false });
    await client.query(CREATE_KEY);
    expect((await client.query(VIEWER)).viewer).toEqual({ confirmsActs: false });
  });

  it('may be a contract, which is asked on each chain', async () => {
    contractSigns = (_chainId, { signature }) => Promise.resolve(signature === '0x5c5c');
    const { client, wallet } = await signedInWithConfirmation();
    const [nonce = ''] = (await wordFor(client, wallet, CREATE_KEY, {})).split('.');
    expect((await detailsOf(client, CREATE_KEY, {}, `${nonce}.0x5c5d`)).reason).toBe('SIGNATURE');
    contractSigns = () => Promise.reject(new TypeError('broken'));
    expect((await detailsOf(client, CREATE_KEY, {}, `${nonce}.0x5c5c`)).code).toBe('INTERNAL_SERVER_ERROR');
    contractSigns = (_chainId, { signature }) => Promise.resolve(signature === '0x5c5c');
    expect((await client.send(CREATE_KEY, {}, { [HEADER]: `${nonce}.0x5c5c` })).errors).toEqual([]);
    contractSigns = () => Promise.resolve(false);
  });
});

describe('where operators confirm their acts', () => {
  /** What takes nothing from anybody, ends access, or is signed by the wallet as what it is. */
  const TAKES_NO_WORD = [
    ...['requestSignIn', 'signIn', 'refreshSession', 'signOut', 'signOutEverywhere', 'revokeSession'],
    ...['revokeApiKey', 'revokeApiKeys', 'createToken', 'deactivateToken', 'createPool', 'addLiquidity'],
    ...['removeLiquidity', 'swap', 'submitTransaction', 'submitSignature'],
  ];
  const OF_A_PERSON = ['updateProfile', 'eraseMyData', 'createApiKey'];

  it('every act takes their word, and nothing is done without it', async () => {
    const [wallet, second] = operators;
    const client = await signIn(strict, wallet);
    const target = await signIn(api.client, second);
    const { keyId } = (await target.query(CREATE_KEY)).createApiKey.apiKey;
    const granted = { address: second.address, role: 'AUDITOR', reason: 'To see' };
    await (await signIn(api.client, wallet)).query(GRANT, { input: granted });
    expect((await client.query(VIEWER)).viewer).toEqual({ confirmsActs: true });
    const mutations =
      buildSchema(await printApiSchema())
        .getMutationType()
        ?.getFields() ?? {};
    const acts = Object.values(mutations).filter(
      ({ name }) => ![...TAKES_NO_WORD, ...OF_A_PERSON].includes(name),
    );
    expect(acts.length).toBeGreaterThan(15);
    const before = await api.store.head();
    const told = await Promise.all(
      acts.map(async (act) => [
        act.name,
        (await detailsOf(client, documentOf(act), variablesOf(act, { address: second.address, keyId }))).code,
      ]),
    );
    expect(told).toEqual(acts.map(({ name }) => [name, 'CONFIRMATION_NEEDED']));
    expect(await api.store.head()).toBe(before);
  });

  it('who may not is told that, and signs nothing', async () => {
    const client = await signIn(strict, Wallet.createRandom());
    const [{ address }] = operators;
    const input = { address, role: 'AUDITOR', reason: 'To see' };
    expect((await detailsOf(client, GRANT, { input })).code).toBe('FORBIDDEN');
    expect((await client.query(VIEWER)).viewer).toEqual({ confirmsActs: false });
  });

  it('is not asked for of what is refused anyway', async () => {
    const [wallet, second] = operators;
    const client = await signIn(strict, wallet);
    const codeOf = async (document: string, input: object): Promise<string> =>
      (await client.refusal(document, { input })).extensions.code;
    const own = { address: wallet.address, role: 'AUDITOR', reason: 'To see' };
    expect((await client.refusal(GRANT, { input: own })).extensions.details['reason']).toBe('OWN_ROLE');
    const keyId = '00000000-0000-4000-8000-000000000001';
    const told = { address: second.address, keyId, reason: 'To see' };
    const raise = 'mutation ($input: ApiKeyRateInput!) { setApiKeyRate(input: $input) { keyId } }';
    const end = 'mutation ($input: RevokeApiKeysOfInput!) { revokeApiKeysOf(input: $input) { ended } }';
    expect(await codeOf(raise, { ...told, rateClass: 'RAISED' })).toBe('UNKNOWN_API_KEY');
    expect(await codeOf(end, told)).toBe('UNKNOWN_API_KEY');
  });

  it('is done with it', async () => {
    const [wallet, { address }] = operators;
    const client = await signIn(strict, wallet);
    const input = { address, role: 'AUDITOR', reason: 'To see' };
    const { grantRole } = await confirmed(client, wallet, GRANT, { input });
    expect(grantRole.roles).toContain('AUDITOR');
  });
});

type Act = GraphQLField<unknown, unknown>;
const documentOf = ({ args, name, type }: Act): string => {
  const [arg] = args;
  if (arg === undefined) throw new Error(`${name} has no argument`);
  const told = getNamedType(type);
  const [field] = isObjectType(told) ? Object.keys(told.getFields()) : [];
  return `mutation ($it: ${String(arg.type)}) { ${name}(${arg.name}: $it) { ${field} } }`;
};

const VALUES: Readonly<Record<string, unknown>> = {
  ...{ on: true, reason: 'To see', projection: 'tokens', role: 'AUDITOR', rateClass: 'RAISED' },
  ...{ decision: 'ACCEPT', id: 'INGESTION/1/none', chainId: null },
  operationId: '00000000-0000-4000-8000-000000000002',
};
function variablesOf({ args: [arg] }: Act, of: { address: string; keyId: string }): object {
  if (arg === undefined) return {};
  const type = getNamedType(arg.type);
  const valueOf = (name: string): unknown => ({ ...VALUES, ...of, idempotencyKey: newKey() })[name];
  if (!isInputObjectType(type)) return { it: valueOf(arg.name) };
  const needed = Object.values(type.getFields()).filter((field) => isNonNullType(field.type));
  return { it: Object.fromEntries(needed.map(({ name }) => [name, valueOf(name)])) };
}

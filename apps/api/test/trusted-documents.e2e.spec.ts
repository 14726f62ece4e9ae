import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { getIntrospectionQuery } from 'graphql';
import { Wallet } from 'ethers';
import { documentId } from '../src/trusted-documents/trusted-documents.js';
import { ownDocuments } from '../src/trusted-documents/own-documents.js';
import { type ApiClient, createClient, REQUEST_SIGN_IN, SIGN_IN, signInToken } from './api-client.js';
import { OtherProcesses } from './other-processes.js';
import { SubscriptionClient } from './subscription-client.js';
import { startTestApi, type TestApi } from './test-api.js';

const META = 'query Meta($chainId: Int) { _meta(chainId: $chainId) { chainId } }';
const FOLLOW = 'subscription Follow { commands { commandId } }';
const OF_BEFORE = '{ whatThereWas }';
const texts = [META, FOLLOW, REQUEST_SIGN_IN, SIGN_IN, OF_BEFORE];

let api: TestApi;
let strict: ApiClient;
const others = new OtherProcesses(() => api);
const warned: unknown[] = [];
beforeAll(async () => {
  api = await startTestApi({ config: { trustedDocuments: { texts, only: false } } });
  const { logger } = api.dependencies;
  const config = { trustedDocuments: { texts, only: true }, introspection: false, explorer: false };
  const warn = (...told: readonly unknown[]): void => void warned.push(told);
  strict = await others.start(config, { logger: { ...logger, warn } });
});
afterAll(async () => {
  await others.stop();
  await api.stop();
});

const get = (url: string, search: Readonly<Record<string, string>>, headers = {}) =>
  fetch(`${url}/graphql?${new URLSearchParams(search)}`, { headers });
const post = (url: string, body: object) =>
  fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
const persisted = (id: string) => ({ persistedQuery: { version: 1, sha256Hash: id } });
const codeOf = async (answer: Response): Promise<unknown> => {
  const { errors } = (await answer.json()) as { errors: { extensions: { code: string } }[] };
  return errors[0]?.extensions.code;
};
const told = async (answer: Promise<Response>): Promise<unknown> => [
  (await answer).status,
  await codeOf(await answer),
];

describe('a trusted document', () => {
  it('is asked by its id, as clients say it, also by GET without more', async () => {
    const id = documentId(META);
    const variables = { chainId: api.chain.chainId };
    const data = { _meta: variables };
    const inUrl = { variables: JSON.stringify(variables) };
    for (const answer of [
      await post(api.client.url, { documentId: `sha256:${id}`, variables }),
      await post(api.client.url, { extensions: persisted(id), variables }),
      await get(api.client.url, { documentId: id, ...inUrl }),
      await get(api.client.url, { extensions: JSON.stringify(persisted(id)), ...inUrl }),
    ])
      expect(await answer.json()).toEqual({ data });
    expect(await told(get(api.client.url, { query: META }))).toEqual([400, 'BAD_REQUEST']);
  });

  it('does by GET nothing but read', async () => {
    const variables = JSON.stringify({ address: Wallet.createRandom().address });
    const answer = await get(api.client.url, { documentId: documentId(REQUEST_SIGN_IN), variables });
    expect(answer.status).toBe(405);
  });

  it('is none by an id that nobody knows, in words that clients know', async () => {
    const unknown = 'ab'.repeat(32);
    for (const answer of [
      post(api.client.url, { documentId: unknown }),
      post(api.client.url, { documentId: 7 }),
      post(api.client.url, { extensions: persisted(unknown) }),
      get(api.client.url, { documentId: `sha256:${unknown}` }),
      get(api.client.url, { documentId: documentId(META).toUpperCase() }),
    ])
      expect(await told(answer)).toEqual([404, 'PERSISTED_QUERY_NOT_FOUND']);
  });

  it('is told of where it does not fit the schema any more', () => {
    expect(JSON.stringify(warned)).toContain(documentId(OF_BEFORE));
    expect(warned).toHaveLength(1);
  });
});

describe('where only trusted documents are answered', () => {
  it('they are, as texts too, however they are written', async () => {
    const written = `# of an app
      ${META.replaceAll(' ', '  ')}`;
    for (const query of [META, written]) expect((await strict.send(query)).errors).toEqual([]);
    expect((await (await post(strict.url, { documentId: documentId(META) })).json()) as object).toMatchObject(
      {
        data: { _meta: {} },
      },
    );
  });

  it('nothing else is, over HTTP and on sockets, also not with a field more or another name', async () => {
    for (const query of [
      '{ _meta { chainId } }',
      META.replace('{ chainId }', '{ chainId position }'),
      `${META} query Other { __typename }`,
    ])
      expect(await told(post(strict.url, { query, operationName: 'Meta' }))).toEqual([
        403,
        'DOCUMENT_NOT_TRUSTED',
      ]);
    const token = await signInToken(strict, Wallet.createRandom());
    const socket = await SubscriptionClient.connect(strict.url, { authorization: `Bearer ${token}` });
    await socket.message(({ type }) => type === 'connection_ack');
    socket.subscribe('1', 'subscription { commands { commandId status } }');
    expect((await socket.message(({ id }) => id === '1')).payload[0].extensions.code).toBe(
      'DOCUMENT_NOT_TRUSTED',
    );
    socket.subscribe('2', FOLLOW);
    socket.subscribe('3', '{ __typename }');
    await socket.message(({ id }) => id === '3');
    expect(socket.messages.some(({ id }) => id === '2')).toBe(false);
    socket.socket.close();
  });

  it('what the web app asks is', async () => {
    const own = ownDocuments();
    expect(own.length).toBeGreaterThan(20);
    for (const query of own) {
      const { errors } = await strict.send(query);
      expect(errors.map(({ extensions }) => extensions.code)).not.toContain('DOCUMENT_NOT_TRUSTED');
    }
  });
});

describe('where the schema is not told', () => {
  it('it is told by no query, no error and no page', async () => {
    const closed = createClient(strict.url);
    for (const query of [getIntrospectionQuery(), '{ _meat { chainId } }', '{ _meta { chainIf } }']) {
      const { errors } = await closed.send(query);
      expect(errors[0]?.extensions.code).toBe('GRAPHQL_VALIDATION_FAILED');
      expect(JSON.stringify(errors)).not.toMatch(/Did you mean|_meta"/);
    }
    const page = await fetch(`${strict.url}/graphql`, { headers: { accept: 'text/html' } });
    expect(page.status).toBe(400);
    expect(await page.text()).not.toContain('<script');
    expect((await fetch(`${api.client.url}/graphql`, { headers: { accept: 'text/html' } })).status).toBe(200);
  });
});

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DOMAIN_ERROR_CODES } from '@abland/domain';
import { SeededRandom } from '@abland/testing/seeded-random';
import { type BaseWallet, Wallet } from 'ethers';
import { buildSchema, type GraphQLSchema } from 'graphql';
import { apiErrorCodes, printApiSchema } from '../src/index.js';
import type { ApiClient, ErrorView } from './api-client.js';
import { signIn } from './api-client.js';
import { NastyValues } from './fuzz/nasty-values.js';
import { DocumentGenerator } from './fuzz/random-document.js';
import { openMarket } from './market-fixture.js';
import { PATIENT, startTestApi, type TestApi } from './test-api.js';

/** Of each seed; more by FUZZ_DOCUMENTS, other seeds by FUZZ_SEED. */
const DOCUMENTS = Number(process.env['FUZZ_DOCUMENTS'] ?? 400);
const FIRST_SEED = Number(process.env['FUZZ_SEED'] ?? 1);
const KNOWN = new Set<string>([...Object.keys(apiErrorCodes), ...DOMAIN_ERROR_CODES]);
/** A defect of ours; and nothing is out of reach here but the settings of a Governor that is not there. */
const NEVER = new Set(['INTERNAL_SERVER_ERROR', 'SERVICE_UNAVAILABLE']);
const isOfGovernor = ({ path }: ErrorView): boolean => path?.[0] === 'governance';

const operator = Wallet.createRandom();
let api: TestApi;
let schema: GraphQLSchema;
/** Who is not signed in has no wallet. */
let callers: { client: ApiClient; readonly wallet: BaseWallet | null }[];

beforeAll(async () => {
  // What operators do to the read models meanwhile may let a query wait: that it is answered is the promise, not when.
  api = await startTestApi({ config: { operators: [operator.address] }, limits: PATIENT });
  schema = buildSchema(await printApiSchema());
  const market = await openMarket(api);
  callers = [
    { client: api.client, wallet: null },
    { client: market.client, wallet: market.wallet },
    { client: await signIn(api.client, operator), wallet: operator },
  ];
});
afterAll(() => api?.stop());

/** They signed out, or erased themselves, by what they sent before. */
const hasEnded = (errors: readonly ErrorView[]): boolean =>
  errors.some(({ extensions }) => extensions.details['reason'] === 'ENDED');

const faultOf = (errors: readonly ErrorView[]): string | undefined =>
  errors
    .filter((error) => !isOfGovernor(error) || error.extensions.code === 'INTERNAL_SERVER_ERROR')
    .map(({ extensions }) => extensions.code)
    .find((code) => !KNOWN.has(code) || NEVER.has(code));

describe('whatever fits the schema', () => {
  it.each([FIRST_SEED, FIRST_SEED + 1, FIRST_SEED + 2])(
    'is answered, or refused by a code of ours: seed %i',
    async (seed) => {
      const random = new SeededRandom(seed);
      const values = new NastyValues(random);
      const documents = new DocumentGenerator(schema, random, values);
      for (let count = 0; count < DOCUMENTS; count += 1) {
        const { query, variables } = documents.next(random.chance(0.7) ? 'query' : 'mutation');
        const caller = random.pick(callers);
        const { data, errors } = await caller.client.send(query, variables);
        if (caller.wallet !== null && hasEnded(errors))
          caller.client = await signIn(api.client, caller.wallet);
        const fault = faultOf(errors);
        if (fault !== undefined)
          throw new Error(`${fault}: ${query} ${JSON.stringify(variables)} ${JSON.stringify(errors)}`);
        values.learn(data);
      }
    },
    600_000,
  );
});

describe('whatever is no request of GraphQL', () => {
  const JSON_TYPE = { 'content-type': 'application/json' };
  const META = '{ _meta { chainId } }';
  const post = (body: string | Uint8Array, headers: Record<string, string> = JSON_TYPE) => ({
    method: 'POST',
    headers,
    body,
  });
  const nested = (depth: number) => `${'{ a '.repeat(depth)}${'}'.repeat(depth)}`;

  it.each<[string, RequestInit, string?]>([
    ['null', post('null')],
    ['a number', post('5')],
    ['a text', post('"x"')],
    ['an empty list', post('[]')],
    ['a batch', post(JSON.stringify([{ query: META }, { query: META }]))],
    ['an object without a query', post('{}')],
    ['a query that is a number', post('{"query": 5}')],
    ['a query that is null', post('{"query": null}')],
    ['a query that is a list', post('{"query": ["{ a }"]}')],
    ['variables that are a list', post(JSON.stringify({ query: META, variables: [1] }))],
    ['variables that are a text', post(JSON.stringify({ query: META, variables: 'x' }))],
    ['variables that are a number', post(JSON.stringify({ query: META, variables: 5 }))],
    ['a name that is a number', post(JSON.stringify({ query: META, operationName: 5 }))],
    ['a name that is an object', post(JSON.stringify({ query: META, operationName: {} }))],
    ['a name of no operation', post(JSON.stringify({ query: META, operationName: 'Other' }))],
    ['extensions that are a text', post(JSON.stringify({ query: META, extensions: 'x' }))],
    [
      'a persisted query',
      post(JSON.stringify({ extensions: { persistedQuery: { version: 1, sha256Hash: 'ab' } } })),
    ],
    ['a prototype', post('{"__proto__": {"query": "{ a }"}}')],
    ['an empty document', post('{"query": ""}')],
    ['a comment alone', post('{"query": "# nothing"}')],
    ['a type definition', post('{"query": "type A { b: Int }"}')],
    ['a fragment alone', post('{"query": "fragment F on Query { __typename }"}')],
    ['a circle of fragments', post('{"query": "{ ...F } fragment F on Query { ...F }"}')],
    ['a subscription', post('{"query": "subscription { commands { status } }"}')],
    ['a document nested ten thousand times', post(JSON.stringify({ query: nested(10_000) }))],
    [
      'a list nested ten thousand times',
      post(JSON.stringify({ query: `{ tokens(first: ${'['.repeat(10_000)}) { x } }` })),
    ],
    [
      'variables nested ten thousand times',
      post(
        `{"query": "query ($a: JSON) { _meta { chainId } }", "variables": {"a": ${'['.repeat(10_000)}${']'.repeat(10_000)}}}`,
      ),
    ],
    [
      'a type nested ten thousand times',
      post(
        JSON.stringify({
          query: `query ($a: ${'['.repeat(10_000)}Int${']'.repeat(10_000)}) { _meta { chainId } }`,
        }),
      ),
    ],
    [
      'twenty thousand aliases',
      post(
        JSON.stringify({
          query: `{ ${Array.from({ length: 20_000 }, (_, i) => `a${i}:__typename`).join(' ')} }`,
        }),
      ),
    ],
    [
      'ten thousand fields that are none',
      post(JSON.stringify({ query: `{ ${Array.from({ length: 10_000 }, (_, i) => `a${i}`).join(' ')} }` })),
    ],
    [
      'a type nested two thousand times',
      post(
        JSON.stringify({
          query: `query ($a: ${'['.repeat(2_000)}Int${']'.repeat(2_000)}) { _meta { chainId } }`,
        }),
      ),
    ],
    [
      'two thousand directives',
      post(JSON.stringify({ query: `{ _meta ${'@a '.repeat(2_000)} { chainId } }` })),
    ],
    [
      'six hundred fields of one name that differ',
      post(
        JSON.stringify({
          query: `{ ${Array.from({ length: 600 }, (_, i) => `a:tokens(first:${i}){__typename}`).join(' ')} }`,
        }),
      ),
    ],
    [
      'a thousand lists in lists as a variable',
      post(
        JSON.stringify({
          query: 'query ($a: [CommandStatus!]) { commands(filter: { statuses: $a }) { edges { cursor } } }',
          variables: { a: JSON.parse(`${'['.repeat(1_000)}${']'.repeat(1_000)}`) },
        }),
      ),
    ],
    [
      'ten thousand directives',
      post(JSON.stringify({ query: `{ _meta ${'@a '.repeat(10_000)} { chainId } }` })),
    ],
    ['an integer beyond 32 bits', post('{"query": "{ tokens(first: 4294967297) { edges { cursor } } }"}')],
    [
      'an integer of a thousand digits',
      post(`{"query": "{ tokens(first: ${'9'.repeat(1_000)}) { edges { cursor } } }"}`),
    ],
    [
      'an integer variable beyond 32 bits',
      post(
        '{"query": "query ($n: Int) { tokens(first: $n) { edges { cursor } } }", "variables": {"n": 4294967297}}',
      ),
    ],
    [
      'an integer variable that is none',
      post(
        '{"query": "query ($n: Int) { tokens(first: $n) { edges { cursor } } }", "variables": {"n": 1e400}}',
      ),
    ],
    [
      'a lone surrogate in the document',
      post('{"query": "{ tokens(filter: {search: \\"\\ud800\\"}) { edges { cursor } } }"}'),
    ],
    ['bytes that are no UTF-8', post(new Uint8Array([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d]))],
    ['a byte order mark', post('\ufeff{"query": "{ a }"}')],
    ['no content type', { method: 'POST', body: new Uint8Array([0x7b, 0x7d]) }],
    ['a form', post('query=%7Ba%7D', { 'content-type': 'application/x-www-form-urlencoded' })],
    ['a form of parts', post('--a\r\n\r\n--a--', { 'content-type': 'multipart/form-data; boundary=a' })],
    [
      'an unknown character set',
      post('{"query": "{ a }"}', { 'content-type': 'application/json; charset=klingon' }),
    ],
    ['a content type that is none', post('{}', { 'content-type': 'a' })],
    ['a compressed body that is none', post('{}', { ...JSON_TYPE, 'content-encoding': 'gzip' })],
    ['PUT', { method: 'PUT', headers: JSON_TYPE, body: '{}' }],
    ['PATCH', { method: 'PATCH', headers: JSON_TYPE, body: '{}' }],
    ['DELETE', { method: 'DELETE' }],
    ['DELETE with a body', { method: 'DELETE', headers: JSON_TYPE, body: '{' }],
    [
      'GET without a query',
      { method: 'GET', headers: { accept: 'application/json', 'apollo-require-preflight': 'x' } },
    ],
    [
      'a mutation by GET',
      { method: 'GET', headers: { 'apollo-require-preflight': 'x' } },
      '?query=mutation%7BrequestSignIn(address:%22%22)%7Bnonce%7D%7D',
    ],
    [
      'variables by GET that are no JSON',
      { method: 'GET', headers: { 'apollo-require-preflight': 'x' } },
      '?query=%7B__typename%7D&variables=%7B',
    ],
    [
      'extensions by GET that are no JSON',
      { method: 'GET', headers: { 'apollo-require-preflight': 'x' } },
      '?query=%7B__typename%7D&extensions=x',
    ],
    [
      'two queries by GET',
      { method: 'GET', headers: { 'apollo-require-preflight': 'x' } },
      '?query=a&query=b',
    ],
    [
      'a broken escape by GET',
      { method: 'GET', headers: { 'apollo-require-preflight': 'x' } },
      '?query=%E0%A4%A',
    ],
    ['GET across sites', { method: 'GET' }, '?query=%7B__typename%7D'],
    [
      'an answer of a type that there is none of',
      post(JSON.stringify({ query: META }), { ...JSON_TYPE, accept: 'image/png' }),
    ],
    ['a path where nothing is', { method: 'GET' }, '/nowhere'],
    ['a path that is no text', { method: 'GET' }, '/%E0%A4%A'],
    ['a path of metadata that is no name', { method: 'GET' }, '/../ipfs/%00'],
    ['a path of metadata that climbs', { method: 'GET' }, '/../ipfs/..%2f..%2fetc%2fpasswd'],
    ['a path of assets that climbs', { method: 'GET' }, '/../graphiql/..%2f..%2fpackage.json'],
    ['a path of 10,000 characters', { method: 'GET' }, `/${'x'.repeat(10_000)}`],
  ])('is refused by a code of ours: %s', async (_, request, at = '') => {
    const response = await fetch(`${api.client.url}/graphql${at}`, request);
    const text = await response.text();
    const { errors } = JSON.parse(text) as { errors: readonly ErrorView[] };
    expect([response.status < 500, faultOf(errors)]).toEqual([true, undefined]);
    expect(errors[0]?.extensions).toMatchObject({ correlationId: response.headers.get('x-request-id') });
    expect(text).not.toMatch(/node_modules|at [A-Z]\w+\./);
  });
});

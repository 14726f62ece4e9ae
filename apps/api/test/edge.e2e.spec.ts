import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { untilOneWaits } from '@abland/testing';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TOKEN_A } from './market-fixture.js';
import { PATIENT, startTestApi, type TestApi } from './test-api.js';

/** What comes back for bytes that no client for HTTP would send. */
async function answerTo(url: string, bytes: string): Promise<string> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  socket.write(bytes);
  let answer = '';
  for await (const chunk of socket) answer += String(chunk);
  return answer;
}

const META = JSON.stringify({ query: '{ _meta { chainId } }' });
const JSON_TYPE = { 'content-type': 'application/json' };

describe('what the API refuses before GraphQL', () => {
  let api: TestApi;
  beforeAll(async () => (api = await startTestApi()));
  afterAll(() => api.stop());

  it.each([
    ['a body that is not JSON', { method: 'POST', headers: JSON_TYPE, body: '{' }, 400, 'BODY_UNREADABLE'],
    ['an empty body', { method: 'POST', headers: JSON_TYPE, body: '' }, 400, 'BODY_UNREADABLE'],
    [
      'a body that is too large',
      { method: 'POST', headers: JSON_TYPE, body: JSON.stringify({ query: 'x'.repeat(300_000) }) },
      413,
      'BODY_TOO_LARGE',
    ],
    [
      'another content type',
      { method: 'POST', headers: { 'content-type': 'application/xml' }, body: '<a/>' },
      415,
      'CONTENT_TYPE',
    ],
    [
      'a compressed body',
      { method: 'POST', headers: { ...JSON_TYPE, 'content-encoding': 'gzip' }, body: gzipSync(META) },
      415,
      'CONTENT_ENCODING',
    ],
    [
      'a body that says to be compressed and is not',
      { method: 'POST', headers: { ...JSON_TYPE, 'content-encoding': 'gzip' }, body: META },
      415,
      'CONTENT_ENCODING',
    ],
    ['another method', { method: 'PUT', headers: JSON_TYPE, body: META }, 404, 'NOT_FOUND'],
  ])('has our code and a correlation id: %s', async (_, request, status, reason) => {
    const response = await fetch(`${api.client.url}/graphql`, request);
    const id = response.headers.get('x-request-id');
    expect(response.status).toBe(status);
    expect(await response.json()).toEqual({
      errors: [
        {
          message: expect.any(String),
          extensions: { code: 'BAD_REQUEST', field: null, details: { reason }, correlationId: id },
        },
      ],
    });
  });

  it('has our code at a path where nothing is', async () => {
    const response = await fetch(`${api.client.url}/nowhere`);
    expect([response.status, await response.json()]).toEqual([
      404,
      { errors: [expect.objectContaining({ extensions: expect.objectContaining({ code: 'BAD_REQUEST' }) })] },
    ]);
  });

  it.each([
    [
      'a path that is no text',
      'GET /% HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n',
      400,
      'PATH_UNREADABLE',
    ],
    ['an address that is too long', `GET /${'a'.repeat(20_000)} HTTP/1.1\r\n\r\n`, 431, 'HEADERS_TOO_LARGE'],
    ['what is not HTTP', 'HELO abland\r\n\r\n', 400, 'REQUEST_UNREADABLE'],
  ])('has our code, though no request came of it: %s', async (_, bytes, status, reason) => {
    const [head, body] = (await answerTo(api.client.url, bytes)).split('\r\n\r\n');
    expect(head).toMatch(`HTTP/1.1 ${status} `);
    expect(JSON.parse(body ?? '')).toEqual({
      errors: [
        {
          message: expect.any(String),
          extensions: {
            code: 'BAD_REQUEST',
            field: null,
            details: { reason },
            correlationId: expect.any(String),
          },
        },
      ],
    });
  });

  it('is a day that does not exist, wherever a moment is asked for', async () => {
    const document = `query ($from: DateTime!) { candles(poolId: "0x${'1'.repeat(64)}", interval: ONE_MINUTE, from: $from, to: "2026-03-05T00:00:00Z") { swaps } }`;
    for (const from of ['2026-02-30T00:00:00Z', '2026-02-29T00:00:00.5Z', '2026-03-01T24:00:00Z']) {
      const { extensions } = await api.client.refusal(document, { from });
      expect([from, extensions.code, extensions.field]).toEqual([from, 'INVALID_ARGUMENT', 'from']);
    }
  });

  it('is no address in upper case, which claims no checksum', async () => {
    const address = `0x${TOKEN_A.slice(2).toUpperCase()}`;
    const document = 'query ($address: Address!) { token(address: $address) { address } }';
    await expect(api.client.query(document, { address })).resolves.toEqual({ token: null });
  });

  it.each([
    'a\ud800',
    '\udc00',
    'zero\u200bwidth',
    '\u202eright',
    'soft\u00adhyphen',
    '\ufeff1',
    'line\u2028end',
    '\u3164',
  ])('is a search for %j', async (search) => {
    const document =
      'query ($search: String!) { tokens(filter: { search: $search }) { edges { node { address } } } }';
    const { extensions } = await api.client.refusal(document, { search });
    expect(extensions.code).toBe('INVALID_SEARCH');
  });
});

describe('an API that is stopped', () => {
  it('answers what it has in hand, refuses what is new, and then is gone', async () => {
    const api = await startTestApi({ limits: PATIENT });
    const holder = new pg.Client({ connectionString: api.databaseUrl });
    holder.on('error', () => undefined);
    await holder.connect();
    await holder.query('BEGIN; LOCK TABLE read_model.tokens IN ACCESS EXCLUSIVE MODE');
    const ask = (query: string): Promise<Response> =>
      fetch(`${api.client.url}/graphql`, {
        method: 'POST',
        headers: JSON_TYPE,
        body: JSON.stringify({ query }),
      });
    const inHand = ask('{ tokens(first: 1) { edges { node { address } } } }');
    await untilOneWaits(holder);
    const stopping = api.stop();
    await new Promise((resolve) => setTimeout(resolve, 100));
    const late = await ask('{ _meta { chainId } }');
    expect(late.status).toBe(503);
    expect(await late.json()).toMatchObject({ errors: [{ extensions: { code: 'SERVICE_UNAVAILABLE' } }] });
    await holder.query('ROLLBACK');
    await holder.end();
    const answered = await inHand;
    expect([answered.status, await answered.json()]).toEqual([200, { data: { tokens: { edges: [] } } }]);
    await stopping;
    await expect(ask('{ _meta { chainId } }')).rejects.toThrow();
  });
});

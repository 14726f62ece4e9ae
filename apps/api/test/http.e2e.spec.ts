import { readExposition } from '@abland/testing/exposition';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Logger, PortInUseError } from '@abland/kernel';
import { VERSION } from '@abland/platform';
import { eventually } from '@abland/testing';
import { Registry } from 'prom-client';
import { startApi } from '../src/index.js';
import { startTestApi, type TestApi } from './test-api.js';

interface Line {
  readonly level: string;
  readonly fields: Record<string, unknown>;
  readonly message: string;
}

function recordingLogger(lines: Line[]): Logger {
  const at = (level: string) => (fields: object, message: string) => {
    lines.push({ level, fields: { ...fields }, message });
  };
  const logger: Logger = {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    child: () => logger,
  };
  return logger;
}

const lines: Line[] = [];
let api: TestApi;
let url: string;
beforeAll(async () => {
  api = await startTestApi({ logger: recordingLogger(lines) });
  url = api.client.url;
});
afterAll(() => api.stop());

const lineOf = (correlationId: string | null): Line | undefined =>
  lines.find(({ message, fields }) => message === 'request' && fields['correlationId'] === correlationId);

describe('probes', () => {
  it('say that the process lives and is ready', async () => {
    expect(await (await fetch(`${url}/health`)).json()).toEqual({
      ...{ status: 'ok', version: VERSION, uptimeSeconds: expect.any(Number) },
    });
    await eventually(async () => {
      const ready = await fetch(`${url}/ready`);
      expect(ready.status).toBe(200);
      expect(await ready.json()).toMatchObject({
        status: 'ready',
        checks: {
          database: { ok: true },
          store: { ok: true },
          projections: { ok: true, lagSeconds: 0 },
          'chain-31337': { ok: true, indexedBlock: 1 },
        },
      });
    });
  });

  it('say that it is not ready while the read models are behind', async () => {
    const status = async () => (await fetch(`${url}/ready`)).status;
    await api.pool.query(`UPDATE projections.builds SET position = 1 WHERE projection = 'users'`);
    // It is the database's clock that tells for how long.
    await api.pool.query(`UPDATE event_store.events SET recorded_at = recorded_at - interval '1 minute'`);
    try {
      expect(await status()).toBe(503);
    } finally {
      await api.pool.query(
        `UPDATE projections.builds SET position = (SELECT max(position) FROM projections.builds)`,
      );
    }
    await eventually(async () => expect(await status()).toBe(200));
  });

  it('serve metrics that count requests and errors', async () => {
    await api.client.send('{ nonsense }');
    // Each is counted once its answer is out.
    await eventually(async () => {
      const text = await (await fetch(`${url}/metrics`)).text();
      expect(readExposition(text)).not.toEqual([]);
      expect(text).toMatch(/abland_api_request_duration_seconds_count\{kind="query",status="200"\} \d+/);
      expect(text).toContain('abland_api_errors_total{code="GRAPHQL_VALIDATION_FAILED"}');
    });
  });
});

describe('a request', () => {
  it('keeps the correlation id that it came with, in its answer, its errors and its log line', async () => {
    const id = 'wallet-7/request-42';
    const answer = await api.client.send('query Mine { me { address } }', {}, { 'x-request-id': id });
    expect(answer.headers.get('x-request-id')).toBe(id);
    expect(answer.errors[0]?.extensions.correlationId).toBe(id);
    // Written once the answer is out.
    await eventually(() =>
      expect(lineOf(id)).toMatchObject({
        level: 'info',
        fields: {
          ...{ operation: 'Mine', kind: 'query', errors: ['UNAUTHENTICATED'] },
          http: { request: { id, method: 'POST' }, response: { status_code: 200 } },
          url: { path: '/graphql' },
          event: { duration: expect.any(Number) },
        },
      }),
    );
  });

  it('that is refused is no error of ours in the log', async () => {
    const errors = () => lines.filter(({ level }) => level === 'error').length;
    const before = errors();
    await api.client.refusal('{ me { address } }');
    await api.client.refusal('{ tokens(first: 1000) { edges { cursor } } }');
    await api.client.refusal('{ nonsense }');
    expect(errors()).toBe(before);
  });

  it('is given an id where it has none or an unfit one', async () => {
    for (const headers of [{}, { 'x-request-id': 'with space' }, { 'x-request-id': 'x'.repeat(101) }]) {
      const answer = await api.client.send('{ _meta { chainId } }', {}, headers);
      expect(answer.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    }
  });

  it('is answered with headers that keep browsers from harm', async () => {
    const { headers } = await api.client.send('{ _meta { chainId } }');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('x-frame-options')).toBe('DENY');
    expect(headers.get('content-security-policy')).toContain("default-src 'self'");
  });

  it('may come from pages of the origins that were named, and of no others', async () => {
    const preflight = (origin: string) =>
      fetch(`${url}/graphql`, {
        method: 'OPTIONS',
        headers: {
          origin,
          'access-control-request-method': 'POST',
          'access-control-request-headers': 'content-type',
        },
      });
    const allowed = await preflight('https://wallet.example');
    expect(allowed.headers.get('access-control-allow-origin')).toBe('https://wallet.example');
    const denied = await preflight('https://evil.example');
    expect(denied.headers.get('access-control-allow-origin')).not.toBe('https://evil.example');
  });

  it('that asks what may be asked is told so, though it is not of a browser', async () => {
    const asked = await fetch(`${url}/graphql`, { method: 'OPTIONS' });
    expect([asked.status, await asked.text()]).toEqual([204, '']);
    expect(asked.headers.get('access-control-allow-methods')).toContain('POST');
    const encoded = { method: 'POST', headers: { 'content-encoding': 'br' }, body: 'x' };
    const refused = await fetch(`${url}/graphql`, encoded);
    expect([refused.status, refused.headers.get('accept-encoding')]).toEqual([415, 'identity']);
  });

  it('is refused where a browser could send it across sites without asking', async () => {
    const simple = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'text/plain' },
      body: JSON.stringify({ query: '{ _meta { chainId } }' }),
    });
    expect(simple.status).toBeGreaterThanOrEqual(400);
    const get = await fetch(`${url}/graphql?query=${encodeURIComponent('{_meta{chainId}}')}`);
    expect(get.status).toBe(400);
  });
});

describe('a document', () => {
  it('that is not GraphQL or does not fit the schema is refused by a code and its field', async () => {
    const refused = async (document: string) => {
      const { extensions } = await api.client.refusal(document);
      return [extensions.code, extensions.field];
    };
    expect(await refused('{')).toEqual(['GRAPHQL_PARSE_FAILED', null]);
    expect(await refused('{ tokens { edges { node { colour } } } }')).toEqual([
      'GRAPHQL_VALIDATION_FAILED',
      'colour',
    ]);
    expect(await refused('{ quote(tokenIn: "0x", amount: "1") { amountIn } }')).toEqual([
      'GRAPHQL_VALIDATION_FAILED',
      'amount',
    ]);
    expect(await refused('{ pool { id } }')).toEqual(['GRAPHQL_VALIDATION_FAILED', 'id']);
    expect(await refused('{ pool(id: 5) { id } }')).toEqual(['GRAPHQL_VALIDATION_FAILED', 'id']);
    expect(await refused('query A { _meta { chainId } } query B { _meta { chainId } }')).toEqual([
      'OPERATION_RESOLUTION_FAILURE',
      null,
    ]);
  });

  it('that is nested too deeply or asks for too much is refused before it runs', async () => {
    const nest = (depth: number): string => (depth === 0 ? 'symbol' : `... on Token { ${nest(depth - 1)} }`);
    expect((await api.client.send(`{ tokens { edges { node { ${nest(30)} } } } }`)).errors).toEqual([]);
    const deep = `{ __schema { types { fields { type { ${'ofType { '.repeat(14)} name ${'} '.repeat(14)} } } } } }`;
    const tooDeep = await api.client.refusal(deep);
    expect(tooDeep.extensions).toMatchObject({ code: 'QUERY_TOO_DEEP', details: { limit: 15 } });
    const page = Array.from(
      { length: 30 },
      (_, index) =>
        `t${index}: tokens(first: 100) { edges { node { name symbol creator address status decimals totalSupply } } }`,
    );
    const tooWide = await api.client.refusal(`{ ${page.join('\n')} }`);
    expect(tooWide.extensions).toMatchObject({ code: 'QUERY_TOO_COMPLEX', details: { limit: 20_000 } });
  });

  it('may ask for the schema', async () => {
    const { __schema } = await api.client.query('{ __schema { queryType { name } } }');
    expect(__schema.queryType.name).toBe('Query');
  });
});

describe('a failure of ours', () => {
  it('is told by nothing but its code and correlation id, and logged with its cause', async () => {
    await api.pool.query('ALTER TABLE read_model.pools RENAME TO pools_away');
    try {
      const { message, extensions } = await api.client.refusal('{ pools { edges { node { id } } } }');
      expect(message).toBe('Internal error');
      expect(extensions).toEqual({
        code: 'INTERNAL_SERVER_ERROR',
        field: null,
        details: {},
        correlationId: expect.any(String),
      });
      const logged = lines.find(
        (line) => line.level === 'error' && line.fields['correlationId'] === extensions.correlationId,
      );
      expect(String(logged?.fields['err'])).toContain('read_model.pools');
    } finally {
      await api.pool.query('ALTER TABLE read_model.pools_away RENAME TO pools');
    }
  });

  it('to start for a port in use is told as that', async () => {
    const port = Number(new URL(url).port);
    const { dependencies } = api;
    const before = lines.length;
    const started = startApi({
      ...dependencies,
      metrics: new Registry(),
      config: { ...dependencies.config, port },
    });
    await expect(started).rejects.toBeInstanceOf(PortInUseError);
    // Whoever starts it tells it, once.
    expect(lines.slice(before).filter(({ level }) => level === 'error')).toEqual([]);
  });
});

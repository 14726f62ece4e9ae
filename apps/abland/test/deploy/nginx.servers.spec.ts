import { once } from 'node:events';
import {
  createServer,
  type IncomingMessage,
  request as plainRequest,
  type Server,
  type ServerResponse,
} from 'node:http';
import { connect as connectHttp2 } from 'node:http2';
import { type RequestOptions, request } from 'node:https';
import type { AddressInfo } from 'node:net';
import { eventually } from '@abland/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { WebSocket, WebSocketServer } from 'ws';
import { NginxUnderTest } from './nginx-under-test.js';

interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** Stands for an API: tells what it was asked, and keeps count. */
class Api {
  readonly asked: string[] = [];
  answer = (incoming: IncomingMessage, response: ServerResponse): void => {
    const kept =
      incoming.url?.startsWith('/assets/') === true ? 'public, max-age=31536000, immutable' : 'no-cache';
    response.writeHead(200, { 'content-type': 'application/json', 'cache-control': kept });
    response.end(JSON.stringify(incoming.headers));
  };
  private readonly server: Server = createServer((incoming, response) => {
    this.asked.push(incoming.url ?? '');
    this.answer(incoming, response);
  });

  async start(): Promise<number> {
    new WebSocketServer({ server: this.server, path: '/graphql' }).on('connection', (socket) =>
      socket.on('message', (data) => socket.send(`heard ${String(data)}`)),
    );
    // Longer than NGINX keeps a connection, as the API has it: else one may end as it is used.
    this.server.keepAliveTimeout = 75_000;
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    return (this.server.address() as AddressInfo).port;
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}

describe('NGINX before two APIs', () => {
  const apis = [new Api(), new Api()] as const;
  let nginx: NginxUnderTest;
  beforeAll(async () => {
    nginx = await NginxUnderTest.before([await apis[0].start(), await apis[1].start()]);
  });
  afterAll(async () => {
    await nginx.stop();
    for (const api of apis) api.stop();
  });
  beforeEach(() => {
    for (const api of apis) api.asked.length = 0;
  });

  const asked = (): readonly string[] => apis.flatMap((api) => api.asked);

  async function ask(path: string, options: RequestOptions = {}, body?: string): Promise<Answer> {
    const asking = request({
      host: 'localhost',
      port: nginx.port,
      path,
      ca: nginx.certificate,
      family: 4,
      ...options,
    });
    asking.end(body);
    const [response] = (await once(asking, 'response')) as [IncomingMessage];
    let text = '';
    for await (const chunk of response) text += String(chunk);
    return { status: response.statusCode ?? 0, headers: response.headers, body: text };
  }

  it('shares requests out to both, and tells each whose they are, whatever the client says of itself', async () => {
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => ask('/', { headers: { 'x-forwarded-for': '203.0.113.9' } })),
    );
    for (const { body, headers, status } of answers) {
      expect(status).toBe(200);
      expect(JSON.parse(body)).toMatchObject({
        'x-forwarded-for': '127.0.0.1',
        'x-forwarded-proto': 'https',
        host: 'localhost',
      });
      expect(headers['strict-transport-security']).toMatch(/max-age=\d{8}/);
    }
    for (const api of apis) expect(api.asked.length).toBeGreaterThan(0);
  });

  it('speaks HTTP/2', async () => {
    const session = connectHttp2(`https://localhost:${nginx.port}`, { ca: nginx.certificate });
    const stream = session.request({ ':path': '/' });
    const [headers] = (await once(stream, 'response')) as [Record<string, unknown>];
    expect(headers[':status']).toBe(200);
    stream.close();
    session.close();
  });

  it('carries subscriptions', async () => {
    const socket = new WebSocket(`wss://localhost:${nginx.port}/graphql`, { ca: nginx.certificate });
    await once(socket, 'open');
    socket.send('hello');
    expect(String(((await once(socket, 'message')) as unknown[])[0])).toBe('heard hello');
    socket.close();
  });

  it('keeps what never changes and asks for it once, and nothing else', async () => {
    const first = await ask('/assets/index-1.js');
    expect((await ask('/assets/index-1.js')).body).toBe(first.body);
    expect(asked()).toEqual(['/assets/index-1.js']);
    await ask('/log/checkpoint');
    await ask('/log/checkpoint');
    expect(asked().filter((path) => path === '/log/checkpoint')).toHaveLength(2);
  });

  it('shows strangers neither metrics nor readiness', async () => {
    for (const path of ['/metrics', '/ready']) expect((await ask(path)).status).toBe(404);
    expect((await ask('/health')).status).toBe(200);
    expect(asked()).toEqual(['/health']);
  });

  it('refuses a body that no API takes before one has seen it', async () => {
    const { status } = await ask('/graphql', { method: 'POST' }, 'x'.repeat(300 * 1024));
    expect(status).toBe(413);
    expect(asked()).toEqual([]);
  });

  it('sends who comes without TLS to where there is TLS', async () => {
    const asking = plainRequest({
      host: '127.0.0.1',
      port: nginx.plainPort,
      path: '/ops?x=1',
      headers: { host: 'abland.example' },
    });
    asking.end();
    const [response] = (await once(asking, 'response')) as [IncomingMessage];
    response.resume();
    expect([response.statusCode, response.headers.location]).toEqual([308, 'https://abland.example/ops?x=1']);
  });

  it('lets an attack of one address wait, and tells it so as the API would', async () => {
    // Of an address of its own, which has to wait in no other test.
    const attacker = { agent: false, localAddress: '127.0.0.9' } as const;
    const answers = await Promise.all(Array.from({ length: 400 }, () => ask('/', attacker)));
    expect((await ask('/')).status).toBe(200);
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused.length).toBeGreaterThan(0);
    expect(JSON.parse(refused[0]?.body ?? '')).toMatchObject({
      errors: [{ extensions: { code: 'RATE_LIMITED' } }],
    });
    await eventually(async () => expect((await ask('/', attacker)).status).toBe(200));
  });

  it('takes a network of IPv6 for one who asks, however its addresses are written', async () => {
    const from = (address: string): Promise<{ status?: number }> =>
      ask('/', {
        agent: false,
        localAddress: NginxUnderTest.CDN,
        headers: { 'x-forwarded-for': address },
      });
    const others = await Promise.all(
      Array.from({ length: 100 }, (_, at) => from(`2001:db8:${(at + 1).toString(16)}::1`)),
    );
    expect(others.map(({ status }) => status)).toEqual(others.map(() => 200));
    // Its third and fourth group are zero, so as text an address of it may show four others of its groups before those.
    const one = await Promise.all(
      Array.from({ length: 400 }, (_, at) => from(`2001:db8::${(at + 1).toString(16)}:1:1:1`)),
    );
    expect(one.filter(({ status }) => status === 429).length).toBeGreaterThan(0);
  });

  it('writes a line of JSON for each request, without its query', async () => {
    await ask('/some/path?token=secret');
    await eventually(() => Promise.resolve(expect(nginx.output).toContain('/some/path')));
    expect(nginx.output).not.toContain('secret');
    const line = nginx.output.split('\n').find((text) => text.includes('/some/path')) ?? '';
    expect(JSON.parse(line)).toMatchObject({ method: 'GET', status: 200, client: '127.0.0.1' });
  });

  it('goes on with the other API where one is gone, and says to persons and programs that none is left', async () => {
    apis[0].stop();
    for (let number = 0; number < 6; number += 1) expect((await ask('/')).status).toBe(200);
    expect(apis[0].asked).toEqual([]);
    apis[1].stop();
    const program = await ask('/graphql', { method: 'POST' }, '{}');
    expect([program.status, program.headers['retry-after']]).toEqual([503, '10']);
    expect(JSON.parse(program.body)).toMatchObject({
      errors: [{ extensions: { code: 'SERVICE_UNAVAILABLE' } }],
    });
    const person = await ask('/ops', { headers: { accept: 'text/html' } });
    expect(person.status).toBe(503);
    expect(person.body).toContain('<h1>AB.LAND is not reached at the moment</h1>');
  });
});

import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from '@jest/globals';
import { until } from '@abland/testing';
import fastifyModule, { type FastifyInstance } from 'fastify';
import { type RequestBounds, RequestsInHand, type RequestTimes } from './requests-in-hand.js';

/** Longer than any test. */
const NEVER_MS = 600_000;
/** Less than what would be waited for where something is wrong. */
const SOON_MS = 20_000;

describe('requests in hand', () => {
  let fastify: FastifyInstance;
  let requests: RequestsInHand;
  let url: string;
  let held: PromiseWithResolvers<string>;
  const serve = async (times: Partial<RequestTimes>, bounds?: RequestBounds): Promise<void> => {
    held = Promise.withResolvers<string>();
    requests = new RequestsInHand({ answerMsMax: NEVER_MS, stopMsMax: NEVER_MS, ...times }, bounds);
    fastify = fastifyModule({ forceCloseConnections: true });
    requests.watch(fastify);
    fastify.get('/held', () => held.promise);
    fastify.get('/soon', () => 'soon');
    fastify.get('/health', () => 'well');
    fastify.post('/body', () => 'whole');
    fastify.get('/half', (_request, reply) => {
      const half = new PassThrough();
      half.write('half');
      return reply.send(half);
    });
    url = await fastify.listen({ port: 0 });
  };
  /** Resolves once the next request has reached the server. */
  const reached = (): Promise<unknown> => once(fastify.server, 'request');
  afterEach(() => fastify.close());

  it('are refused by name where they are not answered in time, and what comes late is nobody’s', async () => {
    await serve({ answerMsMax: 300 });
    const answer = await fetch(`${url}/held`);
    expect(answer.status).toBe(503);
    expect(await answer.json()).toMatchObject({
      errors: [{ extensions: { code: 'SERVICE_UNAVAILABLE' } }],
    });
    held.resolve('late');
    expect(await (await fetch(`${url}/soon`)).text()).toBe('soon');
  });

  it('are cut off where half of the answer is out, and end nothing else', async () => {
    await serve({ answerMsMax: 3_000 }); // of which half an answer takes none but on a busy machine
    const answer = await fetch(`${url}/half`);
    expect(answer.status).toBe(200);
    await expect(answer.text()).rejects.toThrow();
    expect(await (await fetch(`${url}/soon`)).text()).toBe('soon');
  });

  it('are answered before a stop, which refuses those that come after it', async () => {
    await serve({});
    const inHand = reached();
    const asked = fetch(`${url}/held`).then((answer) => answer.text());
    await inHand;
    const finished = requests.finish();
    expect((await fetch(`${url}/soon`)).status).toBe(503);
    held.resolve('held');
    await finished;
    expect(await asked).toBe('held');
  });

  /** Over a connection of its own: of what is injected the response is closed before it is answered. */
  const ask = async (localAddress: string, path: string): Promise<IncomingMessage & { body: string }> => {
    const asking = get({ host: '127.0.0.1', port: new URL(url).port, path, localAddress, agent: false });
    const [response] = (await once(asking, 'response')) as [IncomingMessage];
    return Object.assign(response, { body: await text(response) });
  };
  const holdFrom = (address: string) => ask(address, '/held');
  const answered = async (address: string, path = '/soon'): Promise<number | undefined> =>
    (await ask(address, path)).statusCode;

  it('are so many at once, and what is more is told to come again, probes excepted', async () => {
    await serve({}, { max: 2, ofOneMax: 2 });
    const heldOnes = [holdFrom('127.0.0.1'), holdFrom('127.0.0.2')];
    await until(
      async () => (await answered('127.0.0.3')) === 503,
      () => 'not refused',
    );
    const refused = await ask('127.0.0.3', '/soon');
    expect([refused.statusCode, refused.headers['retry-after']]).toEqual([503, '1']);
    expect(JSON.parse(refused.body)).toMatchObject({
      errors: [{ extensions: { code: 'SERVICE_UNAVAILABLE' } }],
    });
    expect(await answered('127.0.0.3', '/health')).toBe(200);
    held.resolve('held');
    for (const one of heldOnes) expect((await one).statusCode).toBe(200);
    for (let count = 0; count < 3; count += 1) expect(await answered('127.0.0.3')).toBe(200);
  });

  it('of one network address are fewer, so that others are answered', async () => {
    await serve({}, { max: 3, ofOneMax: 1 });
    const one = holdFrom('127.0.0.1');
    await until(
      async () => (await answered('127.0.0.1')) === 503,
      () => 'not refused',
    );
    expect(await answered('127.0.0.2')).toBe(200);
    held.resolve('held');
    await one;
    expect(await answered('127.0.0.1')).toBe(200);
  });

  it('leave their places where who asked is gone before an answer', async () => {
    await serve({}, { max: 2, ofOneMax: 2 });
    for (let number = 0; number < 2; number += 1) {
      const inHand = reached();
      const gone = connect(Number(new URL(url).port), '127.0.0.1');
      gone.write('GET /held HTTP/1.1\r\nHost: x\r\n\r\n');
      await inHand;
      gone.destroy();
    }
    await until(
      async () => (await fetch(`${url}/soon`)).status === 200,
      () => 'not answered',
    );
  });

  it('do not keep a stop waiting where their body has not come', async () => {
    await serve({});
    const inHand = reached();
    const half = connect(Number(new URL(url).port), '127.0.0.1');
    half.on('error', () => undefined);
    half.write('POST /body HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\nContent-Length: 9\r\n\r\nhal');
    await inHand;
    const begun = performance.now();
    await requests.finish();
    expect(performance.now() - begun).toBeLessThan(SOON_MS);
    half.destroy();
  });

  it('do not keep a stop waiting once it has waited long enough', async () => {
    await serve({ stopMsMax: 200 });
    const inHand = reached();
    const asked = fetch(`${url}/held`).catch(() => 'cut off');
    await inHand;
    const begun = performance.now();
    await requests.finish();
    await fastify.close();
    expect(performance.now() - begun).toBeLessThan(SOON_MS);
    expect(await asked).toBe('cut off');
  });
});

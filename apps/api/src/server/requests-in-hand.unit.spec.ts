import { once } from 'node:events';
import { connect } from 'node:net';
import { PassThrough } from 'node:stream';
import { afterEach, describe, expect, it } from '@jest/globals';
import fastifyModule, { type FastifyInstance } from 'fastify';
import { RequestsInHand, type RequestTimes } from './requests-in-hand.js';

/** Longer than any test. */
const NEVER_MS = 600_000;
/** Less than what would be waited for where something is wrong. */
const SOON_MS = 20_000;

describe('requests in hand', () => {
  let fastify: FastifyInstance;
  let requests: RequestsInHand;
  let url: string;
  let held: PromiseWithResolvers<string>;
  const serve = async (times: Partial<RequestTimes>): Promise<void> => {
    held = Promise.withResolvers<string>();
    requests = new RequestsInHand({ answerMsMax: NEVER_MS, stopMsMax: NEVER_MS, ...times });
    fastify = fastifyModule({ forceCloseConnections: true });
    requests.watch(fastify);
    fastify.get('/held', () => held.promise);
    fastify.get('/soon', () => 'soon');
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

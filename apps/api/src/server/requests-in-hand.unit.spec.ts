import { connect } from 'node:net';
import { PassThrough } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fastifyModule, { type FastifyInstance } from 'fastify';
import { RequestsInHand } from './requests-in-hand.js';

describe('requests in hand', () => {
  let fastify: FastifyInstance;
  let requests: RequestsInHand;
  let url: string;
  beforeEach(async () => {
    requests = new RequestsInHand({ answerMsMax: 300, stopMsMax: 600 });
    fastify = fastifyModule({ forceCloseConnections: true });
    requests.watch(fastify);
    fastify.get('/never', () => new Promise(() => undefined));
    fastify.get('/late', () => sleep(400, 'late'));
    fastify.get('/soon', () => sleep(150, 'soon'));
    fastify.post('/body', () => 'whole');
    fastify.get('/half', (_request, reply) => {
      const half = new PassThrough();
      half.write('half');
      return reply.send(half);
    });
    url = await fastify.listen({ port: 0 });
  });
  afterEach(() => fastify.close());

  it.each(['/never', '/late'])(
    'are refused by name where they are not answered in time: %s',
    async (path) => {
      const answer = await fetch(`${url}${path}`);
      expect(answer.status).toBe(503);
      expect(await answer.json()).toMatchObject({
        errors: [{ extensions: { code: 'SERVICE_UNAVAILABLE' } }],
      });
      await sleep(200); // what comes late is nobody's, and ends nothing
      expect(await (await fetch(`${url}/soon`)).text()).toBe('soon');
    },
  );

  it('are cut off where half of the answer is out, and end nothing else', async () => {
    const answer = await fetch(`${url}/half`);
    expect(answer.status).toBe(200);
    await expect(answer.text()).rejects.toThrow();
    expect(await (await fetch(`${url}/soon`)).text()).toBe('soon');
  });

  it('are answered before a stop, which refuses those that come after it', async () => {
    const asked = fetch(`${url}/soon`).then((answer) => answer.text());
    await sleep(50);
    const finished = requests.finish();
    expect((await fetch(`${url}/soon`)).status).toBe(503);
    await finished;
    expect(await asked).toBe('soon');
  });

  it('do not keep a stop waiting once it has waited long enough, nor where their body has not come', async () => {
    const half = connect(Number(new URL(url).port), '127.0.0.1');
    half.on('error', () => undefined);
    half.write('POST /body HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\nContent-Length: 9\r\n\r\nhal');
    await sleep(50);
    let begun = performance.now();
    await requests.finish();
    expect(performance.now() - begun).toBeLessThan(600); // which it would wait for an answer
    half.destroy();
    requests = new RequestsInHand({ answerMsMax: 10_000, stopMsMax: 200 });
    const other = fastifyModule({ forceCloseConnections: true });
    requests.watch(other);
    other.get('/never', () => new Promise(() => undefined));
    const asked = fetch(`${await other.listen({ port: 0 })}/never`).catch(() => 'cut off');
    await sleep(50);
    begun = performance.now();
    await requests.finish();
    await other.close();
    expect(performance.now() - begun).toBeLessThan(1_000);
    expect(await asked).toBe('cut off');
  });
});

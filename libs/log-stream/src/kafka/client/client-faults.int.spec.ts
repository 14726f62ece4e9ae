import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { silentLogger } from '@abland/kernel';
import { until } from '@abland/testing/eventually';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { KafkaLogStream } from '../kafka-log-stream.js';
import { KafkaClient } from './kafka-client.js';

/** Frames of Kafka's protocol: a length and so many bytes. */
const frame = (...bytes: readonly number[]): Buffer => {
  const length = Buffer.alloc(4);
  length.writeInt32BE(bytes.length);
  return Buffer.concat([length, Buffer.from(bytes)]);
};

describe('a client of something that is no Kafka', () => {
  let server: Server;
  const sockets: Socket[] = [];
  const thrown: unknown[] = [];
  const keep = (error: unknown): void => void thrown.push(error);

  async function listen(onSocket: (socket: Socket) => void): Promise<readonly string[]> {
    server = createServer((socket) => {
      sockets.push(socket.on('error', () => undefined));
      onSocket(socket);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    process.on('unhandledRejection', keep).on('uncaughtException', keep);
    return [`127.0.0.1:${(server.address() as AddressInfo).port}`];
  }
  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
    process.off('unhandledRejection', keep).off('uncaughtException', keep);
    expect(thrown.splice(0)).toEqual([]);
  });

  it.each<[string, (socket: Socket) => void]>([
    ['hangs up', (socket) => socket.destroy()],
    ['speaks HTTP', (socket) => socket.on('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'))],
    ['answers with less than an answer', (socket) => socket.on('data', () => socket.write(frame(0, 0)))],
    [
      'answers what was not asked',
      (socket) => socket.on('data', () => socket.write(frame(9, 9, 9, 9, 1, 2))),
    ],
    [
      'answers with a length that cannot be',
      (socket) => socket.on('data', () => socket.write(Buffer.from([0xff, 0xff, 0xff, 0xf0, 1, 2, 3, 4]))),
    ],
  ])('fails in a way that may pass, and throws nothing to nobody, where it %s', async (_, onSocket) => {
    const brokers = await listen(onSocket);
    const stream = new KafkaLogStream({ brokers, topicPrefix: '', tls: null, sasl: null }, silentLogger);
    const last = stream.last('topic');
    last.catch(() => undefined);
    await sleep(1_500);
    await stream.close();
    await expect(last).rejects.toMatchObject({ code: 'LOG_STREAM_UNAVAILABLE' });
  });

  it('ends at once, whatever is open, where it says nothing (kafkajs#918)', async () => {
    const brokers = await listen(() => undefined);
    const client = new KafkaClient({ brokers, topicPrefix: '', tls: null, sasl: null }, silentLogger);
    const admin = client.admin();
    const connecting = admin.connect();
    connecting.catch(() => undefined);
    await sleep(200);
    client.close();
    const begun = performance.now();
    await expect(connecting).rejects.toThrow();
    expect(performance.now() - begun).toBeLessThan(30_000);
  });

  it('looks for nothing where nothing is held back', async () => {
    const brokers = await listen(() => undefined);
    const client = new KafkaClient({ brokers, topicPrefix: '', tls: null, sasl: null }, silentLogger);
    const { RequestQueue } = await import('./kafkajs.js');
    const queue = Object.assign(Object.create(RequestQueue.prototype) as InstanceType<typeof RequestQueue>, {
      ...{ pending: [], throttledUntil: -1, throttleCheckTimeoutId: null },
    });
    queue.checkPendingRequests();
    expect(queue.throttleCheckTimeoutId).toBeNull();
    const sent = jest.fn();
    Object.assign(queue, {
      pending: [{}],
      throttledUntil: performance.now() + 30,
      checkPendingRequests: sent,
    });
    queue.scheduleCheckPendingRequests();
    await until(() => sent.mock.calls.length > 0);
    await sleep(100);
    expect(sent).toHaveBeenCalledTimes(1);
    client.close();
  });
});

import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { WebSocketServer } from 'ws';
import { after } from '../browser/later.js';
import { ask } from './ask.js';
import { createAsker } from './asker.js';
import { createApi } from './client.js';
import { FollowPipelineDocument, ViewerDocument } from './operations.gen.js';

afterEach(() => void jest.restoreAllMocks());

/** A connection that nothing comes from until whoever asks gives up. */
const dead: typeof fetch = (_input, init) =>
  new Promise((_resolve, reject) => {
    const signal = init?.signal;
    signal?.addEventListener('abort', () => reject(signal.reason as Error));
  });
const answering: typeof fetch = () =>
  Promise.resolve(Response.json({ data: { viewer: { operator: true } } }));

describe('what the server is asked', () => {
  it('is refused where nothing comes, and asked again', async () => {
    const sent = jest.spyOn(globalThis, 'fetch').mockImplementationOnce(dead).mockImplementation(answering);
    const api = createApi(false, 20);
    const told: unknown[] = [];
    await new Promise<void>((resolve) => {
      const asker = createAsker({
        ask: () => ask(api.client, ViewerDocument, {}),
        tell(heard) {
          told.push(heard.refused === null ? heard.answer : heard.refused.message);
          if (heard.refused === null) resolve();
        },
        later: after(1),
      });
      asker.again();
    });
    expect(told).toEqual(['The server cannot be reached.', { viewer: { operator: true } }]);
    expect(sent).toHaveBeenCalledTimes(2);
    api.close();
  });

  it('is not waited for any longer by whoever does not want it any more', async () => {
    const given = new Promise<AbortSignal | null | undefined>((resolve) =>
      jest.spyOn(globalThis, 'fetch').mockImplementation((input, init) => {
        resolve(init?.signal);
        return dead(input, init);
      }),
    );
    const api = createApi(false);
    const { unsubscribe } = api.client.query(ViewerDocument, {}).subscribe(() => undefined);
    const signal = await given;
    expect(signal?.aborted).toBe(false);
    unsubscribe();
    expect(signal?.aborted).toBe(true);
    api.close();
  });
});

/** A server of graphql-transport-ws that lets everybody in and tells nothing; what it takes of pings is the test's. */
class SilentServer {
  connections = 0;
  followed = 0;

  private constructor(
    private readonly server: WebSocketServer,
    answersPings: (connection: number) => boolean,
  ) {
    server.on('connection', (socket) => {
      this.connections += 1;
      const connection = this.connections;
      socket.on('message', (data) => {
        const { type } = JSON.parse(String(data)) as { type: string };
        if (type === 'connection_init') socket.send(JSON.stringify({ type: 'connection_ack' }));
        if (type === 'subscribe') this.followed += 1;
        if (type === 'ping' && answersPings(connection)) socket.send(JSON.stringify({ type: 'pong' }));
      });
    });
  }

  static async start(answersPings: (connection: number) => boolean): Promise<SilentServer> {
    const server = new WebSocketServer({
      port: 0,
      host: '127.0.0.1',
      handleProtocols: () => 'graphql-transport-ws',
    });
    await once(server, 'listening');
    Object.assign(globalThis, {
      location: { protocol: 'http:', host: `127.0.0.1:${(server.address() as AddressInfo).port}` },
    });
    return new SilentServer(server, answersPings);
  }

  async stop(): Promise<void> {
    for (const client of this.server.clients) client.terminate();
    await new Promise((resolve) => this.server.close(resolve));
    Reflect.deleteProperty(globalThis, 'location');
  }
}

async function until(holds: () => boolean): Promise<void> {
  for (const end = performance.now() + 120_000; !holds();) {
    if (performance.now() > end) throw new Error(`It never came to that: ${String(holds)}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

describe('a connection that is followed', () => {
  it('is given up and made anew where it answers no ping, and what was followed is followed again', async () => {
    const server = await SilentServer.start((connection) => connection > 1);
    const api = createApi(false, undefined, { ping: 20, pong: 50 });
    const { unsubscribe } = api.client.subscription(FollowPipelineDocument, {}).subscribe(() => undefined);
    await until(() => server.followed >= 2);
    expect(server.connections).toBeGreaterThan(1);
    unsubscribe();
    api.close();
    await server.stop();
  });

  it('is kept for as long as it answers, though nothing else comes', async () => {
    let pings = 0;
    const server = await SilentServer.start(() => (pings += 1) > 0);
    const api = createApi(false, undefined, { ping: 10, pong: 30_000 });
    const { unsubscribe } = api.client.subscription(FollowPipelineDocument, {}).subscribe(() => undefined);
    await until(() => pings > 5);
    expect(server).toMatchObject({ connections: 1, followed: 1 });
    unsubscribe();
    api.close();
    await server.stop();
  });
});

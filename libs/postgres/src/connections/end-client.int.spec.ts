import { connect, createServer, type Server, type Socket } from 'node:net';
import { silentLogger } from '@abland/kernel';
import { createTestDatabase, type TestDatabase } from '@abland/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { endAfterAbort, endClient } from './end-client.js';

describe('ending a connection', () => {
  let database: TestDatabase;
  let proxy: Server;
  let deaf = false;
  const sockets: Socket[] = [];

  /** In front of the database; once it is deaf nothing passes, and nobody says so. */
  beforeEach(async () => {
    deaf = false;
    database = await createTestDatabase();
    const { hostname, port } = new URL(database.url);
    proxy = createServer({ allowHalfOpen: true }, (socket) => {
      const upstream = connect(Number(port), hostname);
      sockets.push(socket, upstream);
      socket.on('data', (data) => deaf || upstream.write(data)).on('error', () => undefined);
      upstream.on('data', (data) => deaf || socket.write(data)).on('error', () => undefined);
      socket.on('end', () => deaf || upstream.end());
      upstream.on('end', () => deaf || socket.end());
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  });
  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.destroy();
    await new Promise((resolve) => proxy.close(resolve));
    await database.drop();
  });

  const open = async (): Promise<pg.Client> => {
    const url = new URL(database.url);
    url.host = `127.0.0.1:${(proxy.address() as { port: number }).port}`;
    const client = new pg.Client({ connectionString: url.href });
    client.on('error', () => undefined);
    await client.connect();
    return client;
  };

  it('does not wait for a peer that is gone without a word', async () => {
    const client = await open();
    deaf = true;
    const begun = performance.now();
    await endClient(client, 200);
    expect(performance.now() - begun).toBeLessThan(30_000);
    await expect(client.query('SELECT 1')).rejects.toThrow();
  });

  it('fails what is still in hand a while after the abort', async () => {
    const client = await open();
    const abort = new AbortController();
    endAfterAbort(client, abort.signal, 100, silentLogger);
    deaf = true;
    const query = client.query('SELECT 1');
    abort.abort();
    await expect(query).rejects.toThrow(/terminated/);
  });

  it('leaves a connection alone whose work came to its end', async () => {
    const client = await open();
    const abort = new AbortController();
    const callOff = endAfterAbort(client, abort.signal, 300, silentLogger);
    expect((await client.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
    abort.abort();
    callOff();
    await new Promise((resolve) => setTimeout(resolve, 600));
    expect((await client.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
    await endClient(client);
  });
});

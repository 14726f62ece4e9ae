import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { untilReady } from './until-ready.js';

describe('waiting for the read models', () => {
  let server: Server;
  let url: string;
  let status = 503;
  let silent = false;
  let body = '';
  const never = new Promise<void>(() => undefined);
  const signal = new AbortController().signal;

  beforeEach(async () => {
    server = createServer((_request, response) => void (silent || response.writeHead(status).end(body)));
    await new Promise<void>((resolve) => server.listen(0, resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
    [status, silent, body] = [503, false, ''];
  });

  it('ends once they are ready, and tells when they are not in time', async () => {
    expect(await untilReady(url, never, signal, 200)).toEqual(['no answer']);
    setTimeout(() => (status = 200), 100);
    expect(await untilReady(url, never, signal, 60_000)).toEqual([]);
  });

  it('tells what is missing where something is', async () => {
    const disk = { ok: false, error: 'DISK_FULL', freeBytes: 7 };
    body = JSON.stringify({
      status: 'not ready',
      checks: { database: { ok: true }, disk, stages: { ok: false } },
    });
    expect(await untilReady(url, never, signal, 200)).toEqual(['disk (DISK_FULL)', 'stages']);
    for (body of ['[]', 'null', '"checks"', '{"checks":{}}', '{"checks":7}'])
      expect(await untilReady(url, never, signal, 50)).toEqual(['no answer']);
  });

  it('ends with whatever a program ended with, also while nothing answers', async () => {
    silent = true;
    const ended = new Promise<void>((_resolve, reject) => setTimeout(() => reject(new Error('broken')), 50));
    await expect(untilReady(url, ended, signal, 60_000)).rejects.toThrow('broken');
  });
});

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { listenFailure } from '@abland/kernel';
import { afterEach, describe, expect, it } from '@jest/globals';
import { Registry } from 'prom-client';
import { type Health, startHealthServer } from './health-server.js';

describe('the health server', () => {
  const opened: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const close of opened.splice(0)) await close();
  });
  const serve = async (health: () => Health | Promise<Health>): Promise<string> => {
    const server = await startHealthServer({ port: 0, metrics: new Registry(), health });
    opened.push(() => server.stop());
    return `http://127.0.0.1:${server.port}`;
  };

  it('says by name that its port is taken', async () => {
    const other = createServer();
    opened.push(() => new Promise((resolve) => other.close(resolve)));
    await new Promise<void>((resolve) => other.listen(0, resolve));
    const { port } = other.address() as AddressInfo;
    const start = startHealthServer({
      port,
      metrics: new Registry(),
      health: () => ({ ready: true, details: {} }),
    });
    await expect(start).rejects.toMatchObject({ code: 'PORT_IN_USE', details: { port } });
  });

  it('says by name that its user may not have its port', () => {
    const refused = Object.assign(new Error('listen EACCES: permission denied 0.0.0.0:80'), {
      code: 'EACCES',
    });
    expect(listenFailure(refused, 80, 'METRICS_PORT')).toMatchObject({
      ...{ code: 'PORT_REFUSED', details: { port: 80 } },
      message: 'This user may not listen at port 80: set METRICS_PORT to one above 1023, or let it',
    });
    const other = new Error('another');
    expect(listenFailure(other, 80)).toBe(other);
  });

  it('shows no key of a provider, whoever put it into a state', async () => {
    const failure = { code: 'CHAIN_RPC_UNAVAILABLE', message: 'https://eth.example/v3/SECRETKEY is away' };
    const url = await serve(() => ({ ready: false, details: { chains: [{ failure, head: 7n }] } }));
    const response = await fetch(`${url}/ready`);
    const text = await response.text();
    expect(response.status).toBe(503);
    expect(text).not.toContain('SECRETKEY');
    expect(text).toContain('eth.example');
  });

  it('is not ready while nobody can tell', async () => {
    const refused = Object.assign(new Error('postgres://me:SECRETKEY@db/x is away'), {
      code: 'ECONNREFUSED',
    });
    const url = await serve(() => Promise.reject(refused));
    const response = await fetch(`${url}/ready`);
    expect(response.status).toBe(503);
    expect(await response.text()).not.toContain('SECRETKEY');
  });

  it('answers while what it asks hangs', async () => {
    const url = await serve(() => new Promise<Health>(() => undefined));
    const response = await fetch(`${url}/ready`, { signal: AbortSignal.timeout(30_000) });
    expect(response.status).toBe(503);
    expect((await fetch(`${url}/health`)).status).toBe(200);
  });
});

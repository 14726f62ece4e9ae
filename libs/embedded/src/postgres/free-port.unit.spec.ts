import { createServer } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { freePort } from './free-port.js';

describe('a free port', () => {
  it('is another one each time, can be listened on, and is none that a system gives to connections', async () => {
    const ports = await Promise.all(Array.from({ length: 50 }, freePort));
    expect(new Set(ports).size).toBe(50);
    expect(Math.max(...ports)).toBeLessThan(24_000); // tests have those above
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(ports[0], resolve));
    await new Promise((resolve) => server.close(resolve));
  });

  it('is one of those that it may be, while any is left', async () => {
    const range = { first: 31_990, count: 3 };
    const ports = [await freePort(range), await freePort(range), await freePort(range)];
    expect(ports.toSorted()).toEqual([31_990, 31_991, 31_992]);
    await expect(freePort(range)).rejects.toMatchObject({ code: 'POSTGRES_START_FAILED' });
  });
});

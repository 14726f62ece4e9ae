import { afterEach, describe, expect, it } from '@jest/globals';
import { freePort } from './free-port.js';

const ID = process.env['JEST_WORKER_ID'];

describe('a free port of a test', () => {
  afterEach(() => {
    process.env['JEST_WORKER_ID'] = ID;
  });

  it('is one that no other worker of the run chooses, nor a program for itself', async () => {
    const chosen: string[] = [];
    for (const worker of ['1', '2', '3', '4']) {
      process.env['JEST_WORKER_ID'] = worker;
      const ports = await Promise.all(Array.from({ length: 20 }, freePort));
      expect(Math.min(...ports)).toBeGreaterThanOrEqual(24_000);
      expect(Math.max(...ports)).toBeLessThan(32_768);
      for (const thousand of new Set(ports.map((port) => Math.floor(port / 1_000))))
        chosen.push(`${thousand}`);
    }
    expect(new Set(chosen).size).toBe(4);
    expect(chosen).toHaveLength(4);
  });
});

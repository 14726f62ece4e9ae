import { describe, expect, it } from '@jest/globals';
import { type Logger, silentLogger } from '@abland/kernel';
import { StopAsked } from './program.js';
import { telling } from './telling.js';

describe('what a program tells the log of itself', () => {
  it('is that it runs, that it is to stop and why, and that it has, once each', async () => {
    const told: string[] = [];
    const info: Logger['info'] = (fields, message) =>
      void told.push([message, ...Object.values(fields)].join(': '));
    const logger: Logger = { ...silentLogger, info };
    const asked = new AbortController();
    const stop = (): Promise<void> => Promise.resolve(void told.push('…'));
    const program = telling(
      { name: 'worker', ended: new Promise<void>(() => undefined), stop },
      logger,
      asked.signal,
    );
    expect(told).toEqual(['the worker runs']);
    asked.abort(new StopAsked('SIGTERM'));
    await Promise.all([program.stop(), program.stop()]);
    expect(told).toEqual(['the worker runs', 'the worker stops: SIGTERM', '…', 'the worker has stopped']);
  });
});

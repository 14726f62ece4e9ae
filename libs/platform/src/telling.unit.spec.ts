import { describe, expect, it } from '@jest/globals';
import { type Logger, silentLogger } from '@abland/kernel';
import { telling } from './telling.js';

describe('what a program tells the log of itself', () => {
  it('is that it runs, that it is to stop, and that it has, once each', async () => {
    const told: string[] = [];
    const logger: Logger = { ...silentLogger, info: (_fields, message) => void told.push(message ?? '') };
    const stop = (): Promise<void> => Promise.resolve(void told.push('…'));
    const program = telling({ name: 'worker', ended: new Promise<void>(() => undefined), stop }, logger);
    expect(told).toEqual(['the worker runs']);
    await Promise.all([program.stop(), program.stop()]);
    expect(told).toEqual(['the worker runs', 'the worker stops', '…', 'the worker has stopped']);
  });
});

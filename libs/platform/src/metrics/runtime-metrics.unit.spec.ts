import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { readExposition } from '@abland/testing/exposition';
import { setTimeout as sleep } from 'node:timers/promises';
import { Registry } from 'prom-client';
import { addRuntimeMetrics } from './runtime-metrics.js';

const DELAYS = /^nodejs_eventloop_lag_/;

describe('what is told of the runtime of a program', () => {
  beforeEach(() => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setTimeout', 'setImmediate', 'hrtime', 'performance'] });
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  const delaysOf = async (registry: Registry) =>
    readExposition(await registry.metrics()).filter(({ name }) => DELAYS.test(name));

  it('is a number or nothing, however often and soon it is scraped', async () => {
    const registry = new Registry();
    addRuntimeMetrics(registry);
    for (const told of [await delaysOf(registry), await delaysOf(registry)])
      expect(told.map(({ samples }) => samples)).toEqual(Array<unknown>(7).fill([]));
    let first = await delaysOf(registry);
    // A busy machine may come round once in a window, which is no delay yet.
    while (first.some(({ samples }) => samples.length === 0)) {
      await sleep(50);
      jest.advanceTimersByTime(10_000);
      first = await delaysOf(registry);
    }
    expect(await delaysOf(registry)).toEqual(first);
    const values = first.flatMap(({ samples }) => samples.map(({ value }) => value));
    expect(values).toHaveLength(7);
    // Above an hour it is the greatest number that there is, told of an empty histogram.
    for (const value of values) expect([value >= 0, value < 3_600]).toEqual([true, true]);
  });

  it('tells memory and CPU', async () => {
    const registry = new Registry();
    addRuntimeMetrics(registry);
    const names = readExposition(await registry.metrics()).map(({ name }) => name);
    expect(names).toEqual(
      expect.arrayContaining([
        'process_resident_memory_bytes',
        'process_cpu_seconds_total',
        'nodejs_active_handles',
      ]),
    );
  });

  it('tells nothing by the name of a counter that is none', async () => {
    const registry = new Registry();
    addRuntimeMetrics(registry);
    const told = readExposition(await registry.metrics()).filter(({ name }) => name.endsWith('_total'));
    expect(told.filter(({ type }) => type !== 'counter').map(({ name }) => name)).toEqual([]);
  });
});

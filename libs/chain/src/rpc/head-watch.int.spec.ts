import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { silentLogger } from '@abland/kernel';
import { eventually } from '@abland/testing';
import { HeadWatch } from './head-watch.js';
import { TestProvider } from './json-rpc-server.fixture.js';

const NEVER_MS = 3_600_000;
/** Long enough on any machine for what is to come. */
const WITHIN_MS = 120_000;

describe('head watch', () => {
  let provider: TestProvider;
  let watch: HeadWatch | null = null;
  const { signal } = new AbortController();

  beforeEach(async () => {
    provider = new TestProvider(() => '0x1');
    await provider.start();
  });
  afterEach(async () => {
    watch?.close();
    await provider.stop();
  });

  function open(pollIntervalMs: number): HeadWatch {
    watch = new HeadWatch({ urls: [provider.url], pollIntervalMs, logger: silentLogger });
    return watch;
  }

  /** Whether `next` resolves at all. */
  const wakes = (heads: HeadWatch): Promise<boolean> =>
    Promise.race([heads.next(signal).then(() => true), sleep(WITHIN_MS, false, { ref: false })]);

  it('wakes for each pushed head, also one that came while nobody waited', async () => {
    const heads = open(NEVER_MS);
    expect(await wakes(heads)).toBe(true);
    provider.pushHead();
    await sleep(30);
    expect(await wakes(heads)).toBe(true);
    expect(heads.pushed).toBe(true);
    setTimeout(() => provider.pushHead(), 20);
    expect(await wakes(heads)).toBe(true);
  });

  it('looks by the clock where nothing is pushed', async () => {
    const heads = open(20);
    const started = performance.now();
    for (let looks = 0; looks < 10; looks += 1) await heads.next(signal);
    // The first is at once; none of the others is before its time.
    expect(performance.now() - started).toBeGreaterThan(8 * 19);
  });

  it('subscribes again after the connection broke', async () => {
    const heads = open(NEVER_MS);
    await wakes(heads);
    for (const socket of provider.sockets) socket.terminate();
    expect(await wakes(heads)).toBe(true);
    expect(provider.calls).toEqual(['eth_subscribe', 'eth_subscribe']);
  });

  it('subscribes again where heads come that nobody pushed, though the connection stands', async () => {
    const heads = open(NEVER_MS);
    await wakes(heads);
    for (let head = 1; head <= 4; head += 1) heads.found(head); // looking finds it; the first subscription is silent
    await eventually(() => expect(provider.calls).toEqual(['eth_subscribe', 'eth_subscribe']), WITHIN_MS);
    await wakes(heads);
    for (let head = 5; head < 25; head += 1) {
      provider.pushHead();
      await heads.next(signal);
      heads.found(head);
    }
    expect(provider.connections).toBe(2);
  });

  it('subscribes to another provider where the first takes no WebSocket, or is gone', async () => {
    const gone = new TestProvider(() => '0x1');
    await gone.start();
    const urls = [gone.url, provider.url];
    await gone.stop();
    watch = new HeadWatch({ urls, pollIntervalMs: NEVER_MS, logger: silentLogger });
    expect(await wakes(watch)).toBe(true);
    expect(provider.calls).toEqual(['eth_subscribe']);
  });

  it('ends waiting when aborted', async () => {
    const abort = new AbortController();
    const heads = open(NEVER_MS);
    await wakes(heads);
    setTimeout(() => abort.abort(), 20);
    await heads.next(abort.signal);
    expect(abort.signal.aborted).toBe(true);
  });
});

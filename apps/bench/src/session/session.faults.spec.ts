import { describe, expect, it } from '@jest/globals';
import { runSession } from './session-bench.js';

const deep = process.env['ABLAND_TEST_DEEP'] === '1';
const SIZE = deep
  ? { events: 1_000_000, kills: 20, perSecond: 100, idleMs: 5_000, killWithinMs: 8_000 }
  : { events: 3_000, kills: 1, perSecond: 20, idleMs: 200, killWithinMs: 1_500 };

describe('read models that operators rebuild at noon', () => {
  it(`are the same after every rebuild, kill, change and skip, on a log of ${SIZE.events} events and on both stores`, async () => {
    const said: string[] = [];
    await runSession(SIZE, (line) => said.push(line));
    const all = said.join('\n');
    expect(all).toMatch(/SIGKILL of the projector[^]*SIGKILL of the database[^]*all builds are READY/);
    expect(all).toMatch(/tokens: [1-9]\d* rows changed, 0 gone, 0 new\n *name: Token (\w+) -> TOKEN/);
    expect(all).toMatch(/promoted: build[^]*switched back: build[^]*rebuilt and promoted: build/);
    expect(all).toMatch(/parked at INGESTION[^]*parked at PROJECTION by pools[^]*parked now: 1/);
    expect(all.match(/: the same$/gm)).toHaveLength(6);
  }, 3_600_000);
});

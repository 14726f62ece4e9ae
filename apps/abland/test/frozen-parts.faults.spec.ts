import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@abland/testing';
import { expectAsRebuilt } from './as-rebuilt.js';
import { MAIN, SystemUnderTest } from './system-under-test.js';

const run = promisify(execFile);
const FROZEN_MS = process.env['ABLAND_TEST_DEEP'] === undefined ? 3_000 : 60_000;
const PARTS = ['database', 'chain'] as const;
/** Of each of the three a third is promised, of a machine that has nothing else to do. */
const ANSWER_WITHIN_MS = 60_000;
const NOT_READY_WITHIN_MS = 30_000;
const STOP_WITHIN_MS = 45_000;
const BACK_WITHIN_MS = 60_000;

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describe('a system of which a part stands still', () => {
  let system: SystemUnderTest;
  const abland = async (...args: readonly string[]): Promise<string> =>
    (await run(process.execPath, [MAIN, ...args], { env: system.environment })).stdout;
  /** Answered or refused: an HTTP status. @throws where neither comes in time */
  const ask = async (query: string): Promise<number> =>
    (
      await fetch(`${system.apiUrl}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query }),
        signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
      })
    ).status;
  const readiness = async (): Promise<number> => (await fetch(`${system.apiUrl}/ready`)).status;

  beforeAll(async () => {
    system = await SystemUnderTest.create();
    await system.start();
    await abland('demo', '--run', 'one', '--no-final');
  });
  afterAll(async () => {
    for (const part of PARTS) await system?.goOn(part);
    await system?.remove();
  });

  it.each(PARTS)(
    '(its %s) answers or refuses every request, says that it is not ready, and goes on as if nothing had been',
    async (part) => {
      await system.freeze(part);
      await eventually(async () => expect(await readiness()).toBe(503), NOT_READY_WITHIN_MS);
      const until = Date.now() + FROZEN_MS;
      let asked = 0;
      while (Date.now() < until) {
        const queries = [
          '{ tokens(first: 1) { edges { node { symbol } } } }',
          '{ _meta { indexedBlock } }',
          'mutation { requestSignIn(address: "0x5FbDB2315678afecb367f032d93F642f64180aa3") { message } }',
        ];
        const statuses = await Promise.all(queries.map(ask));
        expect(statuses.every((status) => status >= 200)).toBe(true);
        asked += statuses.length;
        expect(await readiness()).toBe(503);
        await pause(500);
      }
      expect(asked).toBeGreaterThan(0);

      await system.goOn(part);
      await eventually(async () => expect(await readiness()).toBe(200), BACK_WITHIN_MS);
      expect(await abland('demo', '--run', `after-${part}`)).toMatch(/ {2}equal\n/);
      await expectAsRebuilt(system, abland);
    },
  );

  it.each(PARTS)(
    '(its %s) stops in order, leaves no process behind, and has all its data at the next start',
    async (part) => {
      const processes = await system.processesOf(part);
      await system.freeze(part);
      const begun = performance.now();
      expect({ code: await system.stop('SIGTERM'), said: system.output }).toMatchObject({ code: 0 });
      expect(performance.now() - begun).toBeLessThan(STOP_WITHIN_MS);
      expect(system.output).not.toContain('did not stop');
      await eventually(() => expect(processes.filter(isAlive)).toEqual([]));

      await system.start();
      expect(await abland('demo', '--run', 'one', '--no-final')).toMatch(/ {2}equal\n/);
    },
  );
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

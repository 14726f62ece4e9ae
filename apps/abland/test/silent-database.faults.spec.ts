import { createTestDatabase, Gate, type TestDatabase } from '@abland/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SECRETS, SystemUnderTest } from './system-under-test.js';

/** Ten seconds are promised of readiness, fifteen of the stop, of a machine that has nothing else to do. */
const SOON_MS = 45_000;

const timed = async <Result>(work: Promise<Result>): Promise<readonly [Result, number]> => {
  const begun = performance.now();
  return [await work, performance.now() - begun];
};

describe('the one command on a database that says nothing any more', () => {
  let database: TestDatabase;
  let gate: Gate;
  let system: SystemUnderTest;
  beforeAll(async () => {
    database = await createTestDatabase();
    gate = await Gate.inFrontOf(database.url);
    const PERSONAL_DATA_KEY = Buffer.alloc(32, 1).toString('base64');
    system = await SystemUnderTest.create({ ...SECRETS, PERSONAL_DATA_KEY, DATABASE_URL: gate.url });
    await system.start();
  });
  afterAll(async () => {
    await system?.remove();
    await gate?.close();
    await database?.drop();
  });

  it('is not ready soon, and stops in order', async () => {
    gate.deafen({ alsoNew: true });
    const [ready, readyMs] = await timed(fetch(`${system.apiUrl}/ready`));
    expect(ready.status).toBe(503);
    expect(readyMs).toBeLessThan(SOON_MS);
    const [code, stopMs] = await timed(system.stop());
    expect({ code, output: system.output }).toMatchObject({ code: 0 });
    expect(stopMs).toBeLessThan(SOON_MS);
  });
});

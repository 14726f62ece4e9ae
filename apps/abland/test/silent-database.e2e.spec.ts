import { createTestDatabase, Gate, type TestDatabase } from '@abland/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SECRETS, SystemUnderTest } from './system-under-test.js';

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
  }, 120_000);
  afterAll(async () => {
    await system.remove();
    await gate.close();
    await database.drop();
  });

  it('is not ready within ten seconds, and stops in order within fifteen', async () => {
    gate.deafen({ alsoNew: true });
    const [ready, readyMs] = await timed(fetch(`${system.apiUrl}/ready`));
    expect(ready.status).toBe(503);
    expect(readyMs).toBeLessThan(10_000);
    const [code, stopMs] = await timed(system.stop());
    expect({ code, output: system.output }).toMatchObject({ code: 0 });
    expect(stopMs).toBeLessThan(15_000);
  }, 90_000);
});

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestDatabase } from '@abland/testing';
import { StandInServer } from '@abland/testing/eventstoredb';
import { expectAsRebuilt, expectRebuiltAlike } from './as-rebuilt.js';
import { checksumsOf, MAIN, SECRETS, SystemUnderTest } from './system-under-test.js';

const run = promisify(execFile);

/**
 * On a stand-in that answers as a real server was seen to; EVENTSTORE_URL names a real one instead, to whose log no system has
 * written before.
 */
describe('the one command on EventStoreDB', () => {
  let standIn: StandInServer | undefined;
  let system: SystemUnderTest;
  let url: string;

  beforeAll(async () => {
    const real = process.env['EVENTSTORE_URL'];
    standIn = real === undefined ? await StandInServer.start() : undefined;
    url = real ?? standIn?.url ?? '';
    system = await SystemUnderTest.create({ EVENT_STORE: 'eventstoredb', EVENTSTORE_URL: url, ...SECRETS });
    await system.start();
  });
  afterAll(async () => {
    await system.remove();
    standIn?.kill();
  });

  const abland = async (
    args: readonly string[],
    env: NodeJS.ProcessEnv = system.environment,
  ): Promise<string> => (await run(process.execPath, [MAIN, ...args], { env })).stdout;

  const rebuildCopy = async (): Promise<string> => {
    const database = await createTestDatabase();
    try {
      const copying = await abland(['store', 'copy', '--from', url, '--to', database.url]);
      expect(copying).toMatch(/equal by checksum/);
      const onPostgres = {
        ...system.environment,
        EVENT_STORE: 'postgres',
        EVENTSTORE_URL: '',
        DATABASE_URL: database.url,
      };
      return await abland(['projections', 'rebuild'], onPostgres);
    } finally {
      await database.drop();
    }
  };

  it('carries the demo to finality', async () => {
    expect(await abland(['demo'])).toMatch(/swap FINALIZED, FINAL[^]* {2}equal\n/);
  });

  it('gives equal state checksums after a rebuild, and after a copy to PostgreSQL', async () => {
    const inPlace = await expectAsRebuilt(system, (...args) => abland(args));
    expect(inPlace).toMatch(/ {2}tokens \(2 rows\)/);
    await expectRebuiltAlike((...args) => abland(args), checksumsOf, rebuildCopy);
  });

  it('does not start with another chain of the same id than the one in the log, and says so', async () => {
    const other = await SystemUnderTest.create({
      EVENT_STORE: 'eventstoredb',
      EVENTSTORE_URL: url,
      ...SECRETS,
    });
    try {
      await expect(other.start()).rejects.toThrow(/CHAIN_NOT_OF_LOG|serves another chain of this id/);
    } finally {
      await other.remove();
    }
  });
});

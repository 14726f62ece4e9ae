import {
  createTestDatabase,
  eventually,
  freePort,
  Gate,
  ProgramProcess,
  type TestDatabase,
  until,
} from '@abland/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SECRETS, SystemUnderTest } from './system-under-test.js';

const PROGRAMS = ['api', 'indexer', 'projector', 'worker'] as const;
const BACK_WITHIN_MS = 120_000;
const ADDRESS = '0x5FbDB2315678afecb367f032d93F642f64180aa3';
/** Nothing listens on the discard port. */
const ENVIRONMENT = {
  ...SECRETS,
  PERSONAL_DATA_KEY: Buffer.alloc(32, 1).toString('base64'),
  CHAIN_RPC_URLS: 'http://127.0.0.1:9',
  CHAIN_ID: '7',
  TOKEN_FACTORY_ADDRESS: ADDRESS,
  LIQUIDITY_MANAGER_ADDRESS: `0x${'2'.repeat(40)}`,
};

describe('a database that is away when a program starts', () => {
  let database: TestDatabase;
  let gate: Gate | null = null;
  let port = 0;
  let program: ProgramProcess | null = null;
  beforeEach(async () => {
    database = await createTestDatabase();
    port = await freePort();
  });
  afterEach(async () => {
    await program?.end('SIGKILL');
    await gate?.close();
    [program, gate] = [null, null];
    await database.drop();
  });
  const awayUrl = (): string => Object.assign(new URL(database.url), { port: String(port) }).href;
  const waits = (said: string): number => said.match(/DATABASE_URL cannot be reached/g)?.length ?? 0;

  it.each(PROGRAMS)('is waited for by the %s, told once, which goes on when it comes', async (name) => {
    program = await ProgramProcess.start(name, { ...ENVIRONMENT, DATABASE_URL: awayUrl() });
    const status = await program.until((told) => told.status === 'not ready', BACK_WITHIN_MS);
    expect(status['error']).toMatch(/DATABASE_URL cannot be reached.*ECONNREFUSED/);
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect(waits(program.output)).toBe(1);
    gate = await Gate.inFrontOf(database.url, port);
    // What it tells from now on is of its own parts.
    await program.until((told) => told['error'] === undefined, BACK_WITHIN_MS);
    expect(await program.end()).toBe(0);
  });

  it.each(PROGRAMS)('does not keep the %s from stopping', async (name) => {
    program = await ProgramProcess.start(name, { ...ENVIRONMENT, DATABASE_URL: awayUrl() });
    await program.until((told) => told.status === 'not ready', BACK_WITHIN_MS);
    expect(await program.end()).toBe(0);
  });

  it('is waited for by the one command', async () => {
    const { PERSONAL_DATA_KEY } = ENVIRONMENT;
    const system = await SystemUnderTest.create({ ...SECRETS, PERSONAL_DATA_KEY, DATABASE_URL: awayUrl() });
    try {
      const started = system.start();
      await until(
        () => waits(system.output) > 0,
        () => system.output,
      );
      await eventually(async () => expect((await fetch(`${system.apiUrl}/ready`)).status).toBe(503));
      gate = await Gate.inFrontOf(database.url, port);
      await started;
      expect(waits(system.output)).toBe(1);
      expect(await system.stop()).toBe(0);
    } finally {
      await system.remove();
    }
  });

  it.each([
    ['a wrong password', { password: 'wrong' }, /password authentication failed/],
    ['an unknown database', { pathname: '/nowhere' }, /database "nowhere" does not exist/],
  ])('is not waited for with %s: that is refused by name at once', async (_, wrong, reason) => {
    const url = Object.assign(new URL(database.url), wrong).href;
    for (const name of PROGRAMS) {
      program = await ProgramProcess.start(name, { ...ENVIRONMENT, DATABASE_URL: url });
      expect(await program.ended()).toBe(1);
      const lines = program.output.trim().split('\n');
      expect(lines).toEqual([expect.stringMatching(/^abland: The database of DATABASE_URL .*REFUSED\)$/)]);
      expect(lines[0]).toMatch(reason);
    }
  });
});

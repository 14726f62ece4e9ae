import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { takeFileLock } from '@abland/embedded/lock';
import { createTestDatabase, freePort, until } from '@abland/testing';
import pg from 'pg';

const MAIN = fileURLToPath(new URL('../../../dist/abland.js', import.meta.url));
const SECRETS = {
  JWT_SECRET: 'a secret of more than thirty-two characters',
  RELAYER_PRIVATE_KEY: `0x${'1'.repeat(64)}`,
  LOG_SIGNING_KEY: Buffer.alloc(32, 3).toString('base64'),
  PERSONAL_DATA_KEY: Buffer.alloc(32, 1).toString('base64'),
};
/** Nothing listens on the discard port. */
const NOBODY = '127.0.0.1:9';
const ADDRESS = '0x5FbDB2315678afecb367f032d93F642f64180aa3';
const OTHER_ADDRESS = `0x${'2'.repeat(40)}`;

interface Ending {
  readonly code: number | null;
  /** What it said on standard error, line by line. */
  readonly said: readonly string[];
}

async function start(env: Readonly<Record<string, string>>): Promise<Ending> {
  const child = spawn(process.execPath, [MAIN, 'start'], {
    env: { ...process.env, NODE_OPTIONS: '', PORT: '0', ...SECRETS, ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, said: said.trim().split('\n') };
}

describe('a start that cannot succeed', () => {
  let dataDir = '';
  const servers: Server[] = [];

  beforeEach(async () => (dataDir = await mkdtemp(join(tmpdir(), 'abland-start-'))));
  afterEach(async () => {
    for (const server of servers.splice(0)) server.close();
    await rm(dataDir, { recursive: true, force: true });
  });

  const taken = async (): Promise<string> => {
    const server = createServer().listen(0);
    servers.push(server);
    await once(server, 'listening');
    const address = server.address();
    return String(typeof address === 'object' && address !== null ? address.port : 0);
  };
  const startHere = (env: Readonly<Record<string, string>>): Promise<Ending> =>
    start({ ABLAND_DATA_DIR: dataDir, ...env });

  it.each(['PORT', 'CHAIN_PORT'])('says in one line that the port of %s is taken', async (variable) => {
    const port = await taken();
    const { code, said } = await startHere({ CHAIN_PORT: '0', [variable]: port });
    expect(code).toBe(1);
    expect(said).toEqual([
      `abland: Port ${port} is in use by another program: stop it, or set ${variable} to another port (PORT_IN_USE)`,
    ]);
  });

  it.each(['api', 'indexer', 'projector', 'worker'])(
    'of the %s: it heeds no arguments, says so, and with which variables it is told',
    async (name) => {
      const entry = fileURLToPath(new URL(`../../../dist/${name}.js`, import.meta.url));
      const child = spawn(process.execPath, [entry, '--port', '80'], { stdio: ['ignore', 'ignore', 'pipe'] });
      let said = '';
      child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
      expect(await once(child, 'close')).toEqual([2, null]);
      expect(said).toMatch(new RegExp(`^abland: ${name} takes no argument --port\n[^]* {2}DATABASE_URL\n`));
    },
  );

  it('says why it stops where it is asked to while it waits for another’s data, and takes nothing', async () => {
    const held = await takeFileLock(join(dataDir, 'lock'));
    const child = spawn(process.execPath, [MAIN, 'start'], {
      env: { ...process.env, NODE_OPTIONS: '', PORT: '0', CHAIN_PORT: '0', ABLAND_DATA_DIR: dataDir },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let said = '';
    child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
    await until(() => said.includes('waiting for process'));
    const closed = once(child, 'close');
    child.kill('SIGTERM');
    await until(() => said.includes('Stopping'));
    await held?.release();
    expect(await closed).toEqual([0, null]);
    expect(said).toMatch(/waiting for process \d+ to stop\nStopping: SIGTERM\nAB\.LAND has stopped\n$/);
    expect(await readdir(dataDir)).not.toContain('database');
  });

  it('says in one line which variable is wrong', async () => {
    expect(await startHere({ CHAIN_PORT: '0', PORT: 'eighty' })).toEqual({
      code: 1,
      said: ['abland: PORT must be a whole number (CONFIG_INVALID)'],
    });
  });

  it('says in one line which secret is wanted beside a part that lies elsewhere', async () => {
    const env = { DATABASE_URL: `postgres://${NOBODY}/abland`, JWT_SECRET: '' };
    expect(await startHere(env)).toEqual({
      code: 1,
      said: [
        'abland: JWT_SECRET must be set when DATABASE_URL is given: the built-in one is public (CONFIG_INVALID)',
      ],
    });
  });

  it.each([
    ['newer', 99, /newer version \(format 99.*DATA_VERSION_NEWER/],
    ['older', 1, /older version.*: delete it, or set ABLAND_DATA_DIR.*DATA_VERSION_OLDER/],
  ])('leaves a data folder of a version that is %s as it is', async (_, version, problem) => {
    const format = JSON.stringify({ version });
    await writeFile(join(dataDir, 'format.json'), format);
    const { code, said } = await startHere({ CHAIN_PORT: '0' });
    expect(code).toBe(1);
    expect(said).toEqual([expect.stringMatching(problem)]);
    expect(await readFile(join(dataDir, 'format.json'), 'utf8')).toBe(format);
  });

  it('says in one line what to do with a database of before the shapes were frozen', async () => {
    const database = await createTestDatabase();
    const client = new pg.Client({ connectionString: database.url });
    await client.connect();
    try {
      await client.query(`CREATE SCHEMA event_store;
        CREATE TABLE event_store.migrations (name text PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now());
        INSERT INTO event_store.migrations (name) VALUES ('0001-create-log')`);
      const { code, said } = await startHere({
        DATABASE_URL: database.url,
        CHAIN_RPC_URLS: `http://${NOBODY}`,
        CHAIN_ID: '7',
        TOKEN_FACTORY_ADDRESS: ADDRESS,
        LIQUIDITY_MANAGER_ADDRESS: OTHER_ADDRESS,
      });
      expect(code).toBe(1);
      expect(said).toEqual([
        expect.stringMatching(
          /^abland: .*delete the data folder, or point DATABASE_URL at an empty database \(DATABASE_OF_ANOTHER_VERSION\)$/,
        ),
      ]);
    } finally {
      await client.end();
      await database.drop();
    }
  });

  it('is refused by a database that does not let it in before it makes a chain', async () => {
    const database = await createTestDatabase();
    const nowhere = new URL(database.url);
    nowhere.pathname = '/no_such_database';
    try {
      const { code, said } = await startHere({ DATABASE_URL: nowhere.href, CHAIN_PORT: '0' });
      expect(code).toBe(1);
      expect(said).toEqual([expect.stringMatching(/DATABASE_URL/)]);
      expect(await readdir(dataDir)).not.toContain('chain');
    } finally {
      await database.drop();
    }
  });

  it.each(['DATABASE_READ_URL', 'PERSONAL_KEYS_URL'])(
    'is refused by the name of %s where its database does not let it in, before anything is made',
    async (variable) => {
      const database = await createTestDatabase();
      const wrong = Object.assign(new URL(database.url), { password: 'wrong' }).href;
      try {
        const { code, said } = await startHere({
          ...{ DATABASE_URL: database.url, [variable]: wrong, CHAIN_PORT: '0' },
        });
        expect(code).toBe(1);
        expect(said).toEqual([
          expect.stringMatching(
            new RegExp(`The database of ${variable} does not let us in.*DATABASE_REFUSED`),
          ),
        ]);
        expect(await readdir(dataDir)).not.toContain('chain');
      } finally {
        await database.drop();
      }
    },
  );

  it('goes on where the chain does not answer, and is not ready', async () => {
    const database = await createTestDatabase();
    const port = String(await freePort());
    const child = spawn(process.execPath, [MAIN, 'start'], {
      env: {
        ...{ ...process.env, ...SECRETS, NODE_OPTIONS: '', ABLAND_DATA_DIR: dataDir, PORT: port },
        DATABASE_URL: database.url,
        CHAIN_RPC_URLS: `http://${NOBODY}`,
        CHAIN_ID: '7',
        TOKEN_FACTORY_ADDRESS: ADDRESS,
        LIQUIDITY_MANAGER_ADDRESS: OTHER_ADDRESS,
      },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
    const exited = once(child, 'exit');
    const status = async (): Promise<number | null> => {
      if (child.exitCode !== null) throw new Error(`It ended with ${child.exitCode}: ${said}`);
      return fetch(`http://127.0.0.1:${port}/ready`).then(
        (answer) => answer.status,
        () => null,
      );
    };
    try {
      await until(
        async () => (await status()) === 503,
        () => said,
      );
      child.kill('SIGTERM');
      expect(await exited).toEqual([0, null]);
    } finally {
      child.kill('SIGKILL');
      await database.drop();
    }
  });
});

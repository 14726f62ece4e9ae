import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { removePostgresData, startPostgres } from '@abland/embedded/postgres';
import pg from 'pg';

const MAIN = fileURLToPath(new URL('../../../../../dist/abland.js', import.meta.url));
const READY_WITHIN_MS = 120_000;
const run = promisify(execFile);

/** Wraps the keys of the persons in the recording; nobody else's. */
export const MASTER_KEY = Buffer.alloc(32, 7).toString('base64');

/** The whole system as `npm start` runs it, on a folder that goes with it. */
export class RecordedSystem {
  output = '';
  #child = null;

  constructor(dataDir, apiPort, chainPort) {
    Object.assign(this, { dataDir, apiPort, chainPort });
  }

  static async create() {
    return new RecordedSystem(
      await mkdtemp(join(tmpdir(), 'abland-record-')),
      await freePort(),
      await freePort(),
    );
  }

  get apiUrl() {
    return `http://localhost:${this.apiPort}`;
  }

  get rpcUrl() {
    return `http://127.0.0.1:${this.chainPort}`;
  }

  get #environment() {
    return {
      ...process.env,
      PORT: String(this.apiPort),
      CHAIN_PORT: String(this.chainPort),
      ABLAND_DATA_DIR: this.dataDir,
      PERSONAL_DATA_KEY: MASTER_KEY,
    };
  }

  async start() {
    const child = spawn(process.execPath, [MAIN, 'start'], {
      env: this.#environment,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    this.#child = child;
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (this.output += chunk));
    for (const deadline = Date.now() + READY_WITHIN_MS; Date.now() < deadline;) {
      if (child.exitCode !== null) break;
      if (
        await fetch(`${this.apiUrl}/ready`).then(
          ({ ok }) => ok,
          () => false,
        )
      )
        return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error('The system did not become ready');
  }

  /** One of the program's own commands; what it printed. */
  async command(...args) {
    return (await run(process.execPath, [MAIN, ...args], { env: this.#environment, maxBuffer: 2 ** 26 }))
      .stdout;
  }

  async stop() {
    const child = this.#child;
    this.#child = null;
    if (child === null || child.exitCode !== null) return;
    const exited = once(child, 'exit');
    child.kill('SIGINT');
    await exited;
  }

  /** On the database of the stopped system. */
  async withDatabase(work) {
    const postgres = await startPostgres({ dataDir: join(this.dataDir, 'database'), database: 'abland' });
    const client = new pg.Client({ connectionString: postgres.url });
    await client.connect();
    try {
      return await work(client, postgres.url);
    } finally {
      await client.end();
      await postgres.stop();
    }
  }

  async remove() {
    await this.stop();
    await removePostgresData(join(this.dataDir, 'database'));
    await rm(this.dataDir, { recursive: true, force: true });
  }
}

async function freePort() {
  const probe = createServer().listen(0);
  await once(probe, 'listening');
  const { port } = probe.address();
  probe.close();
  await once(probe, 'close');
  return port;
}

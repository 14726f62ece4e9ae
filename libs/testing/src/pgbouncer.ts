import { freePort } from './free-port.js';
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from './eventually.js';

/** Where Debian has it, which is not on every PATH. */
const ENVIRONMENT = { ...process.env, PATH: `${process.env['PATH'] ?? ''}:/usr/sbin` };

/** Whether PgBouncer is installed here, and runs. */
export function hasPgBouncer(): boolean {
  try {
    execFileSync('pgbouncer', ['--version'], { stdio: 'ignore', timeout: 5_000, env: ENVIRONMENT });
    return true;
  } catch {
    return false; // not installed: whatever needs it is reported as skipped
  }
}

/** A real PgBouncer in front of a database. It does not run as root: there it takes a user of the system's that has no rights. */
export class PgBouncer {
  private constructor(
    private readonly folder: string,
    private readonly process: ChildProcess,
    /** The database's address by way of PgBouncer. */
    readonly url: string,
  ) {}

  static async inFrontOf(url: string, poolMode: 'transaction' | 'session'): Promise<PgBouncer> {
    const behind = new URL(url);
    const folder = await mkdtemp(join(tmpdir(), 'abland-pgbouncer-'));
    await chmod(folder, 0o755);
    const port = await freePort();
    const name = behind.pathname.slice(1);
    const { hostname, password, port: serverPort, username } = behind;
    const to = `host=${hostname} port=${serverPort} dbname=${name} user=${username} password=${password}`;
    const settings = {
      ...{ listen_addr: '127.0.0.1', listen_port: port, unix_socket_dir: '', auth_type: 'any' },
      ...{ pool_mode: poolMode, default_pool_size: 4, max_client_conn: 100 },
    };
    const lines = Object.entries(settings).map(([key, value]) => `${key} = ${value}`);
    const config = join(folder, 'pgbouncer.ini');
    await writeFile(config, `[databases]\n${name} = ${to}\n[pgbouncer]\n${lines.join('\n')}\n`);
    const root = process.getuid?.() === 0;
    const bouncer = spawn('pgbouncer', [...(root ? ['-u', 'nobody'] : []), config], {
      stdio: 'ignore',
      env: ENVIRONMENT,
    });
    const own = new URL(url);
    own.host = `127.0.0.1:${port}`;
    const started = new PgBouncer(folder, bouncer, own.href);
    await eventually(() => answers(port));
    return started;
  }

  async close(): Promise<void> {
    if (this.process.exitCode === null) {
      const ended = once(this.process, 'exit');
      this.process.kill('SIGTERM');
      await ended;
    }
    await rm(this.folder, { recursive: true, force: true });
  }
}

async function answers(port: number): Promise<void> {
  const socket = createConnection({ port, host: '127.0.0.1' });
  try {
    await once(socket, 'connect');
  } finally {
    socket.destroy();
  }
}

import { freePort } from '@abland/embedded/postgres';
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createConnection } from 'node:net';
import { promisify } from 'node:util';
import { eventually } from './eventually.js';

const run = promisify(execFile);
const INSTALL_MS = 5 * 60_000;

/** Sees to it that a Redis server is here, of Debian's packages where it may. @throws with the reason why it cannot be had */
export async function installRedis(): Promise<void> {
  if (await isHere()) return;
  if (process.getuid?.() !== 0)
    throw new Error('redis-server is not installed, and only root may install it');
  const options = { timeout: INSTALL_MS, env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } };
  try {
    await run('apt-get', ['update', '-qq'], options);
    await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'redis-server'], options);
  } catch (error) {
    throw new Error('redis-server is none of the packages that this machine can install', { cause: error });
  }
  if (!(await isHere())) throw new Error('redis-server was installed and does not run');
}

const isHere = (): Promise<boolean> =>
  run('redis-server', ['--version']).then(
    () => true,
    () => false,
  );

/** A real Redis in a process of its own, to be killed and stood still. Keeps nothing on disk. */
export class RedisServer {
  private child: ChildProcess | null = null;

  private constructor(private readonly port: number) {}

  static async start(): Promise<RedisServer> {
    const server = new RedisServer(await freePort());
    await server.start();
    return server;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  async start(): Promise<void> {
    const args = ['--port', `${this.port}`, '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
    this.child = spawn('redis-server', args, { stdio: 'ignore' });
    await eventually(() => this.answers());
  }

  /** Stops it where it is: its sockets stay open, and nothing answers. */
  stand(): void {
    this.child?.kill('SIGSTOP');
  }

  goOn(): void {
    this.child?.kill('SIGCONT');
  }

  async kill(): Promise<void> {
    const { child } = this;
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }

  private async answers(): Promise<void> {
    const socket = createConnection({ port: this.port, host: '127.0.0.1' });
    try {
      await once(socket, 'connect');
      socket.write('PING\r\n');
      const [answer] = (await once(socket, 'data')) as [Buffer];
      if (!String(answer).startsWith('+PONG')) throw new Error(`Redis answered ${String(answer)}`);
    } finally {
      socket.destroy();
    }
  }
}

import { freePort } from './free-port.js';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createConnection } from 'node:net';
import { installFromDebian } from './debian-package.js';
import { eventually } from './eventually.js';

/** Sees to it that a Redis server is here, of Debian's packages where it may. @throws with the reason why it cannot be had */
export const installRedis = (): Promise<void> => installFromDebian('redis-server', 'redis-server');

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

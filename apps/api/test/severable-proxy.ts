import { createServer, connect, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';

/** Passes on bytes to a server of this machine, and cuts every connection when it is told to. */
export class SeverableProxy {
  private readonly open = new Set<Socket>();
  /** Requests that are cut before anything of them gets through. */
  refusing = 0;

  private constructor(private readonly server: Server) {}

  static async to(url: string): Promise<SeverableProxy> {
    const server = createServer();
    const proxy = new SeverableProxy(server);
    const port = Number(new URL(url).port);
    server.on('connection', (client) => proxy.pass(client, port));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  sever(): void {
    for (const socket of this.open) socket.destroy();
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    this.sever();
    await closed;
  }

  private pass(client: Socket, port: number): void {
    if (this.refusing > 0) {
      this.refusing -= 1;
      client.destroy();
      return;
    }
    const upstream = connect(port, '127.0.0.1');
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      this.open.add(from);
      from.on('error', () => undefined);
      from.on('close', () => {
        this.open.delete(from);
        to.destroy();
      });
      from.pipe(to);
    }
  }
}

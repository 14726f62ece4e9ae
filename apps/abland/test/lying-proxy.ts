import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What becomes of an answer: null, nothing; 'HANG', it never ends. */
export type Lie = (path: string, body: Buffer) => Buffer | string | 'HANG' | Promise<Buffer | string>;

/** Stands between a monitor and a system's log, and lies as it is told to. */
export class LyingProxy {
  /** Null: it tells the truth. */
  lie: Lie | null = null;

  private constructor(private readonly server: Server) {}

  static async before(apiUrl: string): Promise<LyingProxy> {
    const server = createServer(({ url = '' }, response) => {
      void (async () => {
        const right = await fetch(`${apiUrl}${url}`);
        const body = Buffer.from(await right.arrayBuffer());
        const told = proxy.lie === null ? body : await proxy.lie(url.replace(/^\/log\//, ''), body);
        response.statusCode = right.status;
        if (told === 'HANG') response.write(body.subarray(0, 1));
        else response.end(told);
      })().catch(() => response.destroy());
    });
    const proxy = new LyingProxy(server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return proxy;
  }

  /** What `/checkpoint` lies under. */
  get logUrl(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/log`;
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}

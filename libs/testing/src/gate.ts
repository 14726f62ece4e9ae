import { connect, createServer, type Server, type Socket } from 'node:net';

interface Pair {
  readonly inner: Socket;
  readonly outer: Socket;
  deaf: boolean;
}

/** In front of a server: can turn deaf, as a network does that has forgotten its connections. */
export class Gate {
  private readonly pairs = new Set<Pair>();
  private deafToNew = false;

  private constructor(
    private readonly server: Server,
    /** The server's address by way of the gate. */
    readonly url: string,
  ) {}

  /** @param at its port; default: a free one */
  static async inFrontOf(url: string, at = 0): Promise<Gate> {
    const { hostname, port } = new URL(url);
    const server = createServer({ allowHalfOpen: true });
    await new Promise<void>((resolve) => server.listen(at, '127.0.0.1', resolve));
    const gated = new URL(url);
    gated.host = `127.0.0.1:${(server.address() as { port: number }).port}`;
    const gate = new Gate(server, gated.href);
    server.on('connection', (inner) => gate.pass(inner, connect(Number(port), hostname)));
    return gate;
  }

  /** From now on nothing passes over the connections there are, and nobody is told; over new ones too where it is to be so. */
  deafen({ alsoNew }: { readonly alsoNew: boolean }): void {
    for (const pair of this.pairs) pair.deaf = true;
    this.deafToNew = alsoNew;
  }

  async close(): Promise<void> {
    for (const { inner, outer } of this.pairs) {
      inner.destroy();
      outer.destroy();
    }
    await new Promise((resolve) => this.server.close(resolve));
  }

  private pass(inner: Socket, outer: Socket): void {
    const pair = { inner, outer, deaf: this.deafToNew };
    this.pairs.add(pair);
    for (const [from, to] of [
      [inner, outer],
      [outer, inner],
    ] as const) {
      from.on('data', (data) => pair.deaf || to.write(data));
      from.on('end', () => pair.deaf || to.end());
      from.on('error', () => undefined);
      from.on('close', () => pair.deaf || to.destroy());
    }
  }
}

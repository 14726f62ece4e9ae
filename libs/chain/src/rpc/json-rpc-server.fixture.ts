import { createServer, type Server } from 'node:http';
import { freePort } from '@abland/testing';
import { WebSocketServer, type WebSocket } from 'ws';

export type Answering = (method: string, params: readonly unknown[]) => unknown;

/** A provider whose answers a test decides; thrown objects become JSON-RPC errors. */
export class TestProvider {
  readonly calls: string[] = [];
  /** Of each request, and of each WebSocket that was opened. */
  readonly authorizations: (string | undefined)[] = [];
  /** Sent instead of JSON-RPC where set. */
  raw: { readonly status: number; readonly body: string; readonly headers?: Record<string, string> } | null =
    null;
  /** Whether it takes messages and answers none. */
  deaf = false;
  /** Sent instead of the answer to a batch, where it gives one. */
  whole: (methods: readonly string[], ids: readonly number[]) => object | null = () => null;
  /** The HTTP status of an answer to a batch; only 200 has a body. */
  statusOf: (methods: readonly string[]) => number = () => 200;
  readonly sockets = new Set<WebSocket>();
  /** WebSockets that were ever opened. */
  connections = 0;
  #server: Server;
  #port = 0;

  constructor(public answering: Answering) {
    this.#server = createServer((request, response) => {
      this.authorizations.push(request.headers.authorization);
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        if (this.deaf) return;
        const { status, body: text, headers } = this.raw ?? this.#respond(body);
        response.writeHead(status, headers).end(text);
      });
    });
    const sockets = new WebSocketServer({ server: this.#server });
    sockets.on('connection', (socket, request) => {
      this.authorizations.push(request.headers.authorization);
      this.sockets.add(socket);
      this.connections += 1;
      socket.on('message', (data) => {
        if (!this.deaf) socket.send(this.#answer(data.toString()));
      });
      socket.on('close', () => this.sockets.delete(socket));
    });
  }

  /** At the port that it had before: one that no connection is given while it is stopped. */
  async start(): Promise<void> {
    this.#port ||= await freePort();
    await new Promise<void>((resolve) => this.#server.listen(this.#port, '127.0.0.1', resolve));
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }
  get webSocketUrl(): string {
    return `ws://127.0.0.1:${this.#port}`;
  }

  pushHead(): void {
    for (const socket of this.sockets) {
      socket.send(JSON.stringify({ jsonrpc: '2.0', method: 'eth_subscription', params: { result: {} } }));
    }
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.terminate();
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #respond(body: string): NonNullable<typeof this.raw> {
    const methods = ([JSON.parse(body)] as RpcCall[]).flat().map(({ method }) => method);
    const status = this.statusOf(methods);
    return { status, body: status === 200 ? this.#answer(body) : '' };
  }

  #answer(body: string): string {
    const message = JSON.parse(body) as RpcCall | RpcCall[];
    const whole = Array.isArray(message)
      ? this.whole(
          message.map(({ method }) => method),
          message.map(({ id }) => id),
        )
      : null;
    if (whole !== null) return JSON.stringify(whole);
    return JSON.stringify(
      Array.isArray(message) ? message.map((one) => this.#one(one)).reverse() : this.#one(message),
    );
  }

  #one({ id, method, params }: RpcCall): object {
    this.calls.push(method);
    try {
      return { jsonrpc: '2.0', id, result: this.answering(method, params) };
    } catch (error) {
      return { jsonrpc: '2.0', id, error };
    }
  }
}

interface RpcCall {
  readonly id: number;
  readonly method: string;
  readonly params: readonly unknown[];
}

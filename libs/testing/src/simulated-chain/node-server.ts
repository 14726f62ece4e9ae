import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import type { HttpAnswer } from './provider-fault.js';

/** What becomes of a message: an answer as text, or none, with the connection cut or left standing. */
export type Outcome = { readonly text: string } | { readonly http: HttpAnswer } | 'CUT' | 'NOTHING';

/** A node as it is reached: JSON-RPC over HTTP and WebSocket on one port, with who subscribed to new heads. */
export class NodeServer {
  readonly #server: Server;
  readonly #sockets: WebSocketServer;
  readonly #subscribed = new Set<WebSocket>();

  constructor(private readonly answer: (asked: string) => Outcome | Promise<Outcome>) {
    this.#server = createServer((request, response) => void this.#serve(request, response));
    this.#sockets = new WebSocketServer({ server: this.#server });
    this.#sockets.on('connection', (socket) => this.#listen(socket));
  }

  /** @param port 0: a free one */
  async listen(port: number): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(port, '127.0.0.1', resolve));
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** @param head a block's header as JSON */
  push(head: string): void {
    const params = `{"subscription":"0x1","result":${head}}`;
    for (const socket of this.#subscribed)
      socket.send(`{"jsonrpc":"2.0","method":"eth_subscription","params":${params}}`);
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets.clients) socket.terminate();
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const parts: Buffer[] = [];
    try {
      for await (const part of request) parts.push(part as Buffer);
    } catch {
      return; // who asked has gone
    }
    // So has who was killed while asking: what came of the request ends early, or is nothing.
    if (!request.complete || parts.length === 0) return void request.socket.destroy();
    const outcome = await this.answer(Buffer.concat(parts).toString());
    if (outcome === 'NOTHING') return;
    if (outcome === 'CUT') return void request.socket.destroy();
    const { status, body, headers } =
      'http' in outcome ? outcome.http : { status: 200, body: outcome.text, headers: {} };
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body);
  }

  #listen(socket: WebSocket): void {
    const answer = async (asked: string): Promise<void> => {
      const outcome = await this.answer(asked);
      if (asked.includes('eth_subscribe')) this.#subscribed.add(socket);
      if (outcome === 'CUT') socket.terminate();
      else if (outcome !== 'NOTHING') socket.send('text' in outcome ? outcome.text : outcome.http.body);
    };
    socket.on('message', (data: Buffer) => void answer(data.toString()));
    socket.on('close', () => this.#subscribed.delete(socket));
    socket.on('error', () => undefined);
  }
}

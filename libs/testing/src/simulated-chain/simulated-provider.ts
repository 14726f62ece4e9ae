import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Json } from '@abland/chain/made-blocks';
import { type WebSocket, WebSocketServer } from 'ws';
import type { SeededRandom } from '../seeded-random.js';
import { honestAnswer, type RpcError } from './node-answers.js';
import type { Asked, HttpAnswer, ProviderFault } from './provider-fault.js';
import type { SimulatedChain } from './simulated-chain.js';

interface Call extends Asked {
  readonly id: unknown;
}

/** What becomes of a request: an answer as text, or none, with the connection cut or left standing. */
type Outcome = { readonly text: string } | { readonly http: HttpAnswer } | 'CUT' | 'NOTHING';

/** A provider of a simulated chain over HTTP and WebSocket: an honest node, but for the fault that it has at the time. */
export class SimulatedProvider {
  fault: ProviderFault | null = null;
  /** Requests that it was asked, those of batches each. */
  asked = 0;
  /** What it spoiled, by the fault's name. */
  readonly spoiled = new Map<string, number>();
  readonly #server: Server;
  readonly #sockets: WebSocketServer;
  readonly #subscribed = new Set<WebSocket>();

  private constructor(
    private readonly chain: SimulatedChain,
    private readonly random: SeededRandom,
  ) {
    this.#server = createServer((request, response) => void this.#serve(request, response));
    this.#sockets = new WebSocketServer({ server: this.#server });
    this.#sockets.on('connection', (socket) => this.#listen(socket));
  }

  /** @param port default: a free one */
  static async start(chain: SimulatedChain, random: SeededRandom, port = 0): Promise<SimulatedProvider> {
    const provider = new SimulatedProvider(chain, random);
    await new Promise<void>((resolve) => provider.#server.listen(port, '127.0.0.1', resolve));
    return provider;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }
  get webSocketUrl(): string {
    return this.url.replace(/^http/, 'ws');
  }

  /** Pushes the newest head to whoever subscribed. */
  push(): void {
    if (this.fault?.deaf === true) return;
    const result = this.chain.head.made.header;
    for (const socket of this.#subscribed)
      socket.send(
        JSON.stringify({
          jsonrpc: '2.0',
          method: 'eth_subscription',
          params: { subscription: '0x1', result },
        }),
      );
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
    const outcome = await this.#outcomeOf(Buffer.concat(parts).toString());
    if (outcome === 'NOTHING') return;
    if (outcome === 'CUT') return void request.socket.destroy();
    const { status, body, headers } =
      'http' in outcome ? outcome.http : { status: 200, body: outcome.text, headers: {} };
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body);
  }

  #listen(socket: WebSocket): void {
    const answer = async (text: string): Promise<void> => {
      const outcome = await this.#outcomeOf(text);
      if (text.includes('eth_subscribe')) this.#subscribed.add(socket);
      if (outcome === 'CUT') socket.terminate();
      else if (outcome !== 'NOTHING') socket.send('text' in outcome ? outcome.text : outcome.http.body);
    };
    socket.on('message', (data: Buffer) => void answer(data.toString()));
    socket.on('close', () => this.#subscribed.delete(socket));
    socket.on('error', () => undefined);
  }

  async #outcomeOf(text: string): Promise<Outcome> {
    const asked = JSON.parse(text) as Call | Call[];
    const { fault, random } = this;
    const spoils = fault !== null && random.below(fault.part ?? 1) === 0;
    const active = spoils ? fault : null;
    if (active?.delayMs !== undefined) await sleep(this.#spoil(active, active.delayMs(random)));
    if (active?.deaf === true) return this.#spoil(active, 'NOTHING');
    if (active?.cuts === true) return this.#spoil(active, 'CUT');
    if (active?.http !== undefined) return { http: this.#spoil(active, active.http(random)) };
    if (!Array.isArray(asked)) return { text: JSON.stringify(this.#one(asked, active)) };
    const whole = active?.batch?.(asked.length) ?? null;
    if (active !== null && whole !== null) return { text: JSON.stringify(this.#spoil(active, whole)) };
    return { text: JSON.stringify(asked.flatMap((one) => this.#one(one, active))) };
  }

  #one(call: Call, fault: ProviderFault | null): Json | readonly Json[] {
    this.asked += 1;
    const { id } = call;
    let answer: Json;
    try {
      answer = { jsonrpc: '2.0', id, result: this.#result(call, fault) };
    } catch (error) {
      answer = { jsonrpc: '2.0', id, error: error as RpcError };
    }
    return fault?.answer === undefined ? answer : this.#spoil(fault, fault.answer(answer));
  }

  #result(call: Call, fault: ProviderFault | null): unknown {
    const { chain, random } = this;
    if (call.method === 'eth_subscribe') return '0x1';
    const refusal = fault?.refusal?.(call, random) ?? null;
    if (fault !== null && refusal !== null) throw this.#spoil(fault, refusal);
    const view = fault?.view?.(chain, random) ?? chain.blocks;
    if (fault?.view !== undefined) this.#spoil(fault, view);
    const honest = honestAnswer(chain.chainId, view, call.method, call.params);
    if (fault?.result === undefined) return honest;
    return this.#spoil(fault, fault.result(structuredClone(honest), call, random));
  }

  /** Counts it, and gives it back. */
  #spoil<Value>({ name }: ProviderFault, value: Value): Value {
    this.spoiled.set(name, (this.spoiled.get(name) ?? 0) + 1);
    return value;
  }
}

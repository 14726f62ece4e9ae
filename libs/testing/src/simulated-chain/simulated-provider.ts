import { setTimeout as sleep } from 'node:timers/promises';
import type { Json } from '@abland/chain/made-blocks';
import type { SeededRandom } from '../seeded-random.js';
import { honestAnswer, type RpcError } from './node-answers.js';
import { NodeServer, type Outcome } from './node-server.js';
import type { Asked, ProviderFault } from './provider-fault.js';
import type { SimulatedChain } from './simulated-chain.js';

interface Call extends Asked {
  readonly id: unknown;
}

/** A provider of a simulated chain over HTTP and WebSocket: an honest node, but for the fault that it has at the time. */
export class SimulatedProvider {
  fault: ProviderFault | null = null;
  /** Requests that it was asked, those of batches each. */
  asked = 0;
  /** What it spoiled, by the fault's name. */
  readonly spoiled = new Map<string, number>();
  readonly #node = new NodeServer((asked) => this.#outcomeOf(asked));

  private constructor(
    private readonly chain: SimulatedChain,
    private readonly random: SeededRandom,
  ) {}

  /** @param port default: a free one */
  static async start(chain: SimulatedChain, random: SeededRandom, port = 0): Promise<SimulatedProvider> {
    const provider = new SimulatedProvider(chain, random);
    await provider.#node.listen(port);
    return provider;
  }

  get url(): string {
    return this.#node.url;
  }
  get webSocketUrl(): string {
    return this.url.replace(/^http/, 'ws');
  }

  /** Pushes the newest head to whoever subscribed. */
  push(): void {
    if (this.fault?.deaf === true) return;
    this.#node.push(JSON.stringify(this.chain.head.made.header));
  }

  stop(): Promise<void> {
    return this.#node.stop();
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

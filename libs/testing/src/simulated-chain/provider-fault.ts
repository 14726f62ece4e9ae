import type { Json } from '@abland/chain/made-blocks';
import type { SeededRandom } from '../seeded-random.js';
import type { RpcError, View } from './node-answers.js';
import type { SimulatedChain } from './simulated-chain.js';

export interface Asked {
  readonly method: string;
  readonly params: readonly unknown[];
}

export interface HttpAnswer {
  readonly status: number;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What a provider does that is no honest node; every part may be left out. */
export interface ProviderFault {
  readonly name: string;
  /** Of how many requests it spoils one, on average; default every one. */
  readonly part?: number;
  /** The chain as it shows it. */
  readonly view?: (chain: SimulatedChain, random: SeededRandom) => View;
  /** Answered instead of what was asked. */
  readonly refusal?: (asked: Asked, random: SeededRandom) => RpcError | null;
  /** The answer as it gives it; `result` may be changed in place. */
  readonly result?: (result: unknown, asked: Asked, random: SeededRandom) => unknown;
  /** The whole answer to one request. */
  readonly answer?: (answer: Json) => Json | readonly Json[];
  /** Answered instead of a batch of so many requests, as one object. */
  readonly batch?: (count: number) => Json | null;
  /** Answered over HTTP instead of JSON-RPC. */
  readonly http?: (random: SeededRandom) => HttpAnswer;
  /** Milliseconds before it answers. */
  readonly delayMs?: (random: SeededRandom) => number;
  /** Nothing is answered: sockets stand, requests wait. */
  readonly deaf?: boolean;
  /** Connections are cut instead of an answer. */
  readonly cuts?: boolean;
}

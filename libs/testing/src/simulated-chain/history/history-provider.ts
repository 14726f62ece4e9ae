import { Interface } from 'ethers';
import { contractAnswer } from '../market-contracts.js';
import { NodeServer } from '../node-server.js';
import type { HistoryFile } from './history-file.js';

interface Call {
  readonly id: unknown;
  readonly method: string;
  readonly params: readonly unknown[];
}

interface LogFilter {
  readonly fromBlock?: string;
  readonly toBlock?: string;
  readonly blockHash?: string;
  readonly address?: string | readonly string[];
  readonly topics?: readonly (string | readonly string[] | null)[];
}

const TOKEN = new Interface([
  ...['name', 'symbol'].map((name) => `function ${name}() view returns (string)`),
  'function decimals() view returns (uint8)',
]);
const OF_TOKEN: Readonly<Record<string, unknown>> = { name: 'Token', symbol: 'TKN', decimals: 18 };
const UNKNOWN_METHOD = '"error":{"code":-32601,"message":"the method does not exist/is not available"}';
const REVERTED = '"error":{"code":3,"message":"execution reverted","data":"0x"}';
const hex = (value: number): string => `"0x${value.toString(16)}"`;

/** An honest and quick node of a history over HTTP and WebSocket, whose newest block is where it is told to be. */
export class HistoryProvider {
  #head = 0;
  readonly #node = new NodeServer((asked) => ({ text: this.#answer(asked) }));

  private constructor(
    private readonly chainId: number,
    private readonly history: HistoryFile,
  ) {}

  /** @param port 0: a free one */
  static async start(chainId: number, history: HistoryFile, port: number): Promise<HistoryProvider> {
    const provider = new HistoryProvider(chainId, history);
    await provider.#node.listen(port);
    return provider;
  }

  get url(): string {
    return this.#node.url;
  }

  /** Makes a block the newest one, and tells it to whoever subscribed. */
  moveTo(head: number): void {
    this.#head = head;
    this.#node.push(this.#block(hex(head).slice(1, -1), false));
  }

  stop(): Promise<void> {
    return this.#node.stop();
  }

  #answer(asked: string): string {
    const calls = JSON.parse(asked) as Call | readonly Call[];
    if ('method' in calls) return this.#one(calls);
    return `[${calls.map((call) => this.#one(call)).join(',')}]`;
  }

  #one({ id, method, params }: Call): string {
    const outcome = this.#result(method, params);
    return `{"jsonrpc":"2.0","id":${JSON.stringify(id)},${outcome}}`;
  }

  #result(method: string, params: readonly unknown[]): string {
    switch (method) {
      case 'eth_chainId':
        return `"result":${hex(this.chainId)}`;
      case 'eth_blockNumber':
        return `"result":${hex(this.#head)}`;
      case 'eth_subscribe':
        return '"result":"0x1"';
      case 'eth_getCode':
        return '"result":"0x6001"';
      case 'eth_getBlockByNumber':
      case 'eth_getBlockByHash':
        return `"result":${this.#block(params[0], params[1] === true)}`;
      case 'eth_getBlockReceipts':
        return `"result":${this.history.block(this.#numberOf(params[0]) ?? -1)?.receipts ?? 'null'}`;
      case 'eth_getLogs':
        return `"result":[${this.#logs(params[0] as LogFilter)}]`;
      case 'eth_call':
        return called(params[0] as Called);
      default:
        return UNKNOWN_METHOD;
    }
  }

  #block(at: unknown, full: boolean): string {
    const block = this.history.block(this.#numberOf(at) ?? -1);
    return block === null
      ? 'null'
      : `${block.header},"transactions":${full ? block.transactions : block.hashes}}`;
  }

  /** Null for a block that is not there yet. */
  #numberOf(at: unknown): number | null {
    const text = String(at);
    if (text === 'latest' || text === 'pending') return this.#head;
    const named = text === 'earliest' || text === 'finalized' || text === 'safe';
    const number = text.length === 66 ? this.history.numberOf(text) : named ? 0 : Number(text);
    return number === null || number > this.#head ? null : number;
  }

  #logs({ address, blockHash, fromBlock, toBlock, topics = [] }: LogFilter): string {
    const from = this.#numberOf(blockHash ?? fromBlock ?? 'latest');
    const to =
      blockHash === undefined
        ? Math.min(this.#head, this.#numberOf(toBlock ?? 'latest') ?? this.#head)
        : from;
    if (from === null || to === null) return '';
    const addresses = setOf(address);
    const first = setOf(topics[0] ?? undefined);
    if (addresses === null && first === null) return this.history.logs(from, to, null);
    return this.history.logs(
      from,
      to,
      (emitter, topic) => (addresses?.has(emitter) ?? true) && (first?.has(topic) ?? true),
    );
  }
}

const setOf = (wanted: string | readonly string[] | undefined): ReadonlySet<string> | null =>
  wanted === undefined ? null : new Set([wanted].flat().map((one) => one.toLowerCase()));

interface Called {
  readonly to?: string;
  readonly data?: string;
  readonly input?: string;
}

function called({ to = '', data, input = data ?? '0x' }: Called): string {
  const method = TOKEN.getFunction(input.slice(0, 10));
  const ofToken = method === null ? null : TOKEN.encodeFunctionResult(method, [OF_TOKEN[method.name]]);
  const answer = contractAnswer(to, input) ?? ofToken;
  return answer === null ? REVERTED : `"result":"${answer}"`;
}

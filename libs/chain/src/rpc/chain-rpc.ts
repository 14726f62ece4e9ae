import type { Logger } from '@abland/kernel';
import { RpcUnavailableError, WrongChainError } from './errors.js';
import { HttpTransport } from './http-transport.js';
import type { RpcRequest, RpcTransport } from './json-rpc.js';
import { WebSocketTransport } from './web-socket-transport.js';

export interface ChainRpcOptions {
  /** In order of preference; http(s) or ws(s). */
  readonly urls: readonly string[];
  readonly chainId: number;
  readonly timeoutMs?: number;
  readonly logger: Logger;
}

const TIMEOUT_MS = 10_000;

/** JSON-RPC to one chain through the first provider that answers. Each is asked for its chain id before it is believed. */
export class ChainRpc {
  readonly #transports: readonly RpcTransport[];
  readonly #verified = new Set<RpcTransport>();
  #preferred = 0;

  constructor(private readonly options: ChainRpcOptions) {
    const timeoutMs = options.timeoutMs ?? TIMEOUT_MS;
    this.#transports = options.urls.map((url) =>
      url.startsWith('ws') ? new WebSocketTransport(url, timeoutMs) : new HttpTransport(url, timeoutMs),
    );
  }

  async request<Result>(method: string, ...params: readonly unknown[]): Promise<Result> {
    const [result] = await this.batch([{ method, params }]);
    return result as Result;
  }

  /**
   * @throws RpcUnavailableError where no provider answers
   * @throws RpcResponseError where one refuses a request
   * @throws WrongChainError where one serves another chain
   */
  async batch(requests: readonly RpcRequest[]): Promise<readonly unknown[]> {
    if (requests.length === 0) return [];
    let failure: unknown = new RpcUnavailableError('No provider is configured');
    for (let tried = 0; tried < this.#transports.length; tried += 1) {
      const index = (this.#preferred + tried) % this.#transports.length;
      const transport = this.#transports[index];
      if (transport === undefined) continue;
      try {
        await this.#verify(transport);
        const results = await transport.batch(requests);
        this.#preferred = index;
        return results;
      } catch (error) {
        if (!(error instanceof RpcUnavailableError)) throw error;
        // After an outage the same address may lead to another node.
        this.#verified.delete(transport);
        this.options.logger.warn({ url: transport.shownUrl, err: error }, 'Chain provider does not answer');
        failure = error;
      }
    }
    throw failure;
  }

  /** Asks the next provider from now on: the answers of this one do not hold together. */
  distrust(): void {
    this.#preferred = (this.#preferred + 1) % this.#transports.length;
  }

  close(): void {
    for (const transport of this.#transports) transport.close();
  }

  async #verify(transport: RpcTransport): Promise<void> {
    if (this.#verified.has(transport)) return;
    const [answer] = await transport.batch([{ method: 'eth_chainId', params: [] }]);
    const actual = Number(answer);
    if (actual !== this.options.chainId)
      throw new WrongChainError(transport.shownUrl, this.options.chainId, actual);
    this.#verified.add(transport);
  }
}

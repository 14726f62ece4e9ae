import { RpcUnavailableError } from './errors.js';
import { decodeBatch, encodeBatch, type RpcRequest, type RpcTransport } from './json-rpc.js';

export class HttpTransport implements RpcTransport {
  #nextId = 1;

  constructor(
    readonly url: string,
    private readonly timeoutMs: number,
  ) {}

  async batch(requests: readonly RpcRequest[]): Promise<readonly unknown[]> {
    const firstId = this.#nextId;
    this.#nextId += requests.length;
    const messages = encodeBatch(requests, firstId);
    const answers = await this.#post(JSON.stringify(messages.length === 1 ? messages[0] : messages));
    return decodeBatch(this.url, answers, firstId, requests.length);
  }

  async #post(body: string): Promise<unknown> {
    let response: Response;
    let text: string;
    try {
      response = await fetch(this.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
        signal: AbortSignal.timeout(this.timeoutMs),
      });
      text = await response.text();
    } catch (error) {
      throw new RpcUnavailableError(`${this.url} cannot be reached`, { url: this.url }, error);
    }
    try {
      return JSON.parse(text);
    } catch (error) {
      const { status } = response;
      throw new RpcUnavailableError(
        `${this.url} answered ${status}, not JSON`,
        { url: this.url, status },
        error,
      );
    }
  }

  close(): void {
    // Connections are pooled by the runtime and close by themselves.
  }
}

import { withoutSecrets } from '@abland/kernel';
import { RpcUnavailableError } from './errors.js';
import { decodeBatch, encodeBatch, type RpcRequest, type RpcTransport } from './json-rpc.js';

export class HttpTransport implements RpcTransport {
  readonly shownUrl: string;
  #nextId = 1;

  constructor(
    private readonly url: string,
    private readonly timeoutMs: number,
  ) {
    this.shownUrl = withoutSecrets(url);
  }

  async batch(requests: readonly RpcRequest[]): Promise<readonly unknown[]> {
    const firstId = this.#nextId;
    this.#nextId += requests.length;
    const messages = encodeBatch(requests, firstId);
    const answers = await this.#post(JSON.stringify(messages.length === 1 ? messages[0] : messages));
    return decodeBatch(this.shownUrl, answers, firstId, requests.length);
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
      throw new RpcUnavailableError(`${this.shownUrl} cannot be reached`, { url: this.shownUrl }, error);
    }
    try {
      return JSON.parse(text);
    } catch (error) {
      const { status } = response;
      throw new RpcUnavailableError(
        `${this.shownUrl} answered ${status}, not JSON`,
        { url: this.shownUrl, status },
        error,
      );
    }
  }

  close(): void {
    // Connections are pooled by the runtime and close by themselves.
  }
}

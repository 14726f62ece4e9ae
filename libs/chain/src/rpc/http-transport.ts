import { withoutSecrets } from '@abland/kernel';
import { withoutCredentials } from './credentials.js';
import { RpcBatchRefusedError, RpcTooMuchError, RpcTooOftenError, RpcUnavailableError } from './errors.js';
import {
  ANSWER_BYTES_MAX,
  decodeBatch,
  encodeBatch,
  type RpcRequest,
  type RpcTransport,
} from './json-rpc.js';

export class HttpTransport implements RpcTransport {
  readonly shownUrl: string;
  readonly #url: string;
  readonly #headers: Readonly<Record<string, string>>;
  #nextId = 1;

  constructor(
    url: string,
    private readonly timeoutMs: number,
    private readonly bytesMax = ANSWER_BYTES_MAX,
  ) {
    this.shownUrl = withoutSecrets(url);
    const asked = withoutCredentials(url);
    this.#url = asked.url;
    this.#headers = {
      'content-type': 'application/json',
      ...(asked.authorization === null ? {} : { authorization: asked.authorization }),
    };
  }

  async batch(requests: readonly RpcRequest[]): Promise<readonly unknown[]> {
    const firstId = this.#nextId;
    this.#nextId += requests.length;
    const messages = encodeBatch(requests, firstId);
    const body = JSON.stringify(messages.length === 1 ? messages[0] : messages);
    const answers = await this.#post(body, messages.length);
    return decodeBatch(this.shownUrl, answers, firstId, requests);
  }

  async #post(body: string, requests: number): Promise<unknown> {
    const { response, text } = await this.#exchange(body);
    const { status } = response;
    const { shownUrl: url } = this;
    if (status === 413) {
      // The body of several requests, or the answer to one: together they are asked for in smaller batches first.
      const less = requests > 1 ? RpcBatchRefusedError : RpcTooMuchError;
      throw new less(`${url} answered 413: too much was asked for`, { url, status });
    }
    if (status === 429 || status === 503) {
      const retryAfterMs = retryAfter(response.headers);
      const busy = status === 429 ? RpcTooOftenError : RpcUnavailableError;
      throw new busy(`${url} answered ${status}`, { url, status, retryAfterMs });
    }
    try {
      return JSON.parse(text);
    } catch (error) {
      throw new RpcUnavailableError(`${url} answered ${status}, not JSON`, { url, status }, error);
    }
  }

  async #exchange(body: string): Promise<{ readonly response: Response; readonly text: string }> {
    try {
      const response = await fetch(this.#url, {
        method: 'POST',
        headers: this.#headers,
        body,
        signal: AbortSignal.timeout(this.timeoutMs),
      });
      return { response, text: await this.#read(response) };
    } catch (error) {
      if (error instanceof RpcTooMuchError) throw error;
      throw new RpcUnavailableError(
        `${this.shownUrl} cannot be reached${isBadPort(error) ? ': HTTP is not spoken at this port' : ''}`,
        { url: this.shownUrl },
        error,
      );
    }
  }

  /** @throws RpcTooMuchError before more is kept than may be */
  async #read(response: Response): Promise<string> {
    const chunks: Uint8Array[] = [];
    let bytes = 0;
    for await (const chunk of response.body ?? []) {
      bytes += chunk.byteLength;
      // Leaving the loop gives the connection up.
      if (bytes > this.bytesMax) throw this.#tooLong();
      chunks.push(chunk);
    }
    return Buffer.concat(chunks).toString('utf8');
  }

  #tooLong(): RpcTooMuchError {
    const { bytesMax, shownUrl: url } = this;
    return new RpcTooMuchError(`${url} answered with more than ${bytesMax} bytes`, { url, bytesMax });
  }

  close(): void {
    // Connections are pooled by the runtime and close by themselves.
  }
}

/** Of one that the runtime asks nobody at, whatever listens there: Fetch standard, "port blocking". */
const isBadPort = (error: unknown): boolean =>
  error instanceof Error && error.cause instanceof Error && error.cause.message === 'bad port';

/**
 * Milliseconds of a Retry-After header: seconds, or a date by the clock of whoever answered (RFC 9110, 10.2.3 and 6.6.1); null for none,
 * or one that nobody can read.
 */
function retryAfter(headers: Headers): number | null {
  const header = headers.get('retry-after');
  if (header === null) return null;
  const seconds = header.trim() === '' ? NaN : Number(header);
  const now = Date.parse(headers.get('date') ?? '');
  const ms = Number.isFinite(seconds)
    ? seconds * 1000
    : Date.parse(header) - (Number.isNaN(now) ? Date.now() : now);
  return Number.isFinite(ms) && ms >= 0 ? ms : null;
}

import { withoutSecrets } from '@abland/kernel';
import { WebSocket } from 'ws';
import { RpcUnavailableError } from './errors.js';
import { decodeBatch, encodeBatch, type RpcRequest, type RpcTransport } from './json-rpc.js';

interface Waiting {
  readonly settle: (answers: unknown) => void;
  readonly fail: (error: unknown) => void;
}

/** Requests over a WebSocket that is opened when first needed and again after it broke. */
export class WebSocketTransport implements RpcTransport {
  readonly shownUrl: string;
  #nextId = 1;
  #socket: Promise<WebSocket> | null = null;
  readonly #waiting = new Map<number, Waiting>();

  constructor(
    private readonly url: string,
    private readonly timeoutMs: number,
  ) {
    this.shownUrl = withoutSecrets(url);
  }

  async batch(requests: readonly RpcRequest[]): Promise<readonly unknown[]> {
    this.#socket ??= this.#open();
    const socket = await this.#socket;
    const firstId = this.#nextId;
    this.#nextId += requests.length;
    const messages = encodeBatch(requests, firstId);
    const answers = await new Promise((settle, fail) => {
      const timer = setTimeout(
        () =>
          fail(new RpcUnavailableError(`${this.shownUrl} did not answer in time`, { url: this.shownUrl })),
        this.timeoutMs,
      );
      const done = (): void => {
        clearTimeout(timer);
        this.#waiting.delete(firstId);
      };
      this.#waiting.set(firstId, {
        settle: (value) => (done(), settle(value)),
        fail: (error) => (done(), fail(error)),
      });
      socket.send(JSON.stringify(messages.length === 1 ? messages[0] : messages));
    });
    return decodeBatch(this.shownUrl, answers, firstId, requests.length);
  }

  close(): void {
    const socket = this.#socket;
    this.#socket = null;
    socket?.then(
      (open) => open.terminate(),
      () => undefined,
    );
  }

  #open(): Promise<WebSocket> {
    return new Promise((resolve, reject) => {
      const socket = new WebSocket(this.url, { handshakeTimeout: this.timeoutMs });
      const broke = (cause?: unknown): void => {
        const error = new RpcUnavailableError(
          `${this.shownUrl} cannot be reached`,
          { url: this.shownUrl },
          cause,
        );
        this.#socket = null;
        reject(error);
        for (const waiting of [...this.#waiting.values()]) waiting.fail(error);
      };
      socket.on('open', () => resolve(socket));
      socket.on('message', (data) => this.#receive(data.toString()));
      socket.on('error', broke);
      socket.on('close', () => broke());
    });
  }

  #receive(text: string): void {
    let answers: unknown;
    try {
      answers = JSON.parse(text);
    } catch {
      // What is not JSON answers nothing; whoever waits runs into the time limit.
      return;
    }
    const ids = (Array.isArray(answers) ? answers : [answers]).map(
      (answer: { id?: unknown } | null) => answer?.id,
    );
    const firstId = Math.min(...ids.filter((id) => typeof id === 'number'));
    this.#waiting.get(firstId)?.settle(answers);
  }
}

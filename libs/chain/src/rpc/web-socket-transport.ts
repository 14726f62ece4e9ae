import { withoutSecrets } from '@abland/kernel';
import type { WebSocket } from 'ws';
import { RpcUnavailableError } from './errors.js';
import { decodeBatch, encodeBatch, idOf, type RpcRequest, type RpcTransport } from './json-rpc.js';
import { openSocket } from './live-socket.js';

interface Waiting {
  readonly socket: WebSocket;
  readonly settle: (answers: unknown) => void;
  readonly fail: (error: unknown) => void;
}

/** Requests over a WebSocket that is opened when first needed, and again after it broke or fell silent. */
export class WebSocketTransport implements RpcTransport {
  readonly shownUrl: string;
  #nextId = 1;
  #socket: Promise<WebSocket> | null = null;
  /** The newest one. */
  #opened: WebSocket | null = null;
  #closed = false;
  #connections = 0;
  readonly #waiting = new Map<number, Waiting>();

  constructor(
    private readonly url: string,
    private readonly timeoutMs: number,
  ) {
    this.shownUrl = withoutSecrets(url);
  }

  get connections(): number {
    return this.#connections;
  }

  async batch(requests: readonly RpcRequest[]): Promise<readonly unknown[]> {
    if (this.#closed) throw this.#unavailable('is asked no more');
    this.#socket ??= this.#open();
    const socket = await this.#socket;
    const firstId = this.#nextId;
    this.#nextId += requests.length;
    const messages = encodeBatch(requests, firstId);
    const text = JSON.stringify(messages.length === 1 ? messages[0] : messages);
    const answers = await this.#ask(socket, firstId, text);
    return decodeBatch(this.shownUrl, answers, firstId, requests);
  }

  /** Work that had begun before opens no further socket. */
  close(): void {
    this.#closed = true;
    const socket = this.#socket;
    this.#socket = null;
    socket?.then(
      (open) => open.terminate(),
      () => undefined,
    );
  }

  #ask(socket: WebSocket, firstId: number, text: string): Promise<unknown> {
    return new Promise((settle, fail) => {
      const timer = setTimeout(() => {
        fail(this.#unavailable('did not answer in time'));
        // One that does not answer this will not answer the next: it is replaced, unless it was already.
        if (this.#opened === socket) this.#socket = null;
        socket.terminate();
      }, this.timeoutMs);
      const done = (): void => {
        clearTimeout(timer);
        this.#waiting.delete(firstId);
      };
      this.#waiting.set(firstId, {
        socket,
        settle: (value) => (done(), settle(value)),
        fail: (error) => (done(), fail(error)),
      });
      socket.send(text);
    });
  }

  #open(): Promise<WebSocket> {
    const socket = openSocket(this.url, this.timeoutMs);
    this.#opened = socket;
    this.#connections += 1;
    const opening = new Promise<WebSocket>((resolve, reject) => {
      const broke = (cause?: unknown): void => {
        const error = this.#unavailable('cannot be reached', cause);
        if (this.#socket === opening) this.#socket = null;
        reject(error);
        for (const waiting of [...this.#waiting.values()]) if (waiting.socket === socket) waiting.fail(error);
      };
      socket.on('open', () => resolve(socket));
      socket.on('message', (data) => this.#receive(data.toString()));
      socket.on('error', broke);
      socket.on('close', () => broke());
    });
    return opening;
  }

  #receive(text: string): void {
    let answers: unknown;
    try {
      answers = JSON.parse(text);
    } catch {
      // What is not JSON answers nothing; whoever waits runs into the time limit.
      return;
    }
    const ids = (Array.isArray(answers) ? answers : [answers]).flatMap((answer) => idOf(answer) ?? []);
    // A whole batch refused by one object without an id: it can only be for the one that waits.
    // As many as a provider likes: they are no arguments of a call.
    const firstId = ids.length > 0 ? ids.reduce((least, id) => Math.min(least, id)) : this.#only(answers);
    this.#waiting.get(firstId ?? -1)?.settle(answers);
  }

  #only(answers: unknown): number | null {
    const isRefusal = typeof answers === 'object' && answers !== null && 'error' in answers;
    return isRefusal && this.#waiting.size === 1 ? ([...this.#waiting.keys()][0] ?? null) : null;
  }

  #unavailable(what: string, cause?: unknown): RpcUnavailableError {
    return new RpcUnavailableError(`${this.shownUrl} ${what}`, { url: this.shownUrl }, cause);
  }
}

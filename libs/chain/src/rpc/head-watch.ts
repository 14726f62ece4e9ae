import { WebSocket } from 'ws';
import type { Logger } from '@abland/kernel';

export interface HeadWatchOptions {
  /** The chain's providers; the first ws(s) one is subscribed to, else the first http(s) one is tried as WebSocket. */
  readonly urls: readonly string[];
  /** How often to look without being told. */
  readonly pollIntervalMs: number;
  readonly logger: Logger;
}

const RECONNECT_MIN_MS = 200;
const RECONNECT_MAX_MS = 30_000;

/**
 * Says when the chain may have a new head: at once where the provider pushes them, else by the clock. It never says what
 * the head is; that is asked for.
 */
export class HeadWatch {
  #changed = Promise.withResolvers<void>();
  #timer: NodeJS.Timeout | null = null;
  #socket: WebSocket | null = null;
  #reconnect: NodeJS.Timeout | null = null;
  #pauseMs = RECONNECT_MIN_MS;
  #closed = false;

  constructor(private readonly options: HeadWatchOptions) {
    this.#connect();
  }

  /** Whether heads are pushed at the moment. */
  get pushed(): boolean {
    return this.#socket?.readyState === WebSocket.OPEN;
  }

  /** Resolves at the next push since the last call, or when it is time to look, or when aborted. */
  async next(signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    this.#timer = setTimeout(() => this.#wake(), this.options.pollIntervalMs);
    const onAbort = (): void => this.#wake();
    signal.addEventListener('abort', onAbort, { once: true });
    await this.#changed.promise;
    clearTimeout(this.#timer);
    signal.removeEventListener('abort', onAbort);
    this.#changed = Promise.withResolvers<void>();
  }

  close(): void {
    this.#closed = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    if (this.#reconnect !== null) clearTimeout(this.#reconnect);
    this.#socket?.terminate();
    this.#wake();
  }

  #wake(): void {
    this.#changed.resolve();
  }

  #connect(): void {
    const url =
      this.options.urls.find((one) => one.startsWith('ws')) ?? this.options.urls[0]?.replace(/^http/, 'ws');
    if (url === undefined || this.#closed) return;
    const socket = new WebSocket(url, { handshakeTimeout: 5000 });
    this.#socket = socket;
    socket.on('open', () => {
      this.#pauseMs = RECONNECT_MIN_MS;
      socket.send(JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'eth_subscribe', params: ['newHeads'] }));
    });
    // The answer to the subscription wakes too: a head may have come before it.
    socket.on('message', () => this.#wake());
    socket.on('error', (error) => this.options.logger.debug({ url, err: error }, 'No pushed heads'));
    socket.on('close', () => {
      if (this.#closed) return;
      this.#reconnect = setTimeout(() => this.#connect(), this.#pauseMs);
      this.#pauseMs = Math.min(this.#pauseMs * 2, RECONNECT_MAX_MS);
    });
  }
}

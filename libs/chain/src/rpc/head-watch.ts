import { WebSocket } from 'ws';
import { openSocket } from './live-socket.js';
import { type Logger, type PartRun, supervise, type Supervised, orAborted } from '@abland/kernel';

export interface HeadWatchOptions {
  /** The chain's providers, one of which is subscribed to: the ws(s) ones come first, http(s) ones are tried as WebSocket. */
  readonly urls: readonly string[];
  /** How often to look without being told. */
  readonly pollIntervalMs: number;
  readonly logger: Logger;
}

const PAUSE_MS = { min: 200, max: 30_000 };
const HANDSHAKE_MS_MAX = 5_000;
/** So many new heads in a row that were found by looking, not pushed: the subscription has ended, whatever the socket says. */
const UNPUSHED_HEADS_MAX = 3;

/**
 * Says when the chain may have a new head: at once where the provider pushes them, else by the clock. It never says what
 * the head is; that is asked for.
 */
export class HeadWatch {
  #changed = Promise.withResolvers<void>();
  #timer: NodeJS.Timeout | null = null;
  #socket: WebSocket | null = null;
  #listening: Supervised | null = null;
  #newest = -1;
  #unpushed = 0;
  #tried = 0;

  constructor(private readonly options: HeadWatchOptions) {
    const { logger, urls } = options;
    const candidates = [
      ...urls.filter((url) => url.startsWith('ws')),
      ...urls.filter((url) => url.startsWith('http')).map((url) => url.replace(/^http/, 'ws')),
    ];
    this.#listening = supervise(
      { name: 'pushed heads', run: (run) => this.#listen(this.#nextOf(candidates), run) },
      { logger: quiet(logger), pauseMs: PAUSE_MS, failedPauseMs: PAUSE_MS.max },
    );
  }

  /** Whether heads are pushed at the moment. */
  get pushed(): boolean {
    return this.#socket?.readyState === WebSocket.OPEN;
  }

  /** To be told the head that was found: where heads come that nobody pushed, the subscription is renewed. */
  found(headNumber: number): void {
    if (headNumber <= this.#newest) return;
    this.#newest = headNumber;
    this.#unpushed += 1;
    if (!this.pushed || this.#unpushed <= UNPUSHED_HEADS_MAX) return;
    this.#unpushed = 0;
    this.options.logger.debug({ head: headNumber }, 'Heads are no longer pushed, subscribing again');
    this.#socket?.terminate();
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
    if (this.#timer !== null) clearTimeout(this.#timer);
    void this.#listening?.stop(); // never rejects
    this.#wake();
  }

  #wake(): void {
    this.#changed.resolve();
  }

  /** Where one closed, or was silent, the next is tried. */
  #nextOf(candidates: readonly string[]): string {
    const url = candidates[this.#tried % candidates.length] ?? '';
    this.#tried += 1;
    return url;
  }

  /** Returns when the connection closes. @throws what it ended with */
  async #listen(url: string, { progress, signal }: PartRun): Promise<void> {
    const socket = openSocket(url, HANDSHAKE_MS_MAX);
    this.#socket = socket;
    socket.on('open', () => {
      progress();
      socket.send(JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'eth_subscribe', params: ['newHeads'] }));
    });
    // The answer to the subscription wakes too: a head may have come before it.
    socket.on('message', () => {
      this.#unpushed = 0;
      this.#wake();
    });
    const closed = new Promise<void>((resolve, reject) => {
      socket.on('error', reject);
      socket.on('close', () => resolve());
    });
    try {
      await orAborted(closed, signal);
    } finally {
      socket.on('error', () => undefined); // a connection that is given up while it is made says so once more
      socket.terminate();
    }
  }
}

/** Not every provider pushes, and without it we look by the clock: nothing that an operator must know of. */
function quiet(logger: Logger): Logger {
  const debug = logger.debug.bind(logger);
  return { debug, info: debug, warn: debug, error: debug, child: (fields) => quiet(logger.child(fields)) };
}

import { once } from 'node:events';
import { until } from '@abland/testing';
import { WebSocket } from 'ws';

export interface Closed {
  readonly code: number;
  readonly reason: string;
}

// The shape of a message is what a test is about: it says itself what it expects.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
type Loose = any;

const WITHIN_MS = 120_000;

/** A client of graphql-ws by hand, so that tests see each message and code. */
export class SubscriptionClient {
  readonly messages: Loose[] = [];
  readonly closed: Promise<Closed>;
  private end: Closed | null = null;
  private waiting: (() => void) | null = null;

  private constructor(readonly socket: WebSocket) {
    this.closed = new Promise((resolve) => {
      socket.once('close', (code, reason) => resolve((this.end = { code, reason: String(reason) })));
    });
    socket.on('message', (data: Buffer) => {
      this.messages.push(JSON.parse(String(data)));
      this.waiting?.();
    });
    socket.on('error', () => undefined);
  }

  /** Connects; what the server answers to the first message is the first of the messages. */
  static async connect(
    url: string,
    payload?: object,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<SubscriptionClient> {
    const at = `${url.replace('http', 'ws')}/graphql`;
    const socket = new WebSocket(at, 'graphql-transport-ws', { headers });
    const client = new SubscriptionClient(socket);
    await once(socket, 'open');
    client.send({ type: 'connection_init', ...(payload === undefined ? {} : { payload }) });
    return client;
  }

  send(message: object): void {
    this.socket.send(JSON.stringify(message));
  }

  subscribe(id: string, query: string, variables: object = {}): void {
    this.send({ id, type: 'subscribe', payload: { query, variables } });
  }

  /**
   * Resolves once the server tells of what happens from now on: a subscription is not acknowledged.
   * @param happen makes something that the only subscription of this client is told of, each time anew
   */
  async untilTold(happen: () => Promise<unknown>): Promise<void> {
    await until(
      async () => {
        await happen();
        return this.messages.some(({ type }) => type === 'next');
      },
      () => this.messages,
    );
  }

  /** How the server closed it. @throws where it does not, with what it told */
  async untilClosed(): Promise<Closed> {
    await until(
      () => this.end !== null,
      () => this.messages,
    );
    return this.closed;
  }

  /** The first message, from now or before, that is as wanted. */
  async message(wanted: (message: Loose) => boolean): Promise<Loose> {
    for (const until = Date.now() + WITHIN_MS; Date.now() < until;) {
      const found = this.messages.find(wanted);
      if (found !== undefined) return found;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, 50);
        this.waiting = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    throw new Error(`No such message among ${JSON.stringify(this.messages)}`);
  }
}

import { once } from 'node:events';
import { WebSocket } from 'ws';

export interface Closed {
  readonly code: number;
  readonly reason: string;
}

// The shape of a message is what a test is about: it says itself what it expects.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
type Loose = any;

const WITHIN_MS = 120_000;
/** For what the server goes on to do with a message once it has turned to it: so long at least, and so many answers of it. */
const [TURNED_MS, TURNED_ANSWERS] = [200, 5];

/** A client of graphql-ws by hand, so that tests see each message and code. */
export class SubscriptionClient {
  readonly messages: Loose[] = [];
  readonly closed: Promise<Closed>;
  private waiting: (() => void) | null = null;

  private constructor(
    readonly socket: WebSocket,
    private readonly url: string,
  ) {
    this.closed = new Promise((resolve) => {
      socket.once('close', (code, reason) => resolve({ code, reason: String(reason) }));
    });
    socket.on('message', (data: Buffer) => {
      this.messages.push(JSON.parse(String(data)));
      this.waiting?.();
    });
    socket.on('error', () => undefined);
  }

  /** Connects; what the server answers to the first message is the first of the messages. */
  static async connect(url: string, payload?: object): Promise<SubscriptionClient> {
    const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
    const client = new SubscriptionClient(socket, url);
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
   * Resolves once the server has turned to all that was sent, and has had the time since to ask the database: a subscription is
   * not acknowledged.
   */
  async turnedTo(): Promise<void> {
    const isPong = ({ type }: Loose): boolean => type === 'pong';
    const before = this.messages.filter(isPong).length;
    this.send({ type: 'ping' });
    await this.message(() => this.messages.filter(isPong).length > before);
    const over = new Promise((resolve) => setTimeout(resolve, TURNED_MS));
    for (let answers = 0; answers < TURNED_ANSWERS; answers += 1) await this.askOverHttp();
    await over;
  }

  private async askOverHttp(): Promise<void> {
    const asked = fetch(`${this.url}/graphql`, {
      ...{ method: 'POST', headers: { 'content-type': 'application/json' } },
      body: JSON.stringify({ query: '{ tokens(first: 1) { edges { node { symbol } } } }' }),
    });
    await (await asked).text();
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

import { createServer, type Server, type Socket } from 'node:net';
import pg from 'pg';

const SSL_REQUEST = 80_877_103;
/** Of its clients: it sets them on whichever connection it gives them. Others it refuses, as PgBouncer does. */
const TRACKED = [
  'client_encoding',
  'datestyle',
  'timezone',
  'standard_conforming_strings',
  'application_name',
];

interface Message {
  readonly type: string;
  readonly bytes: Buffer;
}

interface Upstream {
  readonly socket: Socket;
  client: Client | null;
}

interface Client {
  readonly socket: Socket;
  readonly settings: ReadonlyMap<string, string>;
  upstream: Upstream | null;
  /** Messages that PostgreSQL answers with "ready" and has not answered yet. */
  asked: number;
}

/** A stand-in for PgBouncer with pool_mode=transaction: a connection is a client's until its transaction ends. */
export class TransactionPooler {
  private readonly free: Upstream[] = [];
  private readonly opened: pg.Client[] = [];
  private readonly clients = new Set<Socket>();

  private constructor(
    private readonly server: Server,
    private readonly behind: string,
    /** The server's address by way of the pooler. */
    readonly url: string,
  ) {}

  static async inFrontOf(url: string): Promise<TransactionPooler> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const own = new URL(url);
    own.host = `127.0.0.1:${(server.address() as { port: number }).port}`;
    const pooler = new TransactionPooler(server, url, own.href);
    server.on('connection', (socket) => pooler.welcome(socket));
    return pooler;
  }

  async close(): Promise<void> {
    for (const socket of this.clients) socket.destroy();
    for (const client of this.opened) socketOf(client).destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private welcome(socket: Socket): void {
    this.clients.add(socket);
    socket.on('error', () => undefined).on('close', () => this.clients.delete(socket));
    const onStartup = (bytes: Buffer): void => {
      if (bytes.readInt32BE(4) === SSL_REQUEST) return void socket.write('N');
      socket.off('data', onStartup);
      this.admit(socket, settingsOf(bytes));
    };
    socket.on('data', onStartup);
  }

  private admit(socket: Socket, asked: ReadonlyMap<string, string>): void {
    const settings = new Map([...asked].filter(([name]) => TRACKED.includes(name)));
    const unknown = [...asked.keys()].find((name) => !['user', 'database', ...TRACKED].includes(name));
    if (unknown !== undefined) {
      const text = `SFATAL\0C08P01\0Munsupported startup parameter: ${unknown}\0\0`;
      return void socket.end(message('E', Buffer.from(text)));
    }
    const client: Client = { socket, settings, upstream: null, asked: 0 };
    const key = Buffer.alloc(8, 7);
    socket.write(Buffer.concat([message('R', Buffer.alloc(4)), message('K', key), ready('I')]));
    let turn = Promise.resolve();
    onMessages(socket, (messages) => {
      turn = turn.then(() => this.pass(client, messages));
    });
  }

  private async pass(client: Client, messages: readonly Message[]): Promise<void> {
    for (const { bytes, type } of messages) {
      if (type === 'X') return void client.socket.end();
      client.upstream ??= await this.take(client);
      if (type === 'Q' || type === 'S') client.asked += 1;
      client.upstream.socket.write(bytes);
    }
  }

  /** The one that was used last. */
  private async take(client: Client): Promise<Upstream> {
    const upstream = this.free.pop() ?? (await this.connect());
    const sets = [...client.settings].map(([name, value]) => `SET ${name} = '${value}'`).join(';');
    upstream.client = { ...client, socket: NOBODY, asked: 1 };
    await new Promise<void>((resolve) => {
      upstream.socket.once('set', resolve);
      upstream.socket.write(message('Q', Buffer.from(`${sets}\0`)));
    });
    upstream.client = client;
    return upstream;
  }

  private async connect(): Promise<Upstream> {
    const client = new pg.Client({ connectionString: this.behind });
    client.on('error', () => undefined);
    await client.connect();
    this.opened.push(client);
    const socket = socketOf(client);
    socket.removeAllListeners('data');
    const upstream: Upstream = { socket, client: null };
    onMessages(socket, (messages) => {
      for (const each of messages) this.answer(upstream, each);
    });
    return upstream;
  }

  private answer(upstream: Upstream, { bytes, type }: Message): void {
    const { client } = upstream;
    if (client === null) return;
    if (client.socket !== NOBODY) client.socket.write(bytes);
    if (type !== 'Z') return;
    client.asked -= 1;
    if (client.socket === NOBODY) return void upstream.socket.emit('set');
    if (client.asked > 0 || bytes.toString('latin1', 5) !== 'I') return;
    client.upstream = null;
    upstream.client = null;
    this.free.push(upstream);
  }
}

/** In place of a client while a connection is being set to its settings. */
const NOBODY = {} as Socket;

const socketOf = (client: pg.Client): Socket =>
  (client as unknown as { readonly connection: { readonly stream: Socket } }).connection.stream;

function settingsOf(startup: Buffer): ReadonlyMap<string, string> {
  const texts = startup.toString('utf8', 8).split('\0');
  const settings = new Map<string, string>();
  for (let at = 0; at + 1 < texts.length && texts[at] !== ''; at += 2) {
    settings.set((texts[at] ?? '').toLowerCase(), texts[at + 1] ?? '');
  }
  return settings;
}

function message(type: string, body: Buffer): Buffer {
  const head = Buffer.alloc(5);
  head.write(type, 'latin1');
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}

const ready = (status: string): Buffer => message('Z', Buffer.from(status));

/** Whole messages, however they were cut on their way. */
function onMessages(socket: Socket, take: (messages: readonly Message[]) => void): void {
  let rest = Buffer.alloc(0);
  socket.on('data', (chunk: Buffer) => {
    rest = Buffer.concat([rest, chunk]);
    const messages: Message[] = [];
    while (rest.length >= 5 && rest.length > rest.readInt32BE(1)) {
      const bytes = rest.subarray(0, rest.readInt32BE(1) + 1);
      messages.push({ type: bytes.toString('latin1', 0, 1), bytes });
      rest = rest.subarray(bytes.length);
    }
    if (messages.length > 0) take(messages);
  });
}

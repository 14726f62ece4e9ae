import {
  type Logger,
  type PartRun,
  supervise,
  type Supervised,
  systemTiming,
  orAborted,
} from '@abland/kernel';
import pg from 'pg';
import { postgresFailureClassOf } from './failure-classes.js';
import { PostgresClient } from './postgres-client.js';

/** Null when notifications may have been missed: at every (re)connection. */
export type OnNotification = (payload: string | null) => void;

interface Member {
  readonly channel: string;
  readonly tell: OnNotification;
}

const PAUSE_MS = { min: 50, max: 2_000 };
const FAILED_PAUSE_MS = 10_000;
/** A connection that only listens would not notice that its server is gone without a word. */
const ASK_EVERY_MS = 10_000;

/** Of this process, by the database that they are to. */
const connections = new Map<string, ListeningConnection>();

/** Listens on a channel of a database, over the one connection of this process for that. Returns the function that ends it. */
export function joinListening(
  config: pg.ClientConfig,
  channel: string,
  tell: OnNotification,
  logger: Logger,
): () => Promise<void> {
  const { connectionString, database, host, port, user } = config;
  const key = JSON.stringify([connectionString, host, port, database, user]);
  const connection = connections.get(key) ?? new ListeningConnection(config, logger);
  connections.set(key, connection);
  const member = { channel, tell };
  connection.join(member);
  return async () => {
    if (!connection.leave(member)) return;
    if (connections.get(key) === connection) connections.delete(key);
    await connection.close();
  };
}

class ListeningConnection {
  private readonly members = new Set<Member>();
  private readonly running: Supervised;
  /** Null while it is not connected. */
  private client: PostgresClient | null = null;

  constructor(
    private readonly config: pg.ClientConfig,
    logger: Logger,
  ) {
    const part = { name: 'listening', run: (run: PartRun) => this.connectAndListen(run) };
    const pauses = { pauseMs: PAUSE_MS, failedPauseMs: FAILED_PAUSE_MS };
    this.running = supervise(part, { ...pauses, logger, classify: postgresFailureClassOf });
  }

  join(member: Member): void {
    this.members.add(member);
    const { client } = this;
    if (client === null) return; // it is listened to with all others before any of them is told
    void this.listen(client, member.channel).then(
      () => member.tell(null),
      () => undefined, // the connection is lost, and all channels are listened to again on the next one
    );
  }

  /** Whether nobody listens any more. */
  leave(member: Member): boolean {
    return this.members.delete(member) && this.members.size === 0;
  }

  close(): Promise<void> {
    return this.running.stop();
  }

  /** Returns when the signal aborted. @throws what ended the connection */
  private async connectAndListen({ progress, signal }: PartRun): Promise<void> {
    const client = new PostgresClient({ ...this.config, application_name: 'abland-listener' });
    const lost = Promise.withResolvers<never>();
    lost.promise.catch(() => undefined); // awaited below; may reject before that
    client.on('error', lost.reject);
    client.on('end', () => lost.reject(new Error('Connection terminated')));
    client.on('notification', ({ channel, payload }) => this.tell(channel, payload ?? ''));
    try {
      await client.connect();
      await this.listenToAll(client);
      progress();
      this.tell(null, null);
      await orAborted(Promise.race([lost.promise, this.askUntil(signal, client)]), signal);
    } finally {
      this.client = null;
      await client.end();
    }
  }

  private async askUntil(signal: AbortSignal, client: PostgresClient): Promise<void> {
    while (!signal.aborted && this.client === client) {
      await systemTiming.pause(ASK_EVERY_MS, signal);
      if (!signal.aborted && this.client === client) await client.query('SELECT 1');
    }
  }

  /** Also to what is joined meanwhile: with the last of them, and not a turn of the loop later, whoever joins listens by itself. */
  private async listenToAll(client: PostgresClient): Promise<void> {
    const listened = new Set<string>();
    for (;;) {
      const next = [...this.members].find(({ channel }) => !listened.has(channel));
      if (next === undefined) break;
      await this.listen(client, next.channel);
      listened.add(next.channel);
    }
    this.client = client;
  }

  private async listen(client: PostgresClient, channel: string): Promise<void> {
    await client.query(`LISTEN ${pg.escapeIdentifier(channel)}`);
  }

  /** @param channel null: all of them */
  private tell(channel: string | null, payload: string | null): void {
    for (const member of this.members) {
      if (channel === null || member.channel === channel) member.tell(payload);
    }
  }
}

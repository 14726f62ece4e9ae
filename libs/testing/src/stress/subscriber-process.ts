import { setTimeout as sleep } from 'node:timers/promises';
import { EventStoreUnavailableError, type EventFilter } from '@abland/kernel';
import { isConnectionLoss } from '@abland/postgres';
import pg from 'pg';
import type { StressedStore } from './store-in-use.js';
import { digestOf, openStressedStore, type Variant } from './stressed-store.js';

export interface SubscriberOptions {
  /** Of the store. */
  readonly url: string;
  /** Of the database that it notes in what it sees. */
  readonly notesUrl: string;
  readonly variant: Variant;
  /** Where it begins: after what other runs left in the log; decimal. */
  readonly after: string;
  readonly name: string;
  readonly batchSize: number;
  readonly filter?: EventFilter;
  /** A consumer's work between batches. */
  readonly workMs: number;
}

const SAVE_CHECKPOINT = `INSERT INTO stress.checkpoints (subscriber, position) VALUES ($1, $2)
  ON CONFLICT (subscriber) DO UPDATE SET position = excluded.position`;
const SAVE_SEEN = `INSERT INTO stress.seen (subscriber, position, event_id, digest)
  SELECT $1, * FROM unnest($2::numeric[], $3::uuid[], $4::text[])`;

/** Long enough for a kill to fall between rows and checkpoint in a short run. */
const OUTSIDE_MS = 20;

/** Notes what it sees in the same transaction as how far it is, as a projection does. */
async function follow(store: StressedStore, client: pg.Client, options: SubscriberOptions): Promise<void> {
  const { rows } = await client.query<{ position: string }>(
    'SELECT position FROM stress.checkpoints WHERE subscriber = $1',
    [options.name],
  );
  const after = BigInt(rows[0]?.position ?? options.after);
  const { batchSize, filter } = options;
  const subscription = store.subscribeToAll({
    ...(after === 0n ? {} : { after }),
    batchSize,
    signal: new AbortController().signal,
    ...(filter === undefined ? {} : { filter }),
  });
  let working = false;
  for await (const { events, scannedTo } of subscription) {
    if (!working) working = process.send?.('working') ?? true;
    const seen = [
      options.name,
      events.map(({ position }) => position),
      events.map(({ id }) => id),
      events.map(digestOf),
    ];
    if (options.variant === 'checkpoint-outside') {
      // The wrong way, to test the test: a kill between the two delivers the batch again.
      await client.query(SAVE_SEEN, seen);
      await sleep(OUTSIDE_MS);
      await client.query(SAVE_CHECKPOINT, [options.name, scannedTo]);
      continue;
    }
    await client.query('BEGIN');
    await client.query(SAVE_SEEN, seen);
    await sleep(options.workMs);
    await client.query(SAVE_CHECKPOINT, [options.name, scannedTo]);
    await client.query('COMMIT');
  }
}

async function main(): Promise<void> {
  const options = JSON.parse(process.argv[2] ?? '{}') as SubscriberOptions;
  for (;;) {
    const client = new pg.Client({ connectionString: options.notesUrl });
    client.on('error', () => undefined); // every query reports its own loss
    let store: StressedStore | undefined;
    try {
      await client.connect();
      store = await openStressedStore(options.variant, options.url);
      await follow(store, client, options);
    } catch (error) {
      if (!isConnectionLoss(error) && !(error instanceof EventStoreUnavailableError)) throw error;
      await sleep(100);
    } finally {
      await client.end().catch(() => undefined); // already lost
      await store?.close().catch(() => undefined); // already lost
    }
  }
}

await main();

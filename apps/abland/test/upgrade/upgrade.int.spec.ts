import {
  chainStream,
  forwardNoncesStream,
  operationStream,
  relayerStream,
  requestStream,
  userStream,
} from '@abland/domain';
import { openEventStore, validateEvent } from '@abland/event-codec';
import { openBareEventStore } from '@abland/event-store';
import { type EventStore, type Position, type RecordedEvent, silentLogger as logger } from '@abland/kernel';
import { copyStore, measureLog } from '@abland/log-tools';
import {
  migrateProjections,
  PROJECTION_NAMES,
  rebuildProjection,
  type StateChecksum,
  stateChecksum,
} from '@abland/projections';
import { createTestDatabase, type TestDatabase } from '@abland/testing';
import { StandInServer } from '@abland/testing/eventstoredb';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Wallet } from 'ethers';
import pg from 'pg';
import { type ApiClient, createApiClient, type SessionTokens } from '../../src/demo/api-client.js';
import { COMMAND, CREATE_TOKEN, REQUEST_SIGN_IN, SIGN_IN } from '../../src/demo/documents.js';
import { migrationHashes } from '../../src/migrations/all-migrations.js';
import { readUpgradeData, recordings, restoreDatabase } from './upgrade-data.js';
import { type LostBlocks, UpgradedSystem } from './upgraded-system.js';

const TWO_DAYS_MS = 2 * 24 * 3_600_000;
const WITHIN_MS = 120_000;

/**
 * A database that an earlier version left, with the programs of this one on it. What this test finds would be found by
 * everybody who upgrades: where it fails, the change is to be another one.
 */
describe.each(recordings())('an upgrade from %s', (name) => {
  const data = readUpgradeData(name);
  let database: TestDatabase;
  let system: UpgradedSystem;
  /** Of each projection, by its tables and its version, before and after. */
  let before: ReadonlyMap<string, string>;
  /** How far each process was. */
  let processed: ReadonlyMap<string, string>;
  let events: readonly RecordedEvent[];
  let rebuilt: StateChecksum;
  let client: ApiClient;

  beforeAll(async () => {
    database = await createTestDatabase();
    await restoreDatabase(database.url, name);
    before = await definitions(database.url);
    processed = await checkpoints(database.url);
    system = await UpgradedSystem.open(data, database.url);
  });
  afterAll(async () => {
    await system?.stop();
    await database.drop();
  });

  it('reads the log to its last event: as it was stored, and each event as its newest schema wants it', async () => {
    const bare = await openBareEventStore(database.url, logger);
    const { events: count, checksum } = await measureLog(bare);
    await bare.close();
    expect({ events: Number(count), checksum }).toEqual({
      events: data.log.events,
      checksum: data.log.checksum,
    });
    events = await all(system.store);
    expect(events).toHaveLength(data.log.events);
    expect(events.flatMap(violation)).toEqual([]);
  });

  it('finds every stream under its name of now', () => {
    const misnamed = events.flatMap((event) => {
      const expected = streamOf(event);
      return expected === null || expected === event.stream
        ? []
        : [`${event.type} is on ${event.stream}, and looked for on ${expected}`];
    });
    expect([...new Set(misnamed)].slice(0, 5)).toEqual([]);
  });

  it('goes on everywhere from where it was, and does nothing that was done before', async () => {
    await system.start(relayerOf(events));
    const told = await all(system.store);
    expect(told.slice(events.length).map(({ type, stream }) => `${type} on ${stream}`)).toEqual([]);
    expect(system.sent).toEqual([]);
    const { rows } = await system.pool.query('SELECT * FROM processes.parked');
    expect(rows).toEqual([]);
    // One of another name would begin at the first event.
    expect(system.processNames).toEqual(expect.arrayContaining([...processed.keys()]));
  });

  it('brings every schema to the migrations of now, and there are no others', async () => {
    const { rows } = await system.pool.query<{ schema: string }>(
      `SELECT nspname AS schema FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace WHERE relname = 'migrations'`,
    );
    const applied = await Promise.all(
      rows.map(({ schema }) =>
        system.pool.query<{ name: string; hash: string }>(
          `SELECT '${schema}/' || name AS name, hash FROM ${schema}.migrations`,
        ),
      ),
    );
    const hashes = applied.flatMap((one) => one.rows.map(({ name: migration, hash }) => [migration, hash]));
    expect(Object.fromEntries(hashes)).toEqual(migrationHashes());
  });

  it('has the read models that were recorded, and builds the same from the first event', async () => {
    const after = await definitions(database.url);
    const live = await stateChecksum(system.pool);
    for (const projection of PROJECTION_NAMES) await rebuild(system.pool, system.store, projection);
    rebuilt = await stateChecksum(system.pool);
    const findings = rebuilt.tables.flatMap(({ projection, table, checksum }) => {
      const unchanged = before.get(projection) === after.get(projection);
      const liveSum = live.tables.find((one) => one.table === table)?.checksum;
      if (liveSum !== checksum)
        return [
          `${table}: built from the log it is not what ${unchanged ? 'was recorded: its fold changed, so must the version of the projection' : 'the projection had built before'} (${projection})`,
        ];
      return unchanged && data.checksums[table] !== checksum
        ? [`${table}: it is not what was recorded, though the version of ${projection} is the same`]
        : [];
    });
    expect(findings).toEqual([]);
  });

  it('copies its log to EventStoreDB (a stand-in), which gives the same read models', async () => {
    const standIn = await StandInServer.start();
    const copy = await createTestDatabase();
    const pool = new pg.Pool({ connectionString: copy.url, max: 5 });
    pool.on('error', () => undefined); // dropping the database ends idle connections
    try {
      const report = await copyStore({ fromUrl: database.url, toUrl: standIn.url, logger });
      expect(Number(report.events)).toBe(data.log.events);
      await migrateProjections(pool);
      const store = await openEventStore(standIn.url, logger);
      for (const projection of PROJECTION_NAMES) await rebuild(pool, store, projection);
      await store.close();
      expect(await stateChecksum(pool)).toEqual(rebuilt);
    } finally {
      await pool.end();
      standIn.kill();
      await copy.drop();
    }
  });

  it('answers what it answered', async () => {
    client = await telling(signedIn());
    for (const { name: question, document, data: answer } of data.answers) {
      expect({ [question]: await telling(client.query(document)) }).toEqual({ [question]: answer });
    }
  });

  it('knows a command that was given before, and does not take it for another', async () => {
    const { document, input, commandId } = data.open;
    client = await telling(signedIn());
    const head = await system.store.head();
    expect(await telling(client.query(document, { input }))).toMatchObject({
      receipt: { commandId, status: 'ACCEPTED' },
    });
    expect(await system.store.head()).toBe(head);
  });

  it('goes on with what comes: a command, what time brings, an erasure', async () => {
    const token = {
      idempotencyKey: 'after',
      name: 'Elder',
      symbol: 'ELD',
      supply: '1',
      decimals: 0,
      description: '',
    };
    client = await telling(signedIn());
    const { receipt } = await client.query<{ receipt: { commandId: string } }>(CREATE_TOKEN, {
      input: token,
    });
    await until(receipt.commandId, 'ACCEPTED');
    system.now += TWO_DAYS_MS;
    client = await signedIn();
    await until(data.open.commandId, 'EXPIRED');
    await until(receipt.commandId, 'EXPIRED');
    await client.query('mutation ($input: EraseMyDataInput!) { eraseMyData(input: $input) { address } }', {
      input: { idempotencyKey: 'erase', confirmAddress: data.person.address },
    });
    await streamEndsWith(userStream(data.person.address), 'UserKeyDestroyed');
    await system.follows();
  });

  it('takes back blocks that were read before it, and is in the end what the log says', async () => {
    const head = await system.store.head();
    await system.loseBlocks(notFinal(events));
    const reverted = await untilAppended('BlocksReverted', head);
    expect(reverted.data).toMatchObject({ hashes: notFinal(events).hashes });
    await system.follows();
    const live = await stateChecksum(system.pool);
    expect(live.total).not.toBe(rebuilt.total);
    for (const projection of PROJECTION_NAMES) await rebuild(system.pool, system.store, projection);
    expect(await stateChecksum(system.pool)).toEqual(live);
  });

  /** What the API answers; where it refuses, with what it told its log alone. */
  const telling = <Answer>(asked: Promise<Answer>): Promise<Answer> =>
    asked.catch((error: Error) => {
      throw new Error([error.message, ...system.said].join('\n'));
    });

  async function signedIn(): Promise<ApiClient> {
    const wallet = new Wallet(data.person.privateKey);
    const api = createApiClient(system.apiUrl);
    const { requestSignIn } = await api.query<{ requestSignIn: { message: string } }>(REQUEST_SIGN_IN, {
      address: wallet.address,
    });
    const { message } = requestSignIn;
    const signature = await wallet.signMessage(message);
    const { signIn } = await api.query<{ signIn: SessionTokens }>(SIGN_IN, { message, signature });
    api.authorize(signIn);
    return api;
  }

  async function until(id: string, status: string): Promise<void> {
    for (const giveUpAt = Date.now() + WITHIN_MS; ;) {
      const { command } = await client.query<{ command: { status: string } | null }>(COMMAND, { id });
      if (command?.status === status) return;
      if (Date.now() > giveUpAt) throw new Error(`${id} is ${command?.status} rather than ${status}`);
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  }

  async function untilAppended(type: string, after: Position | null): Promise<RecordedEvent> {
    for (const giveUpAt = Date.now() + WITHIN_MS; ;) {
      const options = after === null ? {} : { after };
      for await (const page of system.store.readAll({ ...options, filter: { types: [type] } }))
        for (const event of page) return event;
      if (Date.now() > giveUpAt) throw new Error(`No ${type} came`);
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  }

  async function streamEndsWith(stream: string, type: string): Promise<void> {
    for (const giveUpAt = Date.now() + WITHIN_MS; ;) {
      const types: string[] = [];
      for await (const page of system.store.readStream(stream))
        types.push(...page.map((event) => event.type));
      if (types.at(-1) === type) return;
      if (Date.now() > giveUpAt) throw new Error(`${stream} ends with ${types.at(-1)} rather than ${type}`);
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  }
});

/** What is live of each projection, in a database of before builds and in one of now. */
async function definitions(url: string): Promise<ReadonlyMap<string, string>> {
  const found = await pairs(url, `SELECT 'builds', to_regclass('projections.builds')::text`);
  const sql =
    found.get('builds') === null
      ? `SELECT projection, definition FROM projections.checkpoints WHERE target = 'live' ORDER BY 1`
      : `SELECT projection, definition FROM projections.builds WHERE state = 'LIVE' ORDER BY 1`;
  return pairs(url, sql);
}

const checkpoints = (url: string): Promise<ReadonlyMap<string, string>> =>
  pairs(url, 'SELECT process, position FROM processes.checkpoints ORDER BY 1');

async function pairs(url: string, sql: string): Promise<ReadonlyMap<string, string>> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query<[string, string]>({ text: sql, rowMode: 'array' });
  await client.end();
  return new Map(rows);
}

const rebuild = (pool: pg.Pool, store: EventStore, projection: string) =>
  rebuildProjection({ pool, store, projection, logger, clock: Date.now });

async function all(store: EventStore): Promise<readonly RecordedEvent[]> {
  const events: RecordedEvent[] = [];
  for await (const page of store.readAll()) events.push(...page);
  return events;
}

function violation({ type, version, data, stream, revision }: RecordedEvent): readonly string[] {
  const found = validateEvent(type, version, data);
  if (found === null) return [];
  return [
    `${type} ${version} on ${stream}@${revision}: ${found.field} ${found.message}; a changed shape is a new version with an upcaster`,
  ];
}

interface EventKeys {
  readonly commandId?: string;
  readonly chainId: number;
  readonly relayer: string;
  readonly signer: string;
  readonly address?: string;
  readonly operationId: string;
}

/** Where this version would look for an event; null for one whose stream its data do not tell. */
function streamOf({ type, data, metadata }: RecordedEvent): string | null {
  const { commandId, chainId, relayer, signer, address, operationId } = data as unknown as EventKeys;
  if (metadata.chain !== undefined) return chainStream(metadata.chain.chainId);
  if (type === 'RelayerTransactionSigned') return relayerStream(chainId, relayer);
  if (type.startsWith('ForwardNonce')) return forwardNoncesStream(chainId, signer);
  if (type.startsWith('Operation')) return operationStream(operationId);
  if (type.startsWith('User') || type === 'ProfileUpdated')
    return address === undefined ? null : userStream(address);
  return type === 'CommandRejected' || commandId === undefined ? null : requestStream(commandId);
}

function relayerOf(events: readonly RecordedEvent[]): string {
  const signed = events.find(({ type }) => type === 'RelayerTransactionSigned');
  return (signed?.data as { relayer?: string } | undefined)?.relayer ?? '';
}

interface BlockData {
  readonly number: number;
  readonly hash: string;
  readonly time: number;
}

/** A reorg that loses every block after the last final one. */
function notFinal(events: readonly RecordedEvent[]): LostBlocks {
  const dataOf = (type: string): readonly BlockData[] =>
    events.filter((event) => event.type === type).map((event) => event.data as unknown as BlockData);
  const final = dataOf('BlocksFinalized').at(-1)?.number ?? 0;
  const current = new Map(dataOf('BlockIngested').map((block) => [block.number, block]));
  const lost = [...current.values()]
    .filter(({ number }) => number > final)
    .sort((a, b) => b.number - a.number);
  const ancestor = current.get(final);
  if (ancestor === undefined || lost.length === 0) throw new RangeError('Nothing that is not final');
  const { number, hash, time } = ancestor;
  return { hashes: lost.map((block) => block.hash), ancestor: { number, hash, time } };
}

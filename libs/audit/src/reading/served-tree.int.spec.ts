import { hash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  checkConsistency,
  decodeBundle,
  fromUtf8,
  type JsonValue,
  parseProof,
  parseVerifierKey,
  treeRoot,
  subtreeHashes,
  verifyProof,
} from '@abland/audit-verify';
import { MemoryEventStore } from '@abland/event-store';
import { collect, sampleEvent, sampleEvents } from '@abland/event-store/sample-events';
import { type RecordedEvent, silentLogger } from '@abland/kernel';
import { migrateLeases, openPool } from '@abland/postgres';
import { createTestDatabase, eventually, type TestDatabase } from '@abland/testing';
import type pg from 'pg';
import { type RunningTree, startTree } from '../following/start-tree.js';
import { LogSigner } from '../signing/log-signer.js';
import { migrateAudit } from '../storage/migrate.js';
import { readTiles } from '../storage/tree-rows.js';
import { SERVER_HASHER } from '../tree/server-hasher.js';
import { ServedTree } from './served-tree.js';

const SIGNER = new LogSigner('example.com/log', [new Uint8Array(32).fill(1)]);
const TRUST = { logKeys: [parseVerifierKey(SIGNER.verifierKeys.trim())], witnessKeys: [], witnessesMin: 0 };
const SIZE = 600;
const LARGE = 300;

/** A log whose answers a test may change, as somebody with the database's password may. */
class ChangeableLog extends MemoryEventStore {
  change: (event: RecordedEvent) => RecordedEvent = (event) => event;

  override async *readAll(
    ...given: Parameters<MemoryEventStore['readAll']>
  ): ReturnType<MemoryEventStore['readAll']> {
    for await (const page of super.readAll(...given)) yield page.map((event) => this.change(event));
  }
}

describe('the tree as it is served', () => {
  let database: TestDatabase;
  let pool: pg.Pool;
  let running: RunningTree;
  let events: readonly RecordedEvent[];
  const log = new ChangeableLog();
  const told = { all: true };
  let tree: ServedTree;

  beforeAll(async () => {
    database = await createTestDatabase();
    pool = openPool({ connectionString: database.url, name: 'test', max: 4, logger: silentLogger });
    await migrateLeases(pool);
    await migrateAudit(pool);
    await log.append('order-1', sampleEvents(LARGE), 'any');
    await log.append('order-2', [sampleEvent({ text: 'y'.repeat(70_000) })], 'any');
    await log.append('order-1', sampleEvents(SIZE - LARGE - 1), 'any');
    running = startTree({ log, pool, signer: SIGNER, logger: silentLogger });
    tree = new ServedTree({ pool, log, mayBeTold: async () => told.all });
    await eventually(async () => expect((await tree.head())?.size).toBe(SIZE), 60_000);
    events = await collect(log.readAll());
  });
  afterAll(async () => {
    await running.stop();
    await pool.end();
    await database.drop();
  });
  const eventAt = (index: number): RecordedEvent => events[index] ?? fail();

  it('proves every tenth event, and the last, to whoever has the key alone', async () => {
    for (const index of [...Array(SIZE / 10).keys()].map((at) => at * 10).concat(SIZE - 1)) {
      const proved = await tree.prove(eventAt(index));
      expect(proved?.index).toBe(index);
      const head = verifyProof(parseProof(proved?.proof ?? ''), Buffer.from(proved?.entry ?? ''), TRUST);
      expect(head.size).toBe(SIZE);
      if (index !== LARGE)
        expect(JSON.parse(proved?.entry ?? '')).toMatchObject({
          id: events[index]?.id,
          revision: events[index]?.revision.toString(),
          recordedAt: events[index]?.recordedAt,
        });
    }
    expect(await tree.prove({ ...eventAt(0), position: eventAt(SIZE - 1).position + 1n })).toBeNull();
  });

  it('proves an event of more than 65,535 bytes by its hash, and serves it', async () => {
    const { entry, envelope, proof } = (await tree.prove(eventAt(LARGE))) ?? fail();
    verifyProof(parseProof(proof), Buffer.from(entry), TRUST);
    const line = JSON.parse(entry) as Record<string, JsonValue>;
    expect(line).toEqual({
      ...{
        bytes: Buffer.byteLength(envelope ?? ''),
        entry: 'abland.large-entry/v1',
        id: events[LARGE]?.id,
        stream: 'order-2',
      },
      ...{ type: 'SampleHappened', sha256: hash('sha256', envelope ?? '') },
    });
    expect(await tree.envelope(Buffer.from(String(line['sha256']), 'hex'))).toBe(envelope);
    expect(await tree.envelope(Buffer.alloc(32))).toBeNull();
  });

  it('serves the entries behind the hashes of its tiles, in parts too', async () => {
    for (const [number, width] of [
      [0, 256],
      [0, 3],
      [1, 256],
      [2, SIZE - 512],
    ] as const) {
      const bundle = decodeBundle((await tree.bundle({ number, width })) ?? fail());
      const hashes = (await tree.tile({ level: 0, number, width })) ?? fail();
      expect(Buffer.concat(bundle.map((entry) => SERVER_HASHER.leaf(entry)))).toEqual(hashes);
      expect(fromUtf8(bundle[0] ?? new Uint8Array())).toContain(events[number * 256]?.id);
    }
  });

  it('has no tile that its tree does not have', async () => {
    for (const [level, number, width] of [
      [0, 2, 256],
      [0, 3, 1],
      [1, 0, 3],
      [2, 0, 1],
      [63, 0, 1],
      [0, 2 ** 45, 256],
    ] as const)
      expect(await tree.tile({ level, number, width })).toBeNull();
    expect(await tree.bundle({ number: 2, width: 256 })).toBeNull();
    expect(await tree.bundle({ number: 3, width: 1 })).toBeNull();
  });

  it('proves that each of its trees is the beginning of the later ones', async () => {
    const hashes = subtreeHashes((tiles) => readTiles(pool, tiles), SERVER_HASHER);
    const headOf = async (size: number) => ({ size, root: await treeRoot(size, hashes, SERVER_HASHER) });
    for (const [older, newer] of [
      [0, 1],
      [1, SIZE],
      [256, 257],
      [255, 512],
      [333, 599],
      [SIZE, SIZE],
    ] as const)
      checkConsistency(await headOf(older), await headOf(newer), await tree.proveConsistency(older, newer));
  });

  it('tells nothing of an event before it may be told, and its hash all the same', async () => {
    told.all = false;
    const withheld = expect.objectContaining({ code: 'ENTRIES_NOT_PUBLIC_YET' });
    await expect(tree.bundle({ number: 0, width: 4 })).rejects.toEqual(withheld);
    await expect(tree.prove(eventAt(7))).rejects.toEqual(withheld);
    expect(await tree.tile({ level: 0, number: 0, width: 4 })).toHaveLength(128);
    told.all = true;
  });

  it.each<[string, (event: RecordedEvent) => RecordedEvent]>([
    ['other data', (event) => ({ ...event, data: { ...event.data, index: 9_999 } })],
    ['another recorded time', (event) => ({ ...event, recordedAt: '2020-01-01T00:00:00.000Z' })],
    ['another actor', (event) => ({ ...event, metadata: { ...event.metadata, actor: 'operator:nobody' } })],
    ['another revision', (event) => ({ ...event, revision: event.revision + 1n })],
  ])('notices an event that was given %s after it was hashed', async (_what, change) => {
    const target = eventAt(70);
    log.change = (event) => (event.position === target.position ? change(event) : event);
    const rewritten = expect.objectContaining({ code: 'LOG_REWRITTEN' });
    await expect(tree.bundle({ number: 0, width: 256 })).rejects.toEqual(rewritten);
    await expect(tree.prove(change(target))).rejects.toEqual(rewritten);
    log.change = (event) => event;
    expect(await tree.bundle({ number: 0, width: 256 })).not.toBeNull();
  });
});

function fail(): never {
  throw new Error('is there');
}

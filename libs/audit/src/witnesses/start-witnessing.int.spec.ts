import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  formatVerifierKey,
  parseCheckpoint,
  parseNote,
  type Trust,
  trustCheckpoint,
  verifyBundle,
} from '@abland/audit-verify';
import { MemoryEventStore } from '@abland/event-store';
import { collect, sampleEvents } from '@abland/event-store/sample-events';
import { silentLogger } from '@abland/kernel';
import { migrateLeases, openPool, takeLease } from '@abland/postgres';
import { createTestDatabase, eventually, type TestDatabase } from '@abland/testing';
import type pg from 'pg';
import { type RunningTree, startTree } from '../following/start-tree.js';
import { ServedTree } from '../reading/served-tree.js';
import { LogSigner, NoteSigner } from '../signing/log-signer.js';
import { readCosignatures, readPublished } from '../storage/cosignature-rows.js';
import { migrateAudit } from '../storage/migrate.js';
import { readTree } from '../storage/tree-rows.js';
import { parseAddCheckpoint } from './add-checkpoint.js';
import { keepCosignature, beginPublishing } from './cosigning.js';
import { ServedWitness } from './served-witness.fixture.js';
import { type RunningWitnessing, startWitnessing, type WitnessingOptions } from './start-witnessing.js';

const seed = (byte: number): Uint8Array => new Uint8Array(32).fill(byte);
const SIGNER = new LogSigner('example.com/log', [seed(1)]);
const LOG_KEY = new NoteSigner('example.com/log', seed(1)).key;
const WAIT_MS_MAX = 120_000;
const HANGING_WITHIN_MS = 5_000;

describe('the checkpoints of a log with witnesses', () => {
  let database: TestDatabase;
  let pool: pg.Pool;
  let folder: string;
  let log: MemoryEventStore;
  let growing: RunningTree;
  let tree: ServedTree;
  let witnesses: readonly ServedWitness[];
  const undo: (() => Promise<unknown> | void)[] = [];

  beforeEach(async () => {
    database = await createTestDatabase();
    pool = openPool({ connectionString: database.url, name: 'test', max: 8, logger: silentLogger });
    await migrateLeases(pool);
    await migrateAudit(pool);
    folder = await mkdtemp(join(tmpdir(), 'abland-witnesses-'));
    log = new MemoryEventStore();
    await log.append('order-1', sampleEvents(5), 'any');
    growing = startTree({ log, pool, signer: SIGNER, logger: silentLogger, standbyIntervalMs: 50 });
    tree = new ServedTree({ pool, log, mayBeTold: async () => true });
    witnesses = await Promise.all([1, 2, 3].map(startWitness));
    undo.push(...witnesses.map((witness) => () => witness.stop()));
    await grownTo(5);
  });
  afterEach(async () => {
    for (let last = undo.pop(); last !== undefined; last = undo.pop()) await last();
    await growing.stop();
    await pool.end();
    await database.drop();
    await rm(folder, { recursive: true });
  });

  const startWitness = (number: number): Promise<ServedWitness> => {
    const signer = new NoteSigner(`example.com/w${number}`, seed(10 + number), 'COSIGNATURE');
    return ServedWitness.start(signer, [LOG_KEY], join(folder, `w${number}.json`));
  };
  const soon = (expectations: () => void | Promise<void>): Promise<void> =>
    eventually(expectations, WAIT_MS_MAX);
  const grownTo = (size: number): Promise<void> => soon(async () => expect(await tree.size()).toBe(size));
  const grow = async (by: number): Promise<void> => {
    const size = await tree.size();
    await log.append('order-1', sampleEvents(by), 'any');
    await grownTo(size + by);
  };
  const start = (
    needed: number,
    asked = witnesses,
    over: Partial<WitnessingOptions> = {},
  ): RunningWitnessing => {
    const running = startWitnessing({
      ...{ pool, needed, logger: silentLogger, standbyIntervalMs: 50, intervalMs: 20 },
      ...{ answerWithinMs: WAIT_MS_MAX, awayMs: { min: 20, max: 100 }, refusedMs: { min: 20, max: 100 } },
      witnesses: asked.map(({ at }) => at),
      ...over,
    });
    undo.push(() => running.stop());
    return running;
  };
  const head = async () => (await tree.head()) ?? fail();
  const trust = (witnessesMin: number): Trust => ({
    ...{ logKeys: [LOG_KEY], witnessesMin },
    witnessKeys: witnesses.map(({ signer }) => signer.key),
  });
  const cosignedBy = async (witnessesMin: number, size: number): Promise<void> =>
    soon(async () => {
      const { checkpoint } = await head();
      expect(trustCheckpoint(checkpoint, trust(witnessesMin)).size).toBe(size);
    });
  const bundleOf = async (index: number): Promise<Uint8Array> => {
    const event = (await collect(log.readAll()))[index] ?? fail();
    return Buffer.from((await tree.prove(event))?.bundle ?? '');
  };
  const failing = (running: RunningWitnessing): Promise<void> =>
    soon(() => {
      const { witnesses: told } = running.status();
      expect(told.filter(({ failure }) => failure !== null)).toHaveLength(witnesses.length);
    });
  const keep = (answer: 'AWAY' | 'HANG') => async () =>
    answer === 'HANG' ? answer : { status: 503, body: '' };

  it('are served with the cosignatures of all that are there, and proofs with them', async () => {
    start(2);
    await cosignedBy(3, 5);
    await grow(300);
    await cosignedBy(3, 305);
    expect(verifyBundle(await bundleOf(300), trust(3)).checkpoints[0]?.size).toBe(305);
    // Each asked once what it has, and then only with what it had.
    const sizes = witnesses.map(({ asked }) => asked.map((body) => parseAddCheckpoint(body).oldSize));
    expect(sizes.every(([first, ...rest]) => first === 0 && rest.every((size) => size > 0))).toBe(true);
    // And about no checkpoint twice, however many sign it at once.
    for (const { asked } of witnesses) {
      const checkpoints = asked.map((body) => parseAddCheckpoint(body).checkpoint);
      expect(new Set(checkpoints).size).toBe(checkpoints.length);
    }
  });

  it('are served where enough of the witnesses are there, and the others join them when they are back', async () => {
    const [one, two] = witnesses as [ServedWitness, ServedWitness, ServedWitness];
    one.instead = keep('AWAY');
    two.instead = keep('HANG');
    const running = start(1, witnesses, { answerWithinMs: HANGING_WITHIN_MS });
    await cosignedBy(1, 5);
    await soon(() =>
      expect(running.status().witnesses.map(({ failure }) => failure)).toEqual([
        'WITNESS_AWAY',
        'WITNESS_AWAY',
        null,
      ]),
    );
    one.instead = two.instead = null;
    await cosignedBy(3, 5);
    await soon(() => expect(running.status().witnesses.every(({ failure }) => failure === null)).toBe(true));
  });

  it('stay as they were served while too few sign, and what is newer is proved by the log’s own word', async () => {
    const [one] = witnesses as [ServedWitness, ServedWitness, ServedWitness];
    start(3);
    await cosignedBy(3, 5);
    one.instead = keep('AWAY');
    const { checkpoint } = await head();
    await grow(4);
    await grow(4);
    const asked = witnesses[1]?.asked.length ?? 0;
    await grow(1);
    await soon(() => expect(witnesses[1]?.asked.length).toBeGreaterThan(asked));
    expect((await head()).checkpoint).toBe(checkpoint);
    expect(verifyBundle(await bundleOf(2), trust(3)).checkpoints[0]?.size).toBe(5);
    const newest = await bundleOf(13);
    expect(verifyBundle(newest, trust(0)).checkpoints[0]?.size).toBe(14);
    expect(() => verifyBundle(newest, trust(1))).toThrow(expect.objectContaining({ fault: 'UNTRUSTED' }));
    one.instead = null;
    await cosignedBy(3, 14);
  });

  it('lose no cosignature when the program that got it is started anew', async () => {
    const [one, two] = witnesses as [ServedWitness, ServedWitness, ServedWitness];
    two.instead = keep('AWAY');
    const before = start(2, [one, two]);
    await soon(async () => {
      const { rows } = await pool.query('SELECT 1 FROM audit.cosignatures');
      expect(rows).toHaveLength(1);
    });
    await before.stop();
    one.instead = keep('AWAY');
    two.instead = null;
    start(2, [one, two]);
    await cosignedBy(2, 5);
  });

  it('are cosigned by a witness that has seen another tree than we remember', async () => {
    const before = start(3);
    await cosignedBy(3, 5);
    await before.stop();
    await pool.query('TRUNCATE audit.cosignatures');
    await grow(2);
    start(3);
    await cosignedBy(3, 7);
  });

  it('are not cosigned by a witness that has seen more than there is, which is told', async () => {
    const [one] = witnesses as [ServedWitness, ServedWitness, ServedWitness];
    one.instead = async () => ({ status: 409, body: '9000\n' });
    const running = start(2);
    await cosignedBy(2, 5);
    await soon(() => expect(running.status().witnesses[0]?.failure).toBe('WITNESS_AHEAD'));
  });

  it('are cosigned by a witness that once said it had seen more than there is, when it is right again', async () => {
    const [one] = witnesses as [ServedWitness, ServedWitness, ServedWitness];
    one.instead = async () => ({ status: 409, body: '9000\n' });
    const running = start(2);
    await soon(() => expect(running.status().witnesses[0]?.failure).toBe('WITNESS_AHEAD'));
    one.instead = null;
    await cosignedBy(3, 5);
    await soon(() => expect(running.status().witnesses[0]?.failure).toBeNull());
  });

  it('are told not to be cosigned while cosignatures cannot be kept, and nobody is asked again at once', async () => {
    await pool.query(`CREATE FUNCTION audit.no_room() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN RAISE EXCEPTION 'No space left on device' USING ERRCODE = '53100'; END $$`);
    await pool.query(
      'CREATE TRIGGER no_room BEFORE INSERT ON audit.cosignatures EXECUTE FUNCTION audit.no_room()',
    );
    const hours = { min: 36_000_000, max: 36_000_000 };
    const full = start(2, witnesses, { awayMs: hours });
    await failing(full);
    const asked = witnesses.map((witness) => witness.asked.length);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(witnesses.map((witness) => witness.asked.length)).toEqual(asked);
    await full.stop();
    const running = start(2);
    await failing(running);
    await pool.query('DROP TRIGGER no_room ON audit.cosignatures');
    await cosignedBy(3, 5);
    await soon(() => expect(running.status().witnesses.every(({ failure }) => failure === null)).toBe(true));
  });

  it('are kept and served by nobody whose lease another has by now', async () => {
    const lead = await takeLease({ name: 'witnesses', pool, logger: silentLogger });
    const cosigner = { pool, lease: lead?.lease ?? fail() };
    undo.push(() => lead?.release());
    await pool.query(`UPDATE leases.leases SET epoch = epoch + 1 WHERE name = 'witnesses'`);
    await expect(beginPublishing(cosigner)).rejects.toMatchObject({ code: 'LEASE_LOST' });
    const candidate = (await readTree(pool)) ?? fail();
    const policy = { keys: witnesses.map(({ signer }) => signer.key), needed: 1 };
    const signed = { witnessKey: formatVerifierKey(policy.keys[0] ?? fail()), line: 'late\n' };
    await expect(keepCosignature(cosigner, candidate, policy, signed)).rejects.toMatchObject({
      code: 'LEASE_LOST',
    });
    expect(await readPublished(pool)).toBeNull();
    expect(await readCosignatures(pool)).toEqual([]);
  });

  it('are the newest again once the last program that asks has stopped, when another is told of no witness', async () => {
    const before = start(2);
    await cosignedBy(3, 5);
    const without = start(0, []);
    await soon(() => expect(without.status().state).toBe('STANDBY'));
    for (const witness of witnesses) witness.instead = keep('AWAY');
    await grow(3);
    // Several looks later it is still as it was cosigned.
    const asked = witnesses[0]?.asked.length ?? 0;
    await soon(() => expect(witnesses[0]?.asked.length).toBeGreaterThan(asked));
    expect(trustCheckpoint((await head()).checkpoint, trust(3)).size).toBe(5);
    await before.stop();
    await cosignedBy(0, 8);
  });

  it('are cosigned at once where what was served is taken away under the program that asks', async () => {
    start(3);
    await cosignedBy(3, 5);
    await pool.query('DELETE FROM audit.published');
    await soon(async () => expect((await readPublished(pool))?.witnessKeys).toHaveLength(3));
    await cosignedBy(3, 5);
  });

  it('never go back, whoever signs when, nor when witnesses are asked for the first time or no more', async () => {
    const [one, two, three] = witnesses as [ServedWitness, ServedWitness, ServedWitness];
    let turn = 0;
    for (const witness of [one, two, three])
      witness.instead = async (_body, right) => {
        turn += 1;
        await new Promise((resolve) => setTimeout(resolve, (turn * 37) % 90));
        return turn % 5 === 0 ? { status: 503, body: '' } : right();
      };
    const sizes: number[] = [];
    const over = new AbortController();
    const watching = (async () => {
      while (!over.signal.aborted) {
        const { checkpoint } = await head();
        sizes.push(parseCheckpoint(parseNote(checkpoint).text).size);
      }
    })();
    const running = start(2);
    for (let round = 0; round < 20; round += 1) await grow(3);
    await running.stop();
    const without = start(0, []);
    await soon(async () => expect(await readPublished(pool)).toBeNull());
    await without.stop();
    await grow(3);
    const again = start(2);
    await grow(3);
    await cosignedBy(2, 71);
    await again.stop();
    over.abort();
    await watching;
    expect(sizes).toEqual(sizes.toSorted((left, right) => left - right));
  });
});

function fail(): never {
  throw new Error('is there');
}

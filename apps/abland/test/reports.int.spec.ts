import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  compareWithLog,
  eventsOfReport,
  LogSigner,
  migrateAudit,
  type ReportQuery,
  ServedTree,
  startTree,
  verifyFolder,
  writeReport,
} from '@abland/audit';
import { parseVerifierKey, type Trust, trustCheckpoint } from '@abland/audit-verify';
import { asPrograms, openEventStore } from '@abland/event-codec';
import { openBareEventStore } from '@abland/event-store';
import { type EventStore, type NewEvent, silentLogger } from '@abland/kernel';
import { copyStore } from '@abland/log-tools';
import { migrateLeases, openPool } from '@abland/postgres';
import { createTestDatabase, eventually } from '@abland/testing';
import { SeededRandom } from '@abland/testing/seeded-random';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type pg from 'pg';
import { CHAIN_ID, SimulatedChain } from '../../../libs/projections/src/testing/simulated-chain.js';

const SIGNER = new LogSigner('example.com/log', [new Uint8Array(32).fill(1)]);
const TRUST: Trust = {
  ...{ logKeys: [parseVerifierKey(SIGNER.verifierKeys.trim())], witnessKeys: [], witnessesMin: 0 },
};
const WHOLE = { from: null, until: null };
const QUERIES: readonly ReportQuery[] = [
  { kind: 'MARKET', chainId: CHAIN_ID, poolId: null, ...WHOLE },
  { kind: 'ACTS', ...WHOLE },
];

/** A log with a tree of its own, as one deployment has it. */
interface Place {
  readonly log: EventStore;
  readonly pool: pg.Pool;
  readonly url: string;
}

describe('a report of a copied log', () => {
  const undo: (() => Promise<unknown>)[] = [];
  let [first, copy]: Place[] = [];
  let folder: string;
  let checkpoint: string;

  const place = async (): Promise<Place> => {
    const { drop, url } = await createTestDatabase();
    undo.push(drop);
    const pool = openPool({ connectionString: url, name: 'test', max: 6, logger: silentLogger });
    undo.push(() => pool.end());
    await migrateLeases(pool);
    await migrateAudit(pool);
    const log = await openBareEventStore(url, silentLogger);
    undo.push(() => log.close());
    return { log, pool, url };
  };
  const hash = async ({ log, pool }: Place, size: number): Promise<string> => {
    const tree = startTree({ log, pool, signer: SIGNER, logger: silentLogger, standbyIntervalMs: 20 });
    undo.push(() => tree.stop());
    const served = new ServedTree({ pool, log, mayBeTold: () => Promise.resolve(true) });
    await eventually(async () => expect((await served.head())?.size).toBe(size));
    return (await served.head())?.checkpoint ?? '';
  };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'reports-'));
    undo.push(() => rm(folder, { recursive: true, force: true }));
    first = await place();
    const store = await openEventStore(first.url, silentLogger);
    const chain = new SimulatedChain(new SeededRandom(3));
    let size = 0;
    for (let block = 0; block < 60; block += 1) {
      const told: readonly NewEvent[] = [...chain.mine(), ...(block % 9 === 4 ? chain.revert(2) : [])];
      await store.append(chain.stream, told, 'any');
      size += told.length;
    }
    await store.close();
    checkpoint = await hash(first, size);
    copy = await place();
    await copyStore({ fromUrl: first.url, toUrl: copy.url, logger: silentLogger });
    await hash(copy, size);
    // What comes later is no part of it.
    await first.log.append(chain.stream, [...chain.mine()], 'any');
  });
  afterAll(async () => {
    for (let last = undo.pop(); last !== undefined; last = undo.pop()) await last();
  });

  it('is the same folder, byte for byte, by the same checkpoint', async () => {
    const head = trustCheckpoint(checkpoint, TRUST);
    for (const query of QUERIES) {
      const written = [];
      for (const [at, one] of [first, copy].entries())
        written.push(
          await writeReport({
            ...{ query, head, checkpoint, signer: SIGNER, into: join(folder, `${at}`) },
            ...eventsOfReport({ ...(one as Place), head }, asPrograms),
          }),
        );
      const [here, there] = written;
      expect(there?.name).toBe(here?.name);
      for (const file of await readdir(here?.path ?? ''))
        expect(await readFile(join(there?.path ?? '', file))).toEqual(
          await readFile(join(here?.path ?? '', file)),
        );
      const verified = await verifyFolder(here?.path ?? '', TRUST);
      await compareWithLog(verified, (of) => eventsOfReport({ ...(copy as Place), head: of }, asPrograms));
    }
  });

  it('of a log that has not come so far yet is told as one, and not as changed', async () => {
    const { log, pool } = copy as Place;
    const text = SIGNER.checkpoint({ size: 100_000, root: Buffer.alloc(32) });
    const head = trustCheckpoint(text, TRUST);
    const [query] = QUERIES as [ReportQuery];
    const options = { query, head, checkpoint: text, signer: SIGNER, into: join(folder, 'behind') };
    await expect(
      writeReport({ ...options, ...eventsOfReport({ pool, log, head }, asPrograms) }),
    ).rejects.toMatchObject({ code: 'LOG_BEHIND_CHECKPOINT' });
  });

  it('is not made of a log that was changed, and nothing of it is left', async () => {
    const head = trustCheckpoint(checkpoint, TRUST);
    const { log, pool } = copy as Place;
    const changed = Object.assign(Object.create(log) as EventStore, {
      async *readAll(...given: Parameters<EventStore['readAll']>): ReturnType<EventStore['readAll']> {
        for await (const page of log.readAll(...given))
          yield page.map((event) =>
            event.revision === 30n ? { ...event, recordedAt: '2020-01-01T00:00:00.000Z' } : event,
          );
      },
    });
    const into = join(folder, 'changed');
    const [query] = QUERIES as [ReportQuery];
    const options = { query, head, checkpoint, signer: SIGNER, into };
    await expect(
      writeReport({ ...options, ...eventsOfReport({ pool, log: changed, head }, asPrograms) }),
    ).rejects.toMatchObject({ code: 'LOG_REWRITTEN' });
    expect(await readdir(into)).toEqual([]);
  });
});

import { LogSigner, migrateAudit, ServedTree, startTree } from '@abland/audit';
import { parseVerifierKey, trustCheckpoint, type TrustedCheckpoint } from '@abland/audit-verify';
import { stateChecksumsStream } from '@abland/domain';
import { type EventStore, type RecordedEvent, type Running, silentLogger } from '@abland/kernel';
import { migrateLeases } from '@abland/postgres';
import { recordLiveStates } from '@abland/projections';
import { eventually } from '@abland/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  openScriptedMarket,
  type ScriptedMarket,
} from '../../../libs/projections/src/testing/scripted-market.js';
import {
  type ProvenReplay,
  provenReplay,
  type ProvenReplayOptions,
} from '../src/commands/audit/proven-replay.js';

const SIGNER = new LogSigner('example.com/log', [new Uint8Array(32).fill(1)]);
const TRUST = { logKeys: [parseVerifierKey(SIGNER.verifierKeys.trim())], witnessKeys: [], witnessesMin: 0 };

describe('a replay from the proven log', () => {
  let market: ScriptedMarket;
  let tree: Running;
  beforeEach(async () => {
    market = await openScriptedMarket();
    const { pool, store } = market.bench;
    await migrateLeases(pool);
    await migrateAudit(pool);
    tree = startTree({ log: store, pool, signer: SIGNER, logger: silentLogger, standbyIntervalMs: 20 });
    await market.bench.project();
  });
  afterEach(async () => {
    await tree.stop();
    await market.bench.close();
  });

  const all = async (): Promise<readonly RecordedEvent[]> => {
    const events: RecordedEvent[] = [];
    for await (const page of market.bench.store.readAll()) events.push(...page);
    return events;
  };
  /** Of the whole log. */
  const checkpoint = async (): Promise<TrustedCheckpoint> => {
    const { pool, store } = market.bench;
    const served = new ServedTree({ pool, log: store, mayBeTold: () => Promise.resolve(true) });
    const size = (await all()).length;
    await eventually(async () => expect((await served.head())?.size).toBe(size));
    return trustCheckpoint((await served.head())?.checkpoint ?? '', TRUST);
  };
  const replay = async (more: Partial<ProvenReplayOptions> = {}): Promise<ProvenReplay> => {
    const { pool, store } = market.bench;
    const head = more.head ?? (await checkpoint());
    const until = (await store.head()) ?? 0n;
    const options = { pool, log: store, logger: silentLogger, clock: Date.now, head, until, into: null };
    return provenReplay({ ...options, ...more });
  };
  const record = () => recordLiveStates({ ...market.bench, actor: 'operator:test' });
  const mine = async (): Promise<void> => {
    const { bench, chain } = market;
    await bench.store.append(chain.stream, chain.mine([]), 'any');
    await bench.project();
  };
  const schemas = async (): Promise<readonly string[]> => {
    const { rows } = await market.bench.pool.query<{ name: string }>(
      'SELECT nspname AS name FROM pg_namespace',
    );
    return rows.map(({ name }) => name).filter((name) => /^(audit_replay|build|kept)_/.test(name));
  };
  const outcomes = ({ compared }: ProvenReplay): readonly string[] => [
    ...new Set(compared.map(({ outcome }) => outcome)),
  ];

  it('makes what was recorded of each read model, at the end and at an earlier event, and leaves no table', async () => {
    const recorded = await record();
    expect(recorded.length).toBeGreaterThan(10);
    const before = await schemas();
    const atTheEnd = await replay();
    expect(outcomes(atTheEnd)).toEqual(['EQUAL']);
    expect(atTheEnd.compared.map(({ projection }) => projection)).toEqual(
      recorded.map(({ projection }) => projection).toSorted(),
    );
    await mine();
    const later = await replay();
    expect(outcomes(later)).toEqual(['EQUAL']);
    expect(later.events).toBe((await all()).length);
    expect(later.states.map(({ checksum }) => checksum)).not.toEqual(
      atTheEnd.states.map(({ checksum }) => checksum),
    );
    expect(await schemas()).toEqual(before);
  });

  it('leaves the tables in the schema that is named', async () => {
    await replay({ into: 'kept_for_the_auditor' });
    expect(await schemas()).toContain('kept_for_the_auditor');
    const { rows } = await market.bench.pool.query('SELECT * FROM kept_for_the_auditor.pools');
    expect(rows.length).toBeGreaterThan(0);
    await expect(replay({ into: 'kept_for_the_auditor' })).rejects.toMatchObject({ code: 'SCHEMA_TAKEN' });
    expect(await schemas()).toContain('kept_for_the_auditor');
  });

  it('tells which tables are not what was recorded', async () => {
    const [live] = (
      await market.bench.pool.query<{ schema: string }>(
        `SELECT schema FROM projections.builds WHERE projection = 'pools' AND state = 'LIVE'`,
      )
    ).rows;
    await market.bench.pool.query(`UPDATE ${live?.schema}.pools SET reserve_a = reserve_a + 1`);
    await record();
    const { compared } = await replay();
    const differing = compared.filter(({ outcome }) => outcome === 'DIFFERS');
    expect(differing.map(({ projection, tables }) => [projection, tables])).toEqual([['pools', ['pools']]]);
  });

  it('compares nothing with what another definition wrote, and says so', async () => {
    const [state] = await record();
    const { projection } = state ?? { projection: '' };
    const events = (await all()).filter(({ stream }) => stream === stateChecksumsStream(projection));
    const [{ data, metadata, type, version }] = events as [RecordedEvent];
    const other = {
      id: crypto.randomUUID(),
      type,
      version,
      metadata,
      data: { ...data, definition: 'a'.repeat(64) },
    };
    await market.bench.store.append(stateChecksumsStream(projection), [other], 'any');
    const { compared } = await replay();
    expect(compared.find((one) => one.projection === projection)?.outcome).toBe('OTHER_DEFINITION');
    expect(compared.filter(({ outcome }) => outcome === 'EQUAL').length).toBe(compared.length - 1);
  });

  /** As somebody has it who changed an event in the database. */
  const changed = (change: (event: RecordedEvent) => RecordedEvent): EventStore => {
    const { store } = market.bench;
    return {
      ...{ append: store.append.bind(store), readStream: store.readStream.bind(store) },
      ...{ subscribeToAll: store.subscribeToAll.bind(store), head: () => store.head() },
      async *readAll(...given) {
        for await (const page of store.readAll(...given)) yield page.map(change);
      },
      close: () => Promise.resolve(),
    };
  };

  it('builds nothing of a log that was changed', async () => {
    const before = await schemas();
    const events = await all();
    const victim = events[Math.floor(events.length / 2)];
    const log = changed((event) =>
      event.id === victim?.id ? { ...event, recordedAt: '2020-01-01T00:00:00.000Z' } : event,
    );
    await expect(replay({ log, into: 'kept_of_a_lie' })).rejects.toMatchObject({ code: 'LOG_REWRITTEN' });
    expect(await schemas()).toEqual(before);
  });

  it('builds nothing of a log whose tree was made anew after it was changed', async () => {
    const head = await checkpoint();
    const forged = { ...head, root: Uint8Array.from(head.root, (byte, at) => (at === 7 ? byte ^ 1 : byte)) };
    await expect(replay({ head: forged, into: 'kept_of_a_lie' })).rejects.toMatchObject({
      fault: 'INCONSISTENT',
    });
    expect(await schemas()).not.toContain('kept_of_a_lie');
  });

  it('wants a checkpoint of all that it reads', async () => {
    const head = await checkpoint();
    await mine();
    await checkpoint();
    await expect(replay({ head })).rejects.toMatchObject({ code: 'CHECKPOINT_TOO_OLD' });
  });
});

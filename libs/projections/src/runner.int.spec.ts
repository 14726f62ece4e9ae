import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { MemoryEventStore, openPostgresEventStore } from '@abland/event-store';
import { type Logger, type NewEvent, silentLogger } from '@abland/kernel';
import { chainHead } from './chain-head/queries.js';
import { READ_MODEL_CHANNEL } from './engine/batch.js';
import { requireLogOfReadModels } from './engine/require-log.js';
import { projectionStatus } from './builds/status.js';
import { stateChecksum } from './checksums.js';
import { parkedEvents } from './parked-events.js';
import { PROJECTION_NAMES } from './projections.js';
import { migrateProjections } from './start.js';
import { ProjectionBench } from './testing/projection-bench.js';
import { eventually, until } from '@abland/testing';
import { SeededRandom } from '@abland/testing/seeded-random';
import { CHAIN_ID, CHAIN_STREAM, SimulatedChain } from './testing/simulated-chain.js';
import { simulatedRequest } from './testing/simulated-requests.js';
import { newEvent } from './testing/told-events.js';

class KeptLog implements Logger {
  readonly lines: { level: string; fields: object; message: string }[] = [];
  debug = (): void => undefined;
  info = (fields: object, message: string): void => void this.lines.push({ level: 'info', fields, message });
  warn = (fields: object, message: string): void => void this.lines.push({ level: 'warn', fields, message });
  error = (fields: object, message: string): void =>
    void this.lines.push({ level: 'error', fields, message });
  child = (): Logger => this;
}

describe('running projections', () => {
  let bench: ProjectionBench;
  let chain: SimulatedChain;
  let random: SeededRandom;

  beforeEach(async () => {
    bench = await ProjectionBench.open();
    random = new SeededRandom(1);
    chain = new SimulatedChain(random);
  });
  afterEach(async () => bench.close());

  const mine = async (blocks: number): Promise<void> => {
    for (let i = 0; i < blocks; i += 1) await bench.store.append(CHAIN_STREAM, chain.mine(), 'any');
  };

  it('go on where they stopped, and end in the same state as without a stop', async () => {
    await mine(30);
    await bench.project({ batchSize: 17 });
    await mine(30);
    await bench.project({ batchSize: 5 });
    const stopped = await stateChecksum(bench.pool);
    await bench.forget();
    await bench.project();
    expect(await stateChecksum(bench.pool)).toEqual(stopped);
  });

  it('show a row because they were told of its append, not because they looked for one', async () => {
    const { connectionString } = bench.pool.options;
    const store = await openPostgresEventStore({
      connectionString: connectionString ?? '',
      logger: silentLogger,
      pollIntervalMs: 3_600_000,
    });
    bench.start({ store });
    await store.append(CHAIN_STREAM, chain.mine(), 'any');
    await until(async () => (await chainHead(bench.db, CHAIN_ID)).number === 1);
    const latencies: number[] = [];
    for (let block = 2; block <= 30; block += 1) {
      const events = chain.mine();
      const started = performance.now();
      await store.append(CHAIN_STREAM, events, 'any');
      await until(async () => (await chainHead(bench.db, CHAIN_ID)).number === block);
      latencies.push(performance.now() - started);
    }
    const median = latencies.sort((a, b) => a - b)[Math.floor(latencies.length / 2)] ?? Infinity;
    process.stdout.write(`append to visible row: median ${median.toFixed(1)} ms\n`);
    await store.close();
  });

  it('store what comes in masses of old blocks though nothing comes after it, and the clock is set back', async () => {
    let now = Date.now();
    let passed = 0;
    const running = bench.start({ clock: () => now + passed, timing: { now: () => passed } });
    await mine(1);
    await bench.level(running);
    passed = 1_000; // over which it is reckoned how much comes
    now -= 3_600_000;
    const events: NewEvent[] = [];
    while (events.length < 1_500) events.push(...chain.mine());
    await bench.store.append(CHAIN_STREAM, events, 'any');
    await bench.level(running);
    const followed = await stateChecksum(bench.pool);
    await bench.forget();
    await bench.project();
    expect(await stateChecksum(bench.pool)).toEqual(followed);
  });

  it('do without their secondary indexes while masses of old blocks come, and have them once nothing more comes', async () => {
    const now = Date.now();
    let passed = 0;
    const running = bench.start({
      clock: () => now + passed,
      timing: { now: () => passed },
      batchSize: 5_000,
    });
    await mine(1);
    await bench.level(running);
    const all = await indexes();
    passed = 1_000; // over which it is reckoned how much comes
    await bench.store.append(CHAIN_STREAM, finalMasses(1_500), 'any');
    await until(async () => {
      const made = await indexes();
      return made.length === all.length && made.every(({ id }) => !all.some((one) => one.id === id));
    });
    await bench.level(running);
    expect((await indexes()).map(({ name }) => name)).toEqual(all.map(({ name }) => name));
    await until(async () => (await unindexed()) === 0);
    const followed = await stateChecksum(bench.pool);
    await bench.forget();
    await bench.project();
    expect(await stateChecksum(bench.pool)).toEqual(followed);
  });

  it('have their indexes after they ended in the middle of masses', async () => {
    await mine(1);
    await bench.project();
    const all = await indexes();
    await bench.pool.query('UPDATE projections.builds SET indexed = false');
    for (const { name } of all) await bench.pool.query(`DROP INDEX ${name}`);
    bench.start();
    await until(async () => (await unindexed()) === 0);
    expect((await indexes()).map(({ name }) => name)).toEqual(all.map(({ name }) => name));
  });

  const unindexed = async (): Promise<number> =>
    Number((await bench.pool.query('SELECT 1 FROM projections.builds WHERE NOT indexed')).rowCount);

  /** The secondary ones of all builds: one that is made anew is another. */
  const indexes = async (): Promise<readonly { readonly name: string; readonly id: string }[]> => {
    const { rows } = await bench.pool.query<{ name: string; id: string }>(
      `SELECT i.indexrelid::regclass::text AS name, i.indexrelid::text AS id
       FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE n.nspname LIKE 'build%' AND c.relname NOT IN ('journal', 'parked_events') AND NOT i.indisprimary
       ORDER BY 1`,
    );
    return rows;
  };

  /** As a chain is told that is far behind its head: what comes is final. */
  function finalMasses(count: number): readonly NewEvent[] {
    const events: NewEvent[] = [];
    while (events.length < count) {
      const block = chain.mine();
      const metadata = block.at(-1)?.metadata;
      const final = chain.finalize(0).map((event) => ({ ...event, ...(metadata && { metadata }) }));
      events.push(...block, ...final);
    }
    return events;
  }

  it('tell after each commit which tables changed', async () => {
    const listener = await bench.pool.connect();
    await listener.query(`LISTEN ${READ_MODEL_CHANNEL}`);
    const heard: { position: string; tables: string[] }[] = [];
    listener.on('notification', ({ payload }) => heard.push(JSON.parse(payload ?? '')));
    await mine(1);
    await bench.project();
    const head = String(await bench.store.head());
    await until(() => heard.at(-1)?.position === head);
    listener.release();
    expect(heard[0]?.tables).toEqual(expect.arrayContaining(['chain_heads', 'blocks', 'contract_settings']));
  });

  it('run in one process at a time: the second stands by and takes over', async () => {
    const log = new KeptLog();
    const first = bench.start();
    await mine(3);
    await bench.level(first);
    const second = bench.start({ logger: log });
    await until(() => log.lines.some((line) => line.message.includes('standing by')));
    await first.stop();
    await mine(3);
    await bench.level(second);
    expect((await chainHead(bench.db, CHAIN_ID)).number).toBe(6);
    expect(log.lines.filter((line) => line.level !== 'info')).toEqual([]);
  });

  it('write nothing once another process may lead, however late they learn of it', async () => {
    const log = new MemoryEventStore();
    const subscribe = log.subscribeToAll.bind(log);
    const { promise: thaw, resolve: goOn } = Promise.withResolvers<void>();
    log.subscribeToAll = async function* (options) {
      for await (const batch of subscribe(options)) {
        if (batch.events.length > 0) await thaw;
        yield batch;
      }
    };
    const frozen = bench.start({ store: log });
    await until(() => frozen.status().state === 'RUNNING');
    await log.append(CHAIN_STREAM, chain.mine(), 'any');
    await bench.pool.query(
      `UPDATE leases.leases SET holder = gen_random_uuid(), epoch = epoch + 1, expires_at = now() + interval '1 hour', ttl_ms = NULL`,
    );
    goOn();
    await until(() => frozen.status().state === 'STANDBY');
    expect((await chainHead(bench.db, CHAIN_ID)).number).toBeNull();
    const status = await projectionStatus(bench.pool);
    expect(status.every(({ checkpoint, state }) => checkpoint === null && state !== 'RETRYING')).toBe(true);
  });

  it('are taken over from a process that is gone without a word, once its lease has expired', async () => {
    await bench.pool.query(
      `INSERT INTO leases.leases (name, holder, epoch, taken_at, expires_at)
       SELECT 'build-' || id, gen_random_uuid(), 1, now(), now() + interval '1 hour' FROM projections.builds`,
    );
    await mine(3);
    const next = bench.start();
    await until(() => next.status().state === 'STANDBY');
    await bench.pool.query(`UPDATE leases.leases SET expires_at = '-infinity'`);
    await bench.level(next);
    expect((await chainHead(bench.db, CHAIN_ID)).number).toBe(3);
  });

  it('take up again after the database dropped their connection, missing and repeating nothing', async () => {
    const log = new KeptLog();
    const running = bench.start({ logger: log, batchSize: 10 });
    await mine(20);
    await bench.level(running);
    await bench.pool.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'abland-projections'
       AND datname = current_database()`,
    );
    await mine(20);
    await bench.level(running);
    await running.stop();
    expect(log.lines.some((line) => line.message.includes('trying again'))).toBe(true);
    expect(await parkedEvents(bench.pool)).toEqual([]);
    const interrupted = await stateChecksum(bench.pool);
    await bench.forget();
    await bench.project();
    expect(await stateChecksum(bench.pool)).toEqual(interrupted);
  });

  it('retry what the database refuses instead of parking it', async () => {
    const log = new KeptLog();
    const { rows } = await bench.pool.query<{ schema: string }>(
      `SELECT schema FROM projections.builds WHERE projection = 'chain-head'`,
    );
    const schema = rows[0]?.schema ?? '';
    await bench.pool.query(`ALTER TABLE ${schema}.blocks RENAME TO blocks_away`);
    const running = bench.start({ logger: log });
    await mine(5);
    await until(() => log.lines.some((line) => line.message.includes('trying again')));
    await eventually(async () => {
      const states = (await projectionStatus(bench.pool)).map((status) => status.state);
      expect(new Set(states)).toEqual(new Set(['FAILED']));
    });
    await bench.pool.query(`ALTER TABLE ${schema}.blocks_away RENAME TO blocks`);
    await bench.level(running);
    expect(await parkedEvents(bench.pool)).toEqual([]);
    expect((await chainHead(bench.db, CHAIN_ID)).number).toBe(5);
  });

  it('park an event that does not fit, leave its changes out and go on', async () => {
    const log = new KeptLog();
    const lost = newEvent(random.uuid(), 'RequestSubmitted', {
      commandId: random.uuid(),
      chainId: CHAIN_ID,
      txHash: random.hash(),
    });
    await bench.store.append('request-lost', [lost], 'any');
    const broken: NewEvent = {
      ...lost,
      id: random.uuid(),
      type: 'UserSignedIn',
      data: { address: 5, at: null },
    };
    await bench.store.append('user-broken', [broken], 'any');
    await mine(3);
    await bench.project({ logger: log });
    const parked = await parkedEvents(bench.pool);
    expect(
      parked.map(({ projection, eventId, code, defect }) => ({ projection, eventId, code, defect })),
    ).toEqual([
      { projection: 'requests', eventId: lost.id, code: 'BAD_EVENT', defect: false },
      { projection: 'users', eventId: broken.id, code: 'BAD_EVENT', defect: false },
    ]);
    expect((await chainHead(bench.db, CHAIN_ID)).number).toBe(3);
    const status = await projectionStatus(bench.pool, await bench.store.head());
    expect(status.map(({ name }) => name)).toEqual([...PROJECTION_NAMES].sort());
    expect(status.every(({ behind }) => behind === 0n)).toBe(true);
    expect(status.find(({ name }) => name === 'requests')?.parked).toBe(1);
  });

  it('count and loudly log an event that our own code breaks on', async () => {
    const log = new KeptLog();
    const lost = newEvent(random.uuid(), 'BlocksFinalized', { number: 1, hash: random.hash() });
    const wrong: NewEvent = { ...lost, type: 'SwapRequested', data: { commandId: random.uuid() } };
    await bench.store.append('request-wrong', [wrong], 'any');
    await bench.project({ logger: log });
    expect(log.lines.some((line) => line.level === 'error' && line.message.includes('broke'))).toBe(true);
    const requests = (await projectionStatus(bench.pool)).find(({ name }) => name === 'requests');
    expect(requests).toMatchObject({ defects: 1, parked: 1 });
  });

  it('store names that contain what PostgreSQL cannot, with the character for it', async () => {
    const events = chain.mine([
      () => [
        {
          type: 'TokenCreated',
          data: {
            tokenAddress: random.address(),
            creator: random.address(),
            name: 'a\0b\ud800',
            symbol: 'X',
            totalSupply: '1',
          },
        },
      ],
    ]);
    await bench.store.append(CHAIN_STREAM, withoutBrokenText(events), 'any');
    await bench.project();
    const { rows } = await bench.pool.query<{ name: string }>('SELECT name FROM read_model.tokens');
    expect(rows).toEqual([{ name: 'a\ufffdb' }]);
  });

  it('refuse to go on from the checkpoint of another log', async () => {
    await mine(5);
    await bench.project();
    const other = new MemoryEventStore();
    await expect(requireLogOfReadModels(bench.pool, bench.store)).resolves.toBeUndefined();
    const refused = { code: 'LOG_MISMATCH' };
    await expect(requireLogOfReadModels(bench.pool, other)).rejects.toMatchObject(refused);
    const otherChain = new SimulatedChain(new SeededRandom(99));
    for (let i = 0; i < 10; i += 1) await other.append(CHAIN_STREAM, otherChain.mine(), 'any');
    const running = bench.start({ store: other, logger: silentLogger });
    await eventually(async () => {
      expect(running.status()).toMatchObject({ state: 'FAILED', failure: { code: 'LOG_MISMATCH' } });
      const states = (await projectionStatus(bench.pool)).map((status) => status.state);
      expect(new Set(states)).toEqual(new Set(['FAILED']));
    });
    await running.stop();
  });

  it.each([['has grown past'], ['is shorter than']])(
    'leave nothing out of a log that %s where their checkpoints were put ahead of it',
    async (how) => {
      await mine(5);
      await bench.project();
      const ahead = how === 'has grown past' ? 3n : 1_000_000n;
      const head = ((await bench.store.head()) ?? 0n) + ahead;
      await bench.pool.query(
        `UPDATE projections.builds SET position = $1 WHERE projection IN ('tokens', 'chain-head')`,
        [head.toString()],
      );
      await mine(20);
      const told: object[] = [];
      const logger: Logger = {
        ...silentLogger,
        warn: (fields) => void told.push(fields),
        child: () => logger,
      };
      await bench.project({ logger });
      // Of those that it had passed the other handles some in the longer log alone.
      expect(told).toContainEqual(
        expect.objectContaining({ projection: 'chain-head', checkpoint: `${head}` }),
      );
      expect(told.length).toBeLessThanOrEqual(2);
      told.splice(0);
      await mine(1);
      await bench.project({ logger });
      expect(told).toEqual([]);
      const followed = await stateChecksum(bench.pool);
      expect((await chainHead(bench.db, CHAIN_ID)).number).toBe(26);
      await bench.forget();
      await bench.project();
      expect(await stateChecksum(bench.pool)).toEqual(followed);
    },
  );

  it('start a projection anew whose tables are gone, while the others stay where they are', async () => {
    await mine(20);
    for (const { stream, events } of simulatedRequest(random, 1, CHAIN_ID))
      await bench.store.append(stream, events, 'any');
    await bench.project();
    const before = await stateChecksum(bench.pool);
    const { rows } = await bench.pool.query<{ schema: string }>(
      `SELECT schema FROM projections.builds WHERE projection = 'pools'`,
    );
    await bench.pool.query(`DROP TABLE ${rows[0]?.schema}.pools CASCADE`);
    await migrateProjections(bench.pool);
    const status = await projectionStatus(bench.pool);
    expect(status.filter(({ checkpoint }) => checkpoint === null).map(({ name }) => name)).toEqual(['pools']);
    await bench.project();
    expect(await stateChecksum(bench.pool)).toEqual(before);
  });
});

/** JSON with a broken surrogate is no valid UTF-8, so a store may refuse it; NUL may come from any contract. */
function withoutBrokenText(events: readonly NewEvent[]): readonly NewEvent[] {
  return JSON.parse(JSON.stringify(events).replaceAll('\\ud800', '')) as NewEvent[];
}

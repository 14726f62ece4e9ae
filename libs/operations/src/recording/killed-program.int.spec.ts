import { randomUUID } from 'node:crypto';
import { ALARM_VERSIONS, alarmsStream, operationStream } from '@abland/domain';
import { MemoryEventStore } from '@abland/event-store';
import { type EventStore, silentLogger, type Supervised } from '@abland/kernel';
import { openPool, operationsInHand } from '@abland/postgres';
import {
  beginRebuild,
  changeBuild,
  listBuilds,
  migrateProjections,
  promoteBuild,
  rebuildProjections,
  startProjections,
} from '@abland/projections';
import { createTestDatabase, eventually, type TestDatabase } from '@abland/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type pg from 'pg';
import { actOnBuilds, type BuildActKind, notingIn } from '../builds/act-on-builds.js';
import { decideChainReorg } from '../reorg/decide-chain-reorg.js';
import { killedProgram, type Moment } from './killed-program.fixture.js';
import { type OperatorsAct, recordOperation } from './record-operation.js';
import { startOperationSettler } from './settle-operations.js';

const CHAIN_ID = 7;
const projection = 'chain-head';
const INTERRUPTED = ['OperationFailed', 'OPERATION_INTERRUPTED'];

/** Asks for an act as a program that is killed at a moment. */
type Ask = (act: OperatorsAct, ports: { log: EventStore; pool: pg.Pool }) => Promise<unknown>;

describe('an operator’s act whose program is killed', () => {
  const log = new MemoryEventStore();
  const clock = Date.now;
  let database: TestDatabase;
  let pool: pg.Pool;
  let projector: Supervised;
  const running: Supervised[] = [];
  beforeAll(async () => {
    database = await createTestDatabase();
    pool = openPool({ connectionString: database.url, name: 'killed', max: 10, logger: silentLogger });
    await migrateProjections(pool);
    const timing = { standbyPauseMs: 20, failedPauseMs: 100 };
    projector = startProjections({ store: log, pool, clock, logger: silentLogger, ...timing });
    const halt = {
      haltId: randomUUID(),
      code: 'CHAIN_BEHIND',
      published: 9,
      head: 3,
      final: null,
      seen: null,
    };
    await log.append(
      alarmsStream(CHAIN_ID),
      [
        {
          ...{ id: randomUUID(), type: 'ChainHalted', version: ALARM_VERSIONS.ChainHalted },
          data: { ...halt, at: new Date().toISOString() },
          metadata: { correlationId: randomUUID(), causationId: null, actor: 'test' },
        },
      ],
      'any',
    );
  });
  afterEach(async () => {
    for (const one of running.splice(0)) await one.stop();
    for (const { build, name, state } of await listBuilds(pool))
      if (name === projection && state !== 'LIVE')
        await changeBuild('DISCARD', { pool, projection: name, build });
  });
  afterAll(async () => {
    await projector.stop();
    await pool.end();
    await database.drop();
  });

  const settle = (looksMax = 3): void => {
    running.push(startOperationSettler({ log, pool, clock, logger: silentLogger, intervalMs: 10, looksMax }));
  };
  const told = async (operationId: string): Promise<readonly unknown[]> => {
    const events: unknown[] = [];
    for await (const page of log.readStream(operationStream(operationId)))
      for (const { type, data } of page) events.push([type, data['kind'] ?? data['code'] ?? data['result']]);
    return events;
  };
  const states = async (): Promise<readonly string[]> =>
    (await listBuilds(pool)).filter(({ name }) => name === projection).map(({ state }) => state);
  const until = (...wanted: string[]): Promise<void> =>
    eventually(async () => expect(await states()).toEqual(wanted));
  const actOf = (kind: OperatorsAct['kind'], subject = projection): OperatorsAct => ({
    ...{
      operationId: randomUUID(),
      kind,
      subject,
      requestedBy: 'operator:grace',
      reason: 'To see it killed',
    },
  });
  /** Asks, is killed, and has the settler tell of it. */
  const killed = async (act: OperatorsAct, moment: Moment, ask: Ask): Promise<void> => {
    await expect(ask(act, killedProgram({ log, pool }, moment))).rejects.toThrow('killed');
    expect(await told(act.operationId)).toEqual([['OperationRequested', act.kind]]);
  };
  /** The lease of a build that the killed program had. */
  const lapse = () =>
    pool.query(`UPDATE leases.leases SET expires_at = '-infinity' WHERE name IN
      (SELECT 'build-' || id FROM projections.builds WHERE state = 'BUILDING' AND activity <> 'CATCHING_UP')`);
  const figures = expect.arrayContaining([{ name: 'build', value: expect.any(String) }]);

  const ready = async (): Promise<void> => {
    await beginRebuild({ pool, projection, askedBy: 'test', reason: 'x', promotesItself: false });
    await until('LIVE', 'READY');
  };
  const paused = async (): Promise<void> => {
    await ready();
    await changeBuild('PAUSE', { pool, projection });
  };
  const retired = async (): Promise<void> => {
    await ready();
    await promoteBuild({ pool, projection, store: log });
  };
  const ACTS: readonly (readonly [BuildActKind, () => Promise<void>, readonly string[]])[] = [
    ['REBUILD_PROJECTION', () => Promise.resolve(), ['LIVE', 'READY']],
    ['PAUSE_PROJECTION', ready, ['LIVE', 'PAUSED']],
    ['RESUME_PROJECTION', paused, ['LIVE', 'READY']],
    ['PROMOTE_PROJECTION', ready, ['LIVE', 'RETIRED']],
    ['SWITCH_BACK_PROJECTION', retired, ['LIVE', 'RETIRED']],
    ['DISCARD_PROJECTION', paused, ['LIVE']],
  ];
  const actOn: Ask = (act, ports) =>
    actOnBuilds({ ...ports, clock, logger: silentLogger }, { ...act, kind: act.kind as BuildActKind });

  it.each(ACTS)('is told to be done where it was: %s', async (kind, prepare, after) => {
    for (const moment of ['after its act', 'before it tells the log'] as const) {
      await prepare();
      const act = actOf(kind);
      await killed(act, moment, actOn);
      await lapse();
      settle();
      await eventually(async () =>
        expect((await told(act.operationId))[1]).toEqual(['OperationCompleted', figures]),
      );
      await until(...after);
      for (const one of running.splice(0)) await one.stop();
      const { build } =
        (await listBuilds(pool)).find(({ name, state }) => name === projection && state !== 'LIVE') ?? {};
      if (build !== undefined) await changeBuild('DISCARD', { pool, projection, build });
    }
  });

  it.each(ACTS)('is told to be interrupted where nothing was done: %s', async (kind, prepare) => {
    await prepare();
    const before = await states();
    const act = actOf(kind);
    await killed(act, 'before its act', actOn);
    settle();
    await eventually(async () => expect((await told(act.operationId))[1]).toEqual(INTERRUPTED));
    expect(await states()).toEqual(before);
    await eventually(async () => expect(await operationsInHand(pool)).toEqual([]));
  });

  it('is told to be done at once to who asks for it again', async () => {
    await ready();
    const act = actOf('PAUSE_PROJECTION');
    await killed(act, 'after its act', actOn);
    await actOn(act, { log, pool });
    expect((await told(act.operationId))[1]).toEqual(['OperationCompleted', figures]);
    expect(await operationsInHand(pool)).toEqual([]);
  });

  it('is done by who asks for it again where it was not, and by nobody who was held to be gone', async () => {
    await ready();
    const act = actOf('PAUSE_PROJECTION');
    await killed(act, 'before its act', actOn);
    await actOn(act, { log, pool });
    expect((await told(act.operationId))[1]).toEqual(['OperationCompleted', figures]);
    await until('LIVE', 'PAUSED');
    const late = actOf('RESUME_PROJECTION');
    settle();
    const resumed = recordOperation({ log, pool, clock }, late, async (hand) => {
      // As a program that stands: it does not beat, and the settler looks on.
      await pool.query('UPDATE leases.operations_in_hand SET outcome = $1', [
        JSON.stringify({ kind: 'FAILED', code: 'OPERATION_INTERRUPTED', reason: 'gone' }),
      ]);
      await changeBuild('RESUME', { pool, projection, note: notingIn(hand) });
      return { result: undefined, figures: [] };
    });
    await expect(resumed).rejects.toMatchObject({ code: 'OPERATION_OUT_OF_HAND' });
    await until('LIVE', 'PAUSED');
    await eventually(async () => expect((await told(late.operationId))[1]).toEqual(INTERRUPTED));
  });

  it('is not given up while its program lives, however long it takes', async () => {
    settle(200);
    const act = actOf('COPY_LOG');
    await recordOperation({ log, pool, clock }, act, async () => {
      const seen = new Set<string>();
      await eventually(async () => {
        const [one] = await operationsInHand(pool, act.operationId);
        seen.add(String(one?.beats));
        expect(seen.size).toBeGreaterThan(3);
      });
      return { result: undefined, figures: [] };
    });
    expect((await told(act.operationId))[1]).toEqual(['OperationCompleted', []]);
  });

  it('is told to be done where the last read model of a rebuild at a terminal took its place', async () => {
    await projector.stop();
    const act = actOf('REBUILD_PROJECTION', 'all');
    // Its transactions are many: which was the last is seen by what was noted.
    const rebuild = recordOperation(
      { pool, clock, log: killedProgram({ log, pool }, 'before it tells the log').log },
      act,
      async (hand) => {
        const projections = [projection, 'tokens'];
        await rebuildProjections({
          pool,
          store: log,
          projections,
          clock,
          logger: silentLogger,
          note: notingIn(hand),
        });
        throw new Error('killed');
      },
    );
    await expect(rebuild).rejects.toThrow('killed');
    settle();
    await eventually(async () =>
      expect((await told(act.operationId))[1]).toEqual([
        'OperationCompleted',
        [expect.anything(), expect.anything()],
      ]),
    );
    projector = startProjections({ store: log, pool, clock, logger: silentLogger, standbyPauseMs: 20 });
    await changeBuild('DISCARD', { pool, projection: 'tokens' });
  });

  it('of a chain that stands: waiting is told to be done, an accepted branch is left to who carries it out', async () => {
    const decide: Ask = (act, ports) =>
      decideChainReorg({ ...ports, clock }, { ...act, kind: act.kind as 'ACCEPT_REORG', alarmId: null });
    const wait = actOf('WAIT_FOR_BRANCH', `${CHAIN_ID}`);
    await killed(wait, 'after its act', decide);
    const accept = actOf('ACCEPT_REORG', `${CHAIN_ID}`);
    await killed(accept, 'before its act', decide);
    settle();
    await eventually(async () =>
      expect((await told(wait.operationId))[1]).toEqual(['OperationCompleted', expect.anything()]),
    );
    await eventually(async () => expect((await told(accept.operationId))[1]).toEqual(INTERRUPTED));
    const carried = actOf('ACCEPT_REORG', `${CHAIN_ID}`);
    await decide(carried, { log, pool });
    expect(await operationsInHand(pool, carried.operationId)).toEqual([]);
  });
});

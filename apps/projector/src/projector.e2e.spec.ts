import { randomUUID } from 'node:crypto';
import { userDecider, userStream } from '@abland/domain';
import { openEventStore } from '@abland/event-codec';
import { type EventStore, handleCommand, silentLogger } from '@abland/kernel';
import { loadProjectorConfig, type ProjectorConfig } from '@abland/platform';
import { openPool, takeLeases, writePulses } from '@abland/postgres';
import { createTestDatabase, eventually, freePort, type TestDatabase } from '@abland/testing';
import { readExposition } from '@abland/testing/exposition';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Wallet } from 'ethers';
import pg from 'pg';
import { openProjector } from './open-projector.js';
import { isReady } from './projector-status.js';
import type { Projector } from './start-projector.js';

const PATIENCE_MS = 120_000;

describe('the projector, on a real database', () => {
  let database: TestDatabase;
  let store: EventStore;
  let config: ProjectorConfig;
  let projector: Projector;

  beforeAll(async () => {
    database = await createTestDatabase();
    // All that it is told: it holds no key, and knows of no chain.
    config = loadProjectorConfig({ DATABASE_URL: database.url, NODE_ENV: 'production' });
    store = await openEventStore(database.url, silentLogger);
    projector = await openProjector(config, silentLogger);
  });
  afterAll(async () => {
    await projector.stop();
    await store.close();
    await database.drop();
  });

  async function signIn(): Promise<void> {
    const { address } = Wallet.createRandom();
    await handleCommand(
      store,
      userDecider,
      userStream(address),
      { type: 'SignInUser', address, at: new Date().toISOString() },
      {
        metadata: { correlationId: randomUUID(), causationId: null, actor: address },
        eventId: () => randomUUID(),
      },
    );
  }

  /** Whether every read model comes to the head of the log, as this projector tells it. */
  async function catchesUp(told: Projector): Promise<boolean> {
    for (const giveUpAt = Date.now() + PATIENCE_MS; Date.now() < giveUpAt;) {
      const status = await told.status();
      const { head, projections } = status;
      const atHead = projections.length > 0 && projections.every(({ behind }) => behind === 0n);
      if (head !== null && atHead && isReady(status)) return true;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    return false;
  }

  it('brings every read model to the head of the log, and is ready', async () => {
    await signIn();
    expect(await catchesUp(projector)).toBe(true);
  });

  it('leaves the work to a second one when it stops', async () => {
    const second = await openProjector(config, silentLogger);
    await projector.stop();
    projector = second;
    await signIn();
    expect(await catchesUp(second)).toBe(true);
  });

  it('believes no read model that stands where whoever should keep it tells nothing', async () => {
    const pool = openPool({ connectionString: database.url, name: 'test', max: 2, logger: silentLogger });
    await projector.stop();
    await pool.query(`UPDATE projections.builds SET activity = 'LIVE'`); // as one that is killed leaves them
    const builds = await pool.query<{ name: string }>(
      `SELECT 'build-' || id AS name FROM projections.builds`,
    );
    const names = builds.rows.map(({ name }) => name);
    const silent = await takeLeases({ names, pool, logger: silentLogger });
    const standing = await openProjector(config, silentLogger);
    try {
      const standsBy = async () => (await standing.status()).runner.state === 'STANDBY';
      await eventually(async () => expect(await standsBy()).toBe(true));
      // What the one that stopped told last is believed for some seconds.
      await eventually(async () => {
        const status = await standing.status();
        expect(status.projections.every(({ state }) => state === 'LIVE')).toBe(true);
        expect([isReady(status), status.undone]).toEqual([false, ['projections']]);
      });
      const told = {
        part: 'projections',
        state: 'RUNNING',
        failure: null,
        reached: null,
        head: null,
      } as const;
      await eventually(async () => {
        await writePulses(pool, randomUUID(), [{ ...told, handledAgeMs: null, contactAgeMs: null }]);
        const believed = await standing.status();
        expect([isReady(believed), believed.undone]).toEqual([true, []]);
      });
    } finally {
      projector = standing;
      await silent?.release();
      await pool.end();
    }
  });

  it('is not ready while its part does not come round, though nothing failed', async () => {
    expect(await catchesUp(projector)).toBe(true);
    await eventually(async () => expect(isReady(await projector.status())).toBe(true));
    const status = await projector.status();
    expect(isReady({ ...status, runner: { ...status.runner, standsAt: 'log' } })).toBe(false);
  });

  it('tells of its health and its read models on a port of its own', async () => {
    const port = await freePort();
    const told = await openProjector({ ...config, metricsPort: port }, silentLogger);
    try {
      await eventually(async () => {
        const ready = await fetch(`http://127.0.0.1:${port}/ready`);
        expect(ready.status).toBe(200);
        expect(Object.keys((await ready.json()) as object)).toEqual([
          'status',
          'head',
          'projections',
          'runner',
          'undone',
          'toldSeconds',
        ]);
      });
      const metrics = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
      expect(readExposition(metrics)).not.toEqual([]);
      expect(metrics).toContain('abland_projection_lag_positions');
      expect(metrics).toMatch(/abland_projection_violations\{[^}]*projection="pools"[^}]*\} 0/);
      expect(metrics).not.toMatch(/abland_(process|ingest)/);
    } finally {
      await told.stop();
    }
  });

  it('is not ready, and says why, while its log is emptied under it', async () => {
    const port = await freePort();
    const told = await openProjector({ ...config, metricsPort: port }, silentLogger);
    const admin = new pg.Client({ connectionString: database.url });
    await admin.connect();
    try {
      await signIn();
      await admin.query('TRUNCATE event_store.events');
      await eventually(async () => {
        const ready = await fetch(`http://127.0.0.1:${port}/ready`);
        expect([ready.status, await ready.json()]).toEqual([
          503,
          expect.objectContaining({ status: 'not ready', code: 'LOG_MISMATCH' }),
        ]);
      });
      await expect(signIn()).rejects.toMatchObject({ code: 'LOG_MISMATCH' });
      const { rows } = await admin.query('SELECT FROM event_store.events');
      expect(rows).toEqual([]);
    } finally {
      await admin.end();
      await told.stop();
    }
  });
});

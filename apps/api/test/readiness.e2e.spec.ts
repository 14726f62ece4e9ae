import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Pulse } from '@abland/postgres';
import { eventually, until } from '@abland/testing';
import pg from 'pg';
import { startTestApi, type TestApi } from './test-api.js';

const META =
  '{ _meta { chainHead chainContactSeconds lagBlocks stages { name program state failure toldSeconds handledSeconds contactSeconds dueSeconds } } }';

interface Told {
  readonly name: string;
  readonly state: string;
  readonly [detail: string]: unknown;
}

describe('readiness', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startTestApi();
  });
  afterEach(() => {
    api.programs.telling = (pulses) => pulses;
  });
  afterAll(() => api.stop());

  const probe = async () => {
    const response = await fetch(`${api.client.url}/ready`);
    // The shape of an answer is what a test is about: it says itself what it expects.
    // eslint-disable-next-line @typescript-eslint/no-explicit-any
    return { status: response.status, checks: ((await response.json()) as any).checks };
  };
  const meta = async () => (await api.client.query(META))._meta;
  const stage = async (name: string): Promise<Told> =>
    (await meta()).stages.find((one: Told) => one.name === name);
  const tell = (changed: (pulse: Pulse) => Pulse | null): void => {
    api.programs.telling = (pulses) => pulses.flatMap((pulse) => changed(pulse) ?? []);
  };
  const comesTo = (holds: () => Promise<boolean>): Promise<void> => until(holds, meta);
  const ready = () => comesTo(async () => (await probe()).status === 200);
  const notReady = () => comesTo(async () => (await probe()).status === 503);

  it('is there where every stage runs, and each stage is told with its ages', async () => {
    await ready();
    await comesTo(async () => (await meta()).stages.every(({ state }: Told) => state === 'RUNNING'));
    const { stages, chainContactSeconds } = await meta();
    const names = stages.map(({ name }: Told) => name);
    expect(names.slice(0, 5)).toEqual(
      ['indexer', 'ingester', 'settlement', 'relay'].map((name) => `${name}-31337`).concat('erasure'),
    );
    expect(names).toContain('projection tokens');
    expect(chainContactSeconds).toEqual(expect.any(Number));
    expect((await stage('indexer-31337'))['contactSeconds']).toEqual(expect.any(Number));
    expect((await stage('erasure'))['contactSeconds']).toBeNull();
  });

  it.each([
    ['worker', /^(ingester|settlement|relay|erasure)/],
    ['indexer', /^indexer/],
    ['projector', /^projections$/],
  ])('is gone where no %s runs, whatever its rows say, and that is said', async (program, parts) => {
    await ready();
    tell((pulse) => (parts.test(pulse.part) ? null : pulse));
    await notReady();
    // On a busy machine another program may be heard of late for a moment.
    await eventually(async () => {
      expect((await probe()).checks.stages).toMatchObject({ ok: false, missing: [program] });
      for (const told of (await meta()).stages) {
        expect(told.state).toBe(told.program === program ? 'ABSENT' : 'RUNNING');
      }
    });
  });

  it('is gone where the chain does not answer, and how long not is said', async () => {
    await ready();
    tell((pulse) => (pulse.contactAgeMs === null ? pulse : { ...pulse, contactAgeMs: 12_000 }));
    await notReady();
    await eventually(async () =>
      expect(await stage('indexer-31337')).toMatchObject({ state: 'STANDING', failure: null }),
    );
    expect((await meta()).chainContactSeconds).toBeGreaterThanOrEqual(12);
  });

  it('is gone while the indexer fails, and the chain’s head is told as it is, also far below ours', async () => {
    await ready();
    for (let blocks = 0; blocks < 20; blocks += 1) await api.chain.mine();
    await api.settle();
    tell((pulse) =>
      pulse.part === 'indexer-31337' ? { ...pulse, head: 2n, failure: 'HEAD_FAR_BELOW' } : pulse,
    );
    await notReady();
    await eventually(async () => {
      expect(await stage('indexer-31337')).toMatchObject({ state: 'FAILING', failure: 'HEAD_FAR_BELOW' });
      expect(await meta()).toMatchObject({ chainHead: 2 });
    });
  });

  it('is gone where a stage lives and does not get on with what waits for it', async () => {
    await ready();
    tell((pulse) => (pulse.part === 'ingester-31337' ? { ...pulse, reached: 0n } : pulse));
    await comesTo(async () => (await stage('ingester-31337')).state === 'STANDING');
    expect((await stage('ingester-31337'))['dueSeconds']).toBeGreaterThan(8);
    await notReady();
  });

  it('stays where an account that pays for relayed commands is hindered, degraded, and says which', async () => {
    const name = `relayer-31337-0x${'a'.repeat(40)}`;
    const pulse = { part: name, state: 'RUNNING', handledAgeMs: 0, contactAgeMs: null } as const;
    api.programs.telling = (pulses) =>
      pulses.some(({ part }) => part.startsWith('settlement-'))
        ? [...pulses, { ...pulse, reached: null, head: null, failure: 'RELAYER_CANNOT_PAY' }]
        : pulses;
    await comesTo(async () => (await stage(name)) !== undefined);
    expect(await stage(name)).toMatchObject({
      state: 'FAILING',
      failure: 'RELAYER_CANNOT_PAY',
      program: 'worker',
    });
    await eventually(async () => {
      const response = await fetch(`${api.client.url}/ready`);
      expect(response.status).toBe(200);
      expect(await response.json()).toMatchObject({
        status: 'degraded',
        checks: { stages: { ok: true, degraded: true, hindered: [name] } },
      });
    });
    api.programs.telling = (pulses) => pulses;
    await comesTo(async () => (await stage(name)) === undefined);
  });

  it('stays where the log’s tree of hashes does not grow, degraded, and tells it', async () => {
    const pulse = { part: 'audit', state: 'RUNNING', handledAgeMs: 0, contactAgeMs: null } as const;
    api.programs.telling = (pulses) =>
      pulses.some(({ part }) => part.startsWith('settlement-'))
        ? [...pulses, { ...pulse, reached: 1n, head: null, failure: 'AUDIT_TREE_DAMAGED' }]
        : pulses;
    await comesTo(async () => (await stage('audit')) !== undefined);
    expect(await stage('audit')).toMatchObject({ state: 'FAILING', failure: 'AUDIT_TREE_DAMAGED' });
    await eventually(async () => {
      const { checks, status } = await probe();
      expect(status).toBe(200);
      expect(checks.stages).toMatchObject({ degraded: true, hindered: ['audit'] });
    });
    tell((one) => one);
  });

  it('stays where keys of persons cannot be destroyed for now, degraded, and tells it', async () => {
    const failure = 'PERSONAL_KEYS_UNAVAILABLE';
    tell((pulse) => (pulse.part === 'erasure' ? { ...pulse, failure } : pulse));
    await comesTo(async () => (await stage('erasure')).state === 'FAILING');
    await eventually(async () => {
      const { checks, status } = await probe();
      expect(status).toBe(200);
      expect(checks.stages).toMatchObject({ ok: true, degraded: true, hindered: ['erasure'] });
    });
    tell((one) => one);
  });

  it('stays where nothing comes: how long ago the last thing was handled says nothing of what is due', async () => {
    await ready();
    tell((pulse) => ({ ...pulse, handledAgeMs: 86_400_000 }));
    await comesTo(async () => Number((await stage('erasure'))['handledSeconds']) >= 86_400);
    await eventually(async () => {
      const erasure = await stage('erasure');
      expect(erasure.state).toBe('RUNNING');
      expect(erasure['dueSeconds']).toBeLessThan(8);
      expect((await probe()).status).toBe(200);
    });
  });

  it('is asked for by any number of probes at the price of one', async () => {
    const token = () => api.client.query(`{ token(address: "0x${'a'.repeat(40)}") { symbol } }`);
    await token(); // from now on it is known which versions of the read models are live
    const holder = new pg.Client({ connectionString: api.databaseUrl });
    await holder.connect();
    await holder.query('BEGIN; LOCK TABLE leases.pulses, projections.builds IN ACCESS EXCLUSIVE MODE');
    const probes = Array.from({ length: 40 }, () => fetch(`${api.client.url}/ready`));
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(await token()).toEqual({ token: null });
    for (const probed of await Promise.all(probes)) expect(probed.status).toBe(503);
    await holder.end();
  });

  // The last: no other finds its log again.
  it('is gone where the log is emptied, which is no want of the programs that tell of themselves', async () => {
    await ready();
    const client = new pg.Client({ connectionString: api.databaseUrl });
    await client.connect();
    await client.query('TRUNCATE event_store.events');
    await client.end();
    await comesTo(async () => (await probe()).checks.store.error === 'LOG_MISMATCH');
    await new Promise((resolve) => setTimeout(resolve, 8_000)); // longer than a program may be silent
    await eventually(async () => {
      const { status, checks } = await probe();
      expect([status, checks.stages.missing]).toEqual([503, []]);
    });
  });
});

import { type ProviderStatus, tellProviders } from '@abland/chain';
import { alarmsStream, operationStream } from '@abland/domain';
import { MemoryEventStore } from '@abland/event-store';
import { silentLogger } from '@abland/kernel';
import { acceptedBranch, migrateLeases, openPool, pulseOf, startPulses, writePulses } from '@abland/postgres';
import { createTestDatabase, type TestDatabase, until } from '@abland/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { listChainProviders } from './providers/chain-providers.js';
import { decideChainReorg, type ReorgAct } from './reorg/decide-chain-reorg.js';

const [ONE, OTHER] = [31337, 31338];
const AT = '2026-01-01T12:00:00.000Z';
const clock = () => Date.parse(AT);
const WELL: ProviderStatus = {
  ...{ url: 'https://node.example/…', transport: 'HTTP', state: 'WELL', asideMs: 0, fault: null },
  ...{ lastFault: null, latencyMs: 41.5, answerAgeMs: 2_000, head: 12, requests: 7 },
  ...{ faults: {}, faultsByClass: {}, discrepancies: {}, rangeMax: null, batchMax: null, lacks: [] },
};

describe('what operators decide and see of one of two chains', () => {
  let database: TestDatabase;
  let pool: pg.Pool;
  let log: MemoryEventStore;
  beforeAll(async () => {
    database = await createTestDatabase();
    pool = openPool({ connectionString: database.url, name: 'chains', max: 3, logger: silentLogger });
    await migrateLeases(pool);
  });
  beforeEach(async () => {
    log = new MemoryEventStore();
    await pool.query('DELETE FROM leases.accepted_reorgs');
  });
  afterAll(async () => {
    await pool.end();
    await database.drop();
  });

  const halt = async (chainId: number): Promise<string> => {
    const haltId = randomUUID();
    const seen = { provider: 'https://node.example', block: { number: 5, hash: `0x${'2'.repeat(64)}` } };
    const data = { haltId, code: 'REORG_TOO_DEEP', published: 9, head: 12, final: null, at: AT, seen };
    const metadata = { correlationId: haltId, causationId: null, actor: 'chain-alarms' };
    const event = { id: haltId, type: 'ChainHalted', version: 2, data, metadata };
    await log.append(alarmsStream(chainId), [event], 'no_stream');
    return haltId;
  };
  const decide = (chainId: number, kind: ReorgAct['kind'], alarmId: string | null = null) => {
    const operationId = randomUUID();
    const act = { operationId, kind, requestedBy: 'operator:grace', reason: 'It went back', alarmId };
    return decideChainReorg({ clock, log, pool }, { ...act, subject: String(chainId) }).then(
      () => operationId,
    );
  };

  it('is an accepted branch of that chain alone, though both stand at the same block', async () => {
    await halt(ONE);
    await halt(OTHER);
    const operationId = await decide(ONE, 'ACCEPT_REORG');
    expect(await acceptedBranch(pool, ONE)).toMatchObject({ operationId });
    expect(await acceptedBranch(pool, OTHER)).toBeNull();
    const waiting = await decide(OTHER, 'WAIT_FOR_BRANCH');
    expect(await acceptedBranch(pool, ONE)).toMatchObject({ operationId });
    const subjects: unknown[] = [];
    for await (const page of log.readStream(operationStream(waiting)))
      subjects.push(...page.map(({ data }) => (data as { subject?: string }).subject));
    expect(subjects[0]).toBe(String(OTHER));
  });

  it('is refused where only the other one stands, and by the alarm of the other', async () => {
    const alarmId = await halt(ONE);
    await expect(decide(OTHER, 'ACCEPT_REORG')).rejects.toMatchObject({ code: 'NO_REORG_TO_DECIDE' });
    await halt(OTHER);
    await expect(decide(OTHER, 'ACCEPT_REORG', alarmId)).rejects.toMatchObject({ code: 'REORG_ALARM_OVER' });
    expect(await acceptedBranch(pool, OTHER)).toBeNull();
  });

  it('is refused by what an indexer stood with long ago', async () => {
    const chain = { part: `indexer-${ONE}`, state: 'FAILED', failure: 'REORG_TOO_DEEP' } as const;
    const told = { ...chain, handledAgeMs: 0, contactAgeMs: null, reached: null, head: null };
    await writePulses(pool, randomUUID(), [told]);
    await pool.query(`UPDATE leases.pulses SET beat_at = clock_timestamp() - interval '1 minute'`);
    await expect(decide(ONE, 'ACCEPT_REORG')).rejects.toMatchObject({ code: 'NO_REORG_TO_DECIDE' });
    await pool.query(`UPDATE leases.pulses SET beat_at = clock_timestamp()`);
    await decide(ONE, 'ACCEPT_REORG');
    await pool.query('DELETE FROM leases.pulses');
  });

  it('is told by its own indexer of its own providers', async () => {
    const parts = [ONE, OTHER].map((chainId) => ({
      ...{ name: `indexer-${chainId}`, state: 'RUNNING', failure: null, progressAgeMs: 0, standsAt: null },
    }));
    const heads = [12, 99];
    const pulses = startPulses({
      ...{ pool, logger: silentLogger, intervalMs: 20 },
      parts: () => parts.map((status) => pulseOf(status as never)),
      details: () =>
        parts.map(({ name }, index) => ({
          part: name,
          ...tellProviders([{ ...WELL, head: heads[index] ?? null }], null),
        })),
    });
    try {
      await until(async () => (await listChainProviders({ clock, pool })).length === 2);
      const headsOf = async (chainIds?: readonly number[]) =>
        (await listChainProviders({ clock, pool }, chainIds)).map(({ chainId, headBlock }) => [
          chainId,
          headBlock,
        ]);
      expect(await headsOf([OTHER])).toEqual([[OTHER, 99]]);
      expect(await headsOf([ONE])).toEqual([[ONE, 12]]);
    } finally {
      await pulses.stop();
    }
  });
});

import { randomUUID } from 'node:crypto';
import { operationStream } from '@abland/domain';
import { MemoryEventStore } from '@abland/event-store';
import { silentLogger } from '@abland/kernel';
import { openPool } from '@abland/postgres';
import { migrateProcesses } from '@abland/processes';
import { listParkedEvents, migrateProjections } from '@abland/projections';
import { createTestDatabase, type TestDatabase } from '@abland/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type pg from 'pg';
import { decideParkedEvent, type ParkedEventAct } from './decide-parked-event.js';

const PROCESS = 'settlement-7';

describe('what a process parked', () => {
  const store = new MemoryEventStore();
  let database: TestDatabase;
  let pool: pg.Pool;
  beforeEach(async () => {
    database = await createTestDatabase();
    pool = openPool({ connectionString: database.url, name: 'parked', max: 4, logger: silentLogger });
    await migrateProjections(pool);
    await migrateProcesses(pool);
    await pool.query(
      `INSERT INTO processes.checkpoints (process, position, known_event, known_position) VALUES ($1, 5, '{}', 5), ('relay-7', 5, '{}', 5)`,
      [PROCESS],
    );
    await pool.query(
      `INSERT INTO leases.leases (name, holder, epoch, taken_at, expires_at)
       VALUES ($1, gen_random_uuid(), 3, now(), clock_timestamp() + interval '1 hour')`,
      [PROCESS],
    );
    for (const [process, stream] of [
      [PROCESS, 'request-a'],
      [PROCESS, 'request-b'],
      ['relay-7', 'request-c'],
    ])
      await pool.query(
        `INSERT INTO processes.parked (process, cause_id, stream, type, code, reason) VALUES ($1, 'c/expiry/17', $2, 'ExpireRequest', 'UNEXPECTED', 'a defect')`,
        [process, stream],
      );
  });
  afterEach(async () => {
    await pool.end();
    await database.drop();
  });

  const parked = async (): Promise<readonly string[]> =>
    (await listParkedEvents(pool, { at: 'PROCESS', page: { first: 20 } })).edges.map(({ node }) => node.id);
  const subjectOf = (stream: string, process = PROCESS): string =>
    `PROCESS/${process}/${stream}/ExpireRequest/c/expiry/17`;
  const decide = async (
    kind: ParkedEventAct['kind'],
    subject: string,
    approvals = new Set<ParkedEventAct['kind']>(),
  ) => {
    const operationId = randomUUID();
    const act = { operationId, kind, subject, requestedBy: 'operator:ada', reason: 'It is mended' };
    const became = await decideParkedEvent({ log: store, pool, clock: Date.now, approvals }, act).catch(
      ({ code }: { code: string }) => code,
    );
    const told: unknown[] = [];
    for await (const page of store.readStream(operationStream(operationId)))
      told.push(...page.map(({ data, type }) => [type, data['subject'] ?? data['result'] ?? data['code']]));
    return { became, told };
  };

  it('is retried by its process from the first event on, which is taken from whoever leads it, and recorded', async () => {
    const subject = subjectOf('request-a');
    expect(await parked()).toContain(subject);
    expect(await decide('RETRY_PARKED_EVENT', subject)).toEqual({
      became: 'DONE',
      told: [
        ['OperationRequested', subject],
        ['OperationCompleted', [{ name: 'process', value: PROCESS }]],
      ],
    });
    expect(await parked()).toEqual([subjectOf('request-c', 'relay-7')]);
    const { rows } = await pool.query('SELECT process FROM processes.checkpoints');
    expect(rows).toEqual([{ process: 'relay-7' }]);
    const leases = await pool.query(
      'SELECT epoch, expires_at < now() AS free FROM leases.leases WHERE name = $1',
      [PROCESS],
    );
    expect(leases.rows).toEqual([{ epoch: '5', free: true }]);
    expect(await decide('RETRY_PARKED_EVENT', subject)).toMatchObject({ became: 'UNKNOWN_PARKED_EVENT' });
  });

  it('is skipped by itself, and its process goes on where it is', async () => {
    expect(await decide('SKIP_PARKED_EVENT', subjectOf('request-a'))).toMatchObject({ became: 'DONE' });
    expect(new Set(await parked())).toEqual(
      new Set([subjectOf('request-b'), subjectOf('request-c', 'relay-7')]),
    );
    const { rows } = await pool.query('SELECT process FROM processes.checkpoints ORDER BY process');
    expect(rows).toEqual([{ process: 'relay-7' }, { process: PROCESS }]);
  });

  it('is only proposed to be skipped where that takes two', async () => {
    const { became, told } = await decide(
      'SKIP_PARKED_EVENT',
      subjectOf('request-a'),
      new Set(['SKIP_PARKED_EVENT']),
    );
    expect([became, told]).toEqual(['AWAITS_APPROVAL', [['OperationProposed', subjectOf('request-a')]]]);
    expect(await parked()).toContain(subjectOf('request-a'));
  });

  it('is not retried where the process sends transactions: that changes nothing, and is recorded as refused', async () => {
    const subject = subjectOf('request-c', 'relay-7');
    expect(await decide('RETRY_PARKED_EVENT', subject)).toEqual({
      became: 'PARKED_EVENT_NOT_RETRIED',
      told: [
        ['OperationRequested', subject],
        ['OperationFailed', 'PARKED_EVENT_NOT_RETRIED'],
      ],
    });
    expect(await parked()).toContain(subject);
    expect(await decide('SKIP_PARKED_EVENT', subject)).toMatchObject({ became: 'DONE' });
  });

  it('is nothing where no process parked it', async () => {
    expect(await decide('SKIP_PARKED_EVENT', subjectOf('request-x'))).toMatchObject({
      became: 'UNKNOWN_PARKED_EVENT',
    });
  });
});

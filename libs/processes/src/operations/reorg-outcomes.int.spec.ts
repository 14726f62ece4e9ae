import { randomUUID } from 'node:crypto';
import {
  chainStream,
  operationDecider,
  type OperationEvent,
  operationStream,
  REORG_GONE,
} from '@abland/domain';
import { MemoryEventStore } from '@abland/event-store';
import { handleCommand, type Json, type NewEvent, silentLogger } from '@abland/kernel';
import {
  acceptedBranch,
  acceptReorg,
  beginReorg,
  endReorg,
  migrateLeases,
  openPool,
  withdrawAcceptance,
} from '@abland/postgres';
import { createTestDatabase, type TestDatabase } from '@abland/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type pg from 'pg';
import { ReorgOutcomes } from './reorg-outcomes.js';

const CHAIN_ID = 7;
const hash = (digit: number): string => `0x${String(digit).repeat(64)}`;
const TIP = hash(1);
const ANCESTOR = hash(3);

describe('what came of an accepted branch', () => {
  let database: TestDatabase;
  let pool: pg.Pool;
  let store: MemoryEventStore;
  let outcomes: ReorgOutcomes;
  let operationId: string;
  beforeAll(async () => {
    database = await createTestDatabase();
    pool = openPool({ connectionString: database.url, name: 'outcomes', max: 2, logger: silentLogger });
    await migrateLeases(pool);
  });
  beforeEach(async () => {
    await pool.query('DELETE FROM leases.accepted_reorgs');
    store = new MemoryEventStore();
    outcomes = new ReorgOutcomes({ eventStore: store, pool, clock: Date.now });
    operationId = randomUUID();
    await request(operationId);
    await acceptReorg(pool, CHAIN_ID, operationId);
  });
  afterAll(async () => {
    await pool.end();
    await database.drop();
  });

  async function request(id: string): Promise<void> {
    const act = { operationId: id, kind: 'ACCEPT_REORG', subject: '7', requestedBy: 'operator:ada' } as const;
    const at = new Date().toISOString();
    const command = { type: 'RequestOperation', ...act, reason: 'It went back', at } as const;
    await handleCommand(store, operationDecider, operationStream(id), command, {
      metadata: { correlationId: id, causationId: null, actor: 'operator:ada' },
      eventId: () => randomUUID(),
    });
  }
  /** Ingestion tells of a chain, by a message that its topic, made anew, calls the first. */
  async function ingest(
    type: 'BlockIngested' | 'BlocksReverted',
    data: Record<string, Json>,
    chainId = CHAIN_ID,
  ): Promise<void> {
    const chain = { chainId, blockNumber: 1, blockHash: TIP, blockTime: 1 };
    const event: NewEvent = {
      ...{ id: randomUUID(), type, version: 1, data },
      metadata: {
        ...{ correlationId: TIP, causationId: `chain-${chainId}@0`, actor: 'chain' },
        chain: { ...chain, txHash: null, logIndex: null, commandId: null },
      },
    };
    await store.append(chainStream(chainId), [event], 'any');
  }
  const revert = (hashes: readonly string[], ancestor: string, chainId = CHAIN_ID): Promise<void> =>
    ingest('BlocksReverted', { hashes, ancestor: { number: 3, hash: ancestor } }, chainId);
  async function told(): Promise<OperationEvent[]> {
    const events: unknown[] = [];
    for await (const page of store.readStream(operationStream(operationId))) events.push(...page);
    return events.slice(1) as OperationEvent[];
  }

  it('is told once the log has all that was taken back, with how much that was, and once', async () => {
    await outcomes.tell(CHAIN_ID, null);
    await beginReorg(pool, CHAIN_ID, { hash: TIP, number: 12 });
    const taken = { blocks: 9, ancestor: 3 };
    await endReorg(pool, operationId, { kind: 'TAKEN', reached: ANCESTOR, taken });
    const untold = async (): Promise<void> => {
      await outcomes.tell(CHAIN_ID, 0);
      expect(await told()).toEqual([]);
    };
    await untold();
    await ingest('BlockIngested', { hash: ANCESTOR });
    await ingest('BlockIngested', { hash: TIP });
    await revert([TIP], ANCESTOR, 77);
    await untold();
    await revert([TIP], hash(2)); // the newer part of what is taken back
    await untold();
    await revert([hash(2)], ANCESTOR);
    await outcomes.tell(CHAIN_ID, 0);
    await outcomes.tell(CHAIN_ID, 0);
    expect(await told()).toMatchObject([
      {
        type: 'OperationCompleted',
        data: {
          result: [
            { name: 'blocksTakenBack', value: '9' },
            { name: 'newestBlockLeft', value: '3' },
          ],
        },
      },
    ]);
    expect(await acceptedBranch(pool, CHAIN_ID)).toBeNull();
  });

  it('is told once the log has the block that was reached by a run which ended', async () => {
    await beginReorg(pool, CHAIN_ID, { hash: TIP, number: 12 });
    await endReorg(pool, operationId, { kind: 'TAKEN', reached: hash(4), taken: null });
    await revert([TIP], ANCESTOR);
    await outcomes.tell(CHAIN_ID, 0);
    expect(await told()).toEqual([]);
    await ingest('BlockIngested', { hash: hash(4) });
    await outcomes.tell(CHAIN_ID, 0);
    expect(await told()).toMatchObject([{ type: 'OperationCompleted', data: { result: [] } }]);
  });

  it('is told once any block comes after it was taken back, where the chain has left the block that was reached, too', async () => {
    await beginReorg(pool, CHAIN_ID, { hash: TIP, number: 12 });
    const taken = { blocks: 9, ancestor: 3 };
    await endReorg(pool, operationId, { kind: 'TAKEN', reached: ANCESTOR, taken });
    await ingest('BlockIngested', { hash: hash(8) });
    await revert([TIP, ANCESTOR], hash(5));
    await outcomes.tell(CHAIN_ID, 0);
    expect(await told()).toEqual([]);
    await ingest('BlockIngested', { hash: hash(6) });
    await outcomes.tell(CHAIN_ID, 0);
    expect(await told()).toMatchObject([{ type: 'OperationCompleted' }]);
  });

  it('is told of what an indexer of an earlier version noted, which named no block', async () => {
    await beginReorg(pool, CHAIN_ID, { hash: TIP, number: 12 });
    await endReorg(pool, operationId, { kind: 'TAKEN', offset: '9999', taken: null } as never);
    await outcomes.tell(CHAIN_ID, 0);
    expect(await told()).toEqual([]);
    await revert([TIP], ANCESTOR);
    await outcomes.tell(CHAIN_ID, 0);
    expect(await told()).toMatchObject([{ type: 'OperationCompleted' }]);
  });

  it('is that it failed, with the reason, where it cannot be carried out', async () => {
    await beginReorg(pool, CHAIN_ID, { hash: TIP, number: 12 });
    await endReorg(pool, operationId, { kind: 'FAILED', code: 'REORG_TOO_DEEP', reason: 'Nothing is left' });
    await outcomes.tell(CHAIN_ID, null);
    expect(await told()).toMatchObject([
      { type: 'OperationFailed', data: { code: 'REORG_TOO_DEEP', reason: 'Nothing is left' } },
    ]);
  });

  it('is that a provider has our branch again, so that it takes nothing back at the next reorg', async () => {
    await outcomes.tell(CHAIN_ID, 3_600_000); // followed before that was decided, that is
    expect(await acceptedBranch(pool, CHAIN_ID)).toMatchObject({ outcome: null });
    await pool.query(`UPDATE leases.accepted_reorgs SET decided_at = decided_at - interval '1 minute'`);
    await outcomes.tell(CHAIN_ID, 100);
    expect(await beginReorg(pool, CHAIN_ID, { hash: TIP, number: 12 })).toBeNull();
    await outcomes.tell(CHAIN_ID, 100);
    expect(await told()).toMatchObject([{ type: 'OperationFailed', data: REORG_GONE }]);
  });

  it('is what its indexer tells once that has begun, whoever would withdraw it', async () => {
    await beginReorg(pool, CHAIN_ID, { hash: TIP, number: 12 });
    await pool.query(`UPDATE leases.accepted_reorgs SET decided_at = decided_at - interval '1 minute'`);
    await outcomes.tell(CHAIN_ID, 100);
    expect(await withdrawAcceptance(pool, CHAIN_ID, { code: 'REORG_WITHDRAWN', reason: '' })).toBeNull();
    await beginReorg(pool, CHAIN_ID, { hash: hash(2), number: 13 });
    expect(await acceptedBranch(pool, CHAIN_ID)).toMatchObject({
      ...{ begunAtTip: TIP, begunAtNumber: 12, outcome: null },
    });
  });

  it('is awaited before another branch is accepted', async () => {
    const other = randomUUID();
    expect(await acceptReorg(pool, CHAIN_ID, other)).toBe(false);
    expect(await acceptReorg(pool, CHAIN_ID, operationId)).toBe(true);
    await withdrawAcceptance(pool, CHAIN_ID, { code: 'REORG_WITHDRAWN', reason: 'An operator waits' });
    expect(await acceptReorg(pool, CHAIN_ID, other)).toBe(false);
    await outcomes.tell(CHAIN_ID, null);
    expect(await told()).toMatchObject([{ type: 'OperationFailed', data: { code: 'REORG_WITHDRAWN' } }]);
    expect(await acceptReorg(pool, CHAIN_ID, other)).toBe(true);
  });
});

import { randomUUID } from 'node:crypto';
import { chainStream, operationStream } from '@abland/domain';
import { MemoryEventStore } from '@abland/event-store';
import { type NewEvent, type RecordedEvent, silentLogger, type Supervised } from '@abland/kernel';
import { openPool } from '@abland/postgres';
import {
  listBuilds,
  listParkedEvents,
  migrateProjections,
  startProjections,
  stateChecksum,
} from '@abland/projections';
import { createTestDatabase, eventually, type TestDatabase } from '@abland/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type pg from 'pg';
import { decideParkedEvent, type ParkedEventAct } from './decide-parked-event.js';

const CHAIN_ID = 7;
const projection = 'pools';
const address = (digit: string): string => `0x${digit.repeat(40)}`;
const hash = (digit: string): string => `0x${digit.repeat(64)}`;

/** In a pool that nobody knows. */
const swap: NewEvent = {
  ...{ id: randomUUID(), type: 'Swap', version: 1 },
  data: {
    ...{ contract: address('1'), user: address('2'), poolId: hash('e') },
    ...{ tokenIn: address('3'), tokenOut: address('4'), amountIn: '1', amountOut: '1' },
  },
  metadata: {
    ...{ correlationId: randomUUID(), causationId: null, actor: 'test' },
    chain: {
      ...{ chainId: CHAIN_ID, blockNumber: 1, blockHash: hash('a'), blockTime: 1_700_000_000 },
      ...{ txHash: hash('b'), logIndex: 0, commandId: null },
    },
  },
};
const subject = `PROJECTION/${projection}/${swap.id}`;

class ReadModels {
  private constructor(
    private readonly database: TestDatabase,
    readonly pool: pg.Pool,
    private readonly projector: Supervised,
  ) {}

  static async of(store: MemoryEventStore): Promise<ReadModels> {
    const database = await createTestDatabase();
    const pool = openPool({ connectionString: database.url, name: 'parked', max: 8, logger: silentLogger });
    await migrateProjections(pool);
    const projector = startProjections({
      store,
      pool,
      clock: Date.now,
      logger: silentLogger,
      standbyPauseMs: 20,
    });
    const made = new ReadModels(database, pool, projector);
    await made.level(store);
    return made;
  }

  async level(store: MemoryEventStore): Promise<void> {
    const head = await store.head();
    await eventually(async () =>
      expect((await listBuilds(this.pool, head)).every(({ behind }) => behind === 0n)).toBe(true),
    );
  }

  async parked(): Promise<readonly string[]> {
    const { edges } = await listParkedEvents(this.pool, { at: 'PROJECTION', page: { first: 20 } });
    return edges.map(({ node }) => node.id).filter((id) => id.startsWith(`PROJECTION/${projection}/`));
  }

  async builds() {
    return (await listBuilds(this.pool)).filter(({ name }) => name === projection);
  }

  async close(): Promise<void> {
    await this.projector.stop();
    await this.pool.end();
    await this.database.drop();
  }
}

describe('an event that a projection cannot handle', () => {
  let store: MemoryEventStore;
  let live: ReadModels;
  const open: ReadModels[] = [];
  beforeEach(async () => {
    store = new MemoryEventStore();
    await store.append(chainStream(CHAIN_ID), [swap], 'any');
    live = await ReadModels.of(store);
    open.push(live);
    expect(await live.parked()).toEqual([subject]);
  });
  afterEach(async () => {
    for (const one of open.splice(0)) await one.close();
    await store.close();
  });
  const decide = async (kind: ParkedEventAct['kind'], approvals = new Set<ParkedEventAct['kind']>()) => {
    const act = {
      operationId: randomUUID(),
      kind,
      subject,
      requestedBy: 'operator:ada',
      reason: 'It is nobody’s',
    };
    const became = await decideParkedEvent({ log: store, pool: live.pool, clock: Date.now, approvals }, act);
    const events: RecordedEvent[] = [];
    for await (const page of store.readStream(operationStream(act.operationId))) events.push(...page);
    return { became, told: events.map(({ type }) => type), result: events.at(-1)?.data['result'] };
  };

  it('is skipped for good: told as parked no more, and left out by every read model that is made of the log from then on', async () => {
    expect(await decide('SKIP_PARKED_EVENT')).toEqual({
      ...{ became: 'DONE', told: ['OperationRequested', 'OperationCompleted'], result: [] },
    });
    expect(await live.parked()).toEqual([]);
    await store.append(chainStream(CHAIN_ID), [{ ...swap, id: randomUUID() }], 'any');
    await live.level(store);
    expect((await live.builds())[0]).toMatchObject({ state: 'LIVE', parked: 1 });

    const rebuilt = await ReadModels.of(store);
    open.push(rebuilt);
    expect(await rebuilt.parked()).toEqual(await live.parked());
    expect((await rebuilt.builds())[0]).toMatchObject({ parked: 1 });
    expect(await stateChecksum(rebuilt.pool)).toEqual(await stateChecksum(live.pool));
    await expect(decide('SKIP_PARKED_EVENT')).rejects.toMatchObject({ code: 'UNKNOWN_PARKED_EVENT' });
  });

  it('is retried by a build from the first event on, and parked again where that cannot handle it either', async () => {
    const [first] = await live.builds();
    const { result, told } = await decide('RETRY_PARKED_EVENT');
    expect(told).toEqual(['OperationRequested', 'OperationCompleted']);
    await eventually(async () =>
      expect((await live.builds()).map(({ state }) => state)).toEqual(['LIVE', 'RETIRED']),
    );
    const [next] = await live.builds();
    expect(next?.build).not.toBe(first?.build);
    expect(result).toEqual([{ name: 'build', value: String(next?.build) }]);
    expect(next).toMatchObject({ askedBy: 'operator:ada', reason: 'It is nobody’s', parked: 1 });
    expect(await live.parked()).toEqual([subject]);
  });

  it('is only proposed to be skipped where that takes two', async () => {
    const { became, told } = await decide('SKIP_PARKED_EVENT', new Set(['SKIP_PARKED_EVENT']));
    expect([became, told]).toEqual(['AWAITS_APPROVAL', ['OperationProposed']]);
    expect(await live.parked()).toEqual([subject]);
  });
});

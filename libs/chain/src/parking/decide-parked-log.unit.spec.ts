import { MemoryEventStore } from '@abland/event-store';
import { type EventStore, type Json, type NewEvent, type RecordedEvent, silentLogger } from '@abland/kernel';
import { MemoryLogStream } from '@abland/log-stream';
import type { LoggedFact } from '@abland/domain';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { BlockLog } from '../blocks/chain-block.js';
import { logOf } from '../decode/log-of.js';
import { SimulatedChain } from '../follow/simulated-chain.fixture.js';
import {
  asMessage,
  CHAIN_ID,
  eventsIn,
  reverted,
  TOPIC,
  withLogs,
  untilEvents,
} from '../ingest/chain-messages.fixture.js';
import { startIngester, type Ingester } from '../ingest/ingester.js';
import { CONTRACTS, creationLog, feeLog } from '../ingest/sample-logs.fixture.js';
import { retryParkedLog, skipParkedLog } from './decide-parked-log.js';

const OPERATION = '00000000-0000-4000-8000-000000000002';

/** What a version that cannot read a type of facts appends. */
const unread = (event: NewEvent): NewEvent => ({
  ...event,
  ...{ type: 'LogParked', version: 1 },
  data: {
    ...{ contract: String(event.data['contract']), role: 'TOKEN_FACTORY', clock: null },
    ...{ log: logOf(event as unknown as LoggedFact), code: 'LOG_UNDECODABLE', reason: 'unknown to it' },
  } as unknown as NewEvent['data'],
});

describe('a decision of a parked log', () => {
  let eventStore: MemoryEventStore;
  let logStream: MemoryLogStream;
  let ingester: Ingester | null = null;
  let chain: SimulatedChain;
  /** Types of facts that the ingester's version cannot read. */
  let unreadable: string[];
  beforeEach(() => {
    eventStore = new MemoryEventStore();
    logStream = new MemoryLogStream();
    chain = new SimulatedChain(4);
    unreadable = ['CreationFeeUpdated'];
    const older: EventStore = Object.assign(Object.create(eventStore) as EventStore, {
      append: (...[name, events, expected]: Parameters<EventStore['append']>) =>
        eventStore.append(
          name,
          events.map((event) => (unreadable.includes(event.type) ? unread(event) : event)),
          expected,
        ),
    });
    const parts = { contracts: CONTRACTS, eventStore: older, logStream, logger: silentLogger };
    ingester = startIngester({ chainId: CHAIN_ID, startBlock: 0, ...parts });
  });
  afterEach(async () => {
    await ingester?.stop();
    await logStream.close();
  });

  const stream = (): Promise<RecordedEvent[]> => eventsIn(eventStore, TOPIC);
  const until = (count: number): Promise<RecordedEvent[]> => untilEvents(eventStore, count);
  const publish = (messages: readonly unknown[]) => logStream.publish(TOPIC, messages as readonly Json[]);
  const block = (number: number, logs: readonly BlockLog[]) =>
    asMessage(withLogs(chain.blocksNow[number], logs));
  const final = (number: number) => {
    const { hash, time } = chain.blocksNow[number] ?? { hash: '', time: 0 };
    return { kind: 'finalized', final: { number, hash, time } };
  };
  async function parked() {
    const found = (await stream()).find(({ type }) => type === 'LogParked');
    if (found === undefined) throw new Error('None is parked');
    const { id: eventId, revision } = found;
    return { chainId: CHAIN_ID, eventId, revision, operationId: OPERATION, decidedBy: 'operator:ada' };
  }
  const refused = (why: string) => ({ code: 'PARKED_EVENT_NOT_RETRIED', details: { why } });

  it('takes its fact in once, at its own place on the chain, and ingestion goes on after it', async () => {
    await publish([block(0, [feeLog(3)]), block(1, []), final(0)]);
    await until(4);
    const before = await parked();
    expect(await retryParkedLog(eventStore, before)).toBe('CreationFeeUpdated');
    expect(await retryParkedLog(eventStore, before)).toBe('CreationFeeUpdated');
    const another = { ...before, operationId: '6f1b1c1e-0000-4000-8000-00000000000f' };
    for (const decide of [retryParkedLog, skipParkedLog])
      await expect(decide(eventStore, another)).rejects.toMatchObject({ code: 'PARKED_EVENT_RESOLVED' });
    await publish([block(2, [])]);
    const events = await until(7);
    expect(events.map(({ type }) => type)).toEqual([
      ...['LogParked', 'BlockIngested', 'BlockIngested', 'BlocksFinalized'],
      ...['CreationFeeUpdated', 'ParkedLogResolved', 'BlockIngested'],
    ]);
    expect(events[4]).toMatchObject({
      data: { oldFee: '1', newFee: '2' },
      metadata: { actor: 'chain', causationId: before.eventId, chain: { blockNumber: 0, logIndex: 3 } },
    });
    expect(events[5]).toMatchObject({
      data: { eventId: before.eventId, resolution: 'RETRIED', operationId: OPERATION },
      metadata: { actor: 'operator:ada', correlationId: OPERATION },
    });
  });

  it('skips it for good, final or not', async () => {
    await publish([block(0, [feeLog(3)])]);
    await until(2);
    await skipParkedLog(eventStore, await parked());
    await publish([block(1, [])]);
    const types = (await until(4)).map(({ type }) => type);
    expect(types).toEqual(['LogParked', 'BlockIngested', 'ParkedLogResolved', 'BlockIngested']);
  });

  it('is refused to a retry before its block is final', async () => {
    await publish([block(0, [feeLog(3)])]);
    await until(2);
    await expect(retryParkedLog(eventStore, await parked())).rejects.toMatchObject(refused('NOT_FINAL'));
  });

  it('is refused to a retry where a later fact set the same', async () => {
    await publish([block(0, [feeLog(3)])]);
    await until(2);
    unreadable = [];
    await publish([block(1, [feeLog(0)]), final(1)]);
    await until(5);
    await expect(retryParkedLog(eventStore, await parked())).rejects.toMatchObject(refused('SUPERSEDED'));
    expect(await stream()).toHaveLength(5);
  });

  it('is refused to a retry where what the fact means hangs on its order, or it is still none', async () => {
    unreadable = ['TokenCreated'];
    await publish([block(0, [creationLog(0)]), final(0)]);
    await until(3);
    await expect(retryParkedLog(eventStore, await parked())).rejects.toMatchObject(
      refused('BOUND_TO_ITS_ORDER'),
    );
    await publish([block(1, [{ ...feeLog(0), data: '0x12' }])]);
    const [, , , broken] = await until(5);
    const of = { ...(await parked()), eventId: broken?.id ?? '', revision: broken?.revision ?? 0n };
    await expect(retryParkedLog(eventStore, of)).rejects.toMatchObject(refused('UNREADABLE'));
  });

  it('is over where a reorg took its block back', async () => {
    await publish([block(0, []), block(1, [feeLog(3)])]);
    await until(3);
    const of = await parked();
    const ancestor = chain.blocksNow[0];
    const taken = chain.blocksNow.slice(1, 2);
    await publish([reverted(taken, ancestor)]);
    await until(4);
    await expect(skipParkedLog(eventStore, of)).rejects.toMatchObject({ code: 'PARKED_EVENT_RESOLVED' });
  });

  it('is of what is parked, and of nothing else', async () => {
    await publish([block(0, [feeLog(3)])]);
    await until(2);
    const of = { ...(await parked()), revision: 1n };
    await expect(skipParkedLog(eventStore, of)).rejects.toMatchObject({ code: 'UNKNOWN_PARKED_EVENT' });
  });
});

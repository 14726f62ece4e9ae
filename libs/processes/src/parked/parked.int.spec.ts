import { randomUUID } from 'node:crypto';
import { operationStream, requestStream } from '@abland/domain';
import { MemoryEventStore } from '@abland/event-store';
import type { EventStore, NewEvent } from '@abland/kernel';
import { eventually } from '@abland/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { GRACE_MS, Settling } from '../settlement/settling.fixture.js';
import {
  CHAIN_ID,
  DEADLINE,
  finalized,
  id,
  ingested,
  submitted,
  swapped,
  swapRequested,
} from '../settlement/story.fixture.js';
import { isParkedByProcess, retryParkedByProcess, skipParkedByProcess } from './decide.js';
import type { ParkedByProcess } from './parked-id.js';

const unreadable = swapped({ block: 'a', tx: 's', names: 'one' });
const process = `settlement-${CHAIN_ID}`;
const parked: ParkedByProcess = {
  ...{ process, stream: unreadable.stream, type: 'Swap', causeId: String(unreadable.event.id) },
};

describe('what a process parked', () => {
  let settling: Settling;
  let log: MemoryEventStore;
  let isMended: boolean;
  beforeEach(async () => {
    isMended = false;
    settling = await Settling.open();
    log = new MemoryEventStore();
    settling.start({ log: breakingOn(log) });
    await settling.tell(
      [
        ...[swapRequested('one'), swapRequested('other')],
        ...[unreadable, swapped({ block: 'a', tx: 't', names: 'other', logIndex: 1 }), ingested('a', 10)],
      ],
      log,
    );
    await eventually(async () => expect(await isParkedByProcess(settling.pool, parked)).toBe(true));
    await settling.ended('other', 'RequestConfirmed', log);
  });
  afterEach(async () => {
    await settling.close();
    await log.close();
  });

  /** Our code breaks on one event of the log until it is mended. */
  const breakingOn = (store: MemoryEventStore): EventStore =>
    Object.create(store, {
      subscribeToAll: {
        value: async function* (options: Parameters<EventStore['subscribeToAll']>[0]) {
          for await (const batch of store.subscribeToAll(options)) {
            const events = batch.events.map((event) =>
              event.id === unreadable.event.id && !isMended
                ? { ...event, data: { ...event.data, amountOut: 'much' } }
                : event,
            );
            yield { ...batch, events };
          }
        },
      },
    });
  const note = { noted: 0 };
  const noted = async (): Promise<void> => {
    note.noted += 1;
  };
  const retry = () => retryParkedByProcess(settling.pool, parked, noted);
  const parkedNow = async (): Promise<number> =>
    (await settling.pool.query('SELECT FROM processes.parked')).rowCount ?? 0;

  it('is done once its process goes over the log again, and nothing of what was done is done twice', async () => {
    isMended = true;
    await retry();
    await settling.ended('one', 'RequestConfirmed', log);
    await settling.tell([finalized(10)], log);
    for (const name of ['one', 'other']) {
      await settling.ended(name, 'RequestFinalized', log);
      expect(await settling.typesOf(name, log)).toEqual([
        ...['SwapRequested', 'RequestConfirmed', 'RequestFinalized'],
      ]);
    }
    expect(await parkedNow()).toBe(0);
  });

  it('is done also where a turn is in hand for longer than a lock may be waited for', async () => {
    isMended = true;
    await settling.stop();
    const epoch = async (): Promise<number> => {
      const found = 'SELECT epoch FROM leases.leases WHERE name = $1';
      return Number((await settling.pool.query<{ epoch: string }>(found, [process])).rows[0]?.epoch);
    };
    const turn = await settling.pool.connect();
    await turn.query('BEGIN');
    await turn.query('SELECT FROM leases.leases WHERE name = $1 FOR KEY SHARE', [process]);
    const before = await epoch();
    const impatient = settling.openPool({ lock_timeout: 100 });
    const retried = retryParkedByProcess(impatient, parked, noted);
    retried.catch(() => undefined); // told where it is awaited
    try {
      // Twice tried in vain; who leads has begun no turn since the first.
      await eventually(async () => expect(await epoch()).toBeGreaterThan(before + 1));
      expect(await parkedNow()).toBe(1);
    } finally {
      await turn.query('COMMIT');
      turn.release();
    }
    await retried;
    expect(await parkedNow()).toBe(0);
    settling.start({ log: breakingOn(log) });
    await settling.ended('one', 'RequestConfirmed', log);
  });

  it('is parked again where our code breaks on it still', async () => {
    await retry();
    expect(note.noted).toBeGreaterThan(0);
    await eventually(async () => expect(await isParkedByProcess(settling.pool, parked)).toBe(true));
    await settling.settled(log);
    expect(await settling.typesOf('one', log)).toEqual(['SwapRequested']);
  });

  it('is left out for good once it is skipped, however often the log is gone over, and by any database', async () => {
    const operationId = randomUUID();
    await log.append(operationStream(operationId), skipInLog(operationId), 'no_stream');
    await skipParkedByProcess(settling.pool, { ...parked, operationId }, noted);
    expect(await parkedNow()).toBe(0);
    isMended = true;
    await settling.stop();
    await settling.forgetAll();
    await settling.pool.query('TRUNCATE processes.skipped'); // as in a database of its own, which has the log alone
    settling.start({ log: breakingOn(log) });
    await settling.tell([finalized(10)], log);
    await settling.ended('other', 'RequestFinalized', log);
    await settling.settled(log);
    expect(await settling.typesOf('one', log)).toEqual(['SwapRequested']);
    expect(await parkedNow()).toBe(0);
  });

  it('is left out for good where it is an expiry, whenever it is tried and however often the log is gone over', async () => {
    const failing: MemoryEventStore = Object.create(log, {
      append: {
        value: (...[stream, events, expected]: Parameters<EventStore['append']>) =>
          events.some(({ type }) => type === 'RequestExpired')
            ? Promise.reject(new TypeError('ours'))
            : log.append(stream, events, expected),
      },
    });
    await settling.stop();
    settling.start({ log: failing });
    await settling.tell([swapRequested('late'), submitted('late', 'u')], log);
    settling.now = DEADLINE + 10 * GRACE_MS;
    await settling.tell([ingested('b', 11, DEADLINE / 1_000 + 1)], log);
    const stream = requestStream(id('late'));
    const found = `SELECT cause_id FROM processes.parked WHERE type = 'ExpireRequest' AND stream = $1`;
    const expiries = async () => (await settling.pool.query<{ cause_id: string }>(found, [stream])).rows;
    await eventually(async () => expect(await expiries()).toHaveLength(1));
    const causeId = (await expiries())[0]?.cause_id ?? '';
    const expiry = { process, stream, type: 'ExpireRequest', causeId };
    await skipParkedByProcess(settling.pool, { ...expiry, operationId: randomUUID() }, noted);
    await settling.stop();
    await settling.forgetAll();
    settling.now += 1_000_000;
    settling.start({ log });
    await settling.settled(log);
    const givenUp = 'SELECT FROM processes.requests WHERE NOT open';
    await eventually(async () => expect((await settling.pool.query(givenUp)).rowCount).toBe(1));
    expect(await settling.typesOf('late', log)).toEqual(['SwapRequested', 'RequestSubmitted']);
    expect(await expiries()).toEqual([]);
  });

  const skipInLog = (operationId: string): readonly NewEvent[] => {
    const at = '2026-01-01T00:00:00.000Z';
    const metadata = { correlationId: operationId, causationId: null, actor: 'operator:ada' };
    const subject = `PROCESS/${process}/${parked.stream}/${parked.type}/${parked.causeId}`;
    const asked = { kind: 'SKIP_PARKED_EVENT', subject, requestedBy: 'operator:ada', reason: 'Nobody’s' };
    return [
      {
        ...{ id: id('asked'), type: 'OperationRequested', version: 2, metadata },
        data: { operationId, ...asked, at },
      },
      {
        ...{ id: id('done'), type: 'OperationCompleted', version: 1, metadata },
        data: { operationId, result: [], at },
      },
    ];
  };
});

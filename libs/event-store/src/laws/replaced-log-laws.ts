import { type EventStore, LogMismatchError, type RecordedEvent } from '@abland/kernel';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '@abland/testing';
import { collect, idsOf, sampleEvents } from './sample-events.js';

export interface ReplaceableLog {
  /** As a program opens it, in a process of its own. */
  readonly open: () => Promise<EventStore>;
  /** Puts an empty log in its place, under whoever has it open. */
  readonly replace: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** What holds where a log is emptied, or another is put in its place, under a running system. */
export function describeReplacedLogLaws(adapter: string, start: () => Promise<ReplaceableLog>): void {
  describe(`laws of a log that is replaced while it is open: ${adapter}`, () => {
    let log: ReplaceableLog;
    let store: EventStore;
    const opened: EventStore[] = [];
    const open = async (): Promise<EventStore> => {
      const another = await log.open();
      opened.push(another);
      return another;
    };
    beforeEach(async () => {
      log = await start();
      store = await open();
    });
    afterEach(async () => {
      for (const each of opened.splice(0)) await each.close();
      await log.close();
    });

    /** What is repeated while the server comes back. */
    const outcome = async (act: () => Promise<unknown>): Promise<unknown> => {
      let told: unknown;
      await eventually(async () => {
        told = await act().catch((error: unknown) => error);
        expect(told).not.toMatchObject({ code: 'EVENT_STORE_UNAVAILABLE' });
      });
      return told;
    };
    /** Another log, longer than the one before, in the same streams. */
    const replaceByLonger = async (): Promise<readonly string[]> => {
      await log.replace();
      const other = await open();
      const events = sampleEvents(20);
      await outcome(() => other.append('kept', events, 'no_stream'));
      return idsOf(events);
    };

    it.each(['no_stream', 'any', 0n] as const)(
      'writes nothing into a log that was emptied, expecting %s',
      async (expected) => {
        await store.append('kept', sampleEvents(3), 'no_stream');
        await log.replace();
        for (let time = 0; time < 2; time += 1) {
          const told = await outcome(() => store.append('fresh', sampleEvents(2), expected));
          expect(told).toBeInstanceOf(LogMismatchError);
        }
        expect(await collect((await open()).readAll())).toEqual([]);
      },
    );

    it('writes nothing into another log, though it is longer and has the same streams', async () => {
      await store.append('kept', sampleEvents(3), 'no_stream');
      const there = await replaceByLonger();
      for (const [stream, expected] of [
        ['kept', 2n],
        ['kept', 19n],
        ['fresh', 'no_stream'],
      ] as const) {
        const told = await outcome(() => store.append(stream, sampleEvents(1), expected));
        expect(told).toBeInstanceOf(LogMismatchError);
      }
      expect(idsOf(await collect((await open()).readAll()))).toEqual(there);
    });

    it('writes nothing where what it knows of the log is what it only read', async () => {
      await (await open()).append('kept', sampleEvents(3), 'no_stream');
      await store.head();
      await log.replace();
      const told = await outcome(() => store.append('fresh', sampleEvents(1), 'no_stream'));
      expect(told).toBeInstanceOf(LogMismatchError);
    });

    it('says of its head that the log is another, as long as it is', async () => {
      await store.append('kept', sampleEvents(3), 'no_stream');
      await log.replace();
      expect(await outcome(() => store.head())).toBeInstanceOf(LogMismatchError);
      const other = await open();
      await outcome(() => other.append('kept', sampleEvents(20), 'no_stream'));
      expect(await outcome(() => store.head())).toBeInstanceOf(LogMismatchError);
      expect(await outcome(() => store.head())).toBeInstanceOf(LogMismatchError);
    });

    it.each(['emptied', 'replaced by a longer one'])(
      'stops those who follow a log that is %s, and tells them nothing of the other',
      async (how) => {
        await store.append('kept', sampleEvents(3), 'no_stream');
        const seen: RecordedEvent[] = [];
        const followed = (async () => {
          for await (const { events } of store.subscribeToAll({ signal: new AbortController().signal }))
            seen.push(...events);
        })();
        const stopped = expect(followed).rejects.toThrow(LogMismatchError);
        await eventually(() => expect(seen).toHaveLength(3));
        if (how === 'emptied') await log.replace();
        else await replaceByLonger();
        await stopped;
        expect(seen).toHaveLength(3);
      },
    );
  });
}

import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type ConsumeOptions,
  type Json,
  type LogMessage,
  type LogStream,
  MESSAGE_BYTES_MAX,
} from '@abland/kernel';
import { until } from '@abland/testing/eventually';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { InvalidMessageError, MessageTooLargeError } from '../messages/message-values.js';
import { LogStreamOffsetError, StreamFencedError } from '../messages/errors.js';

/** Two streams to the same topics, as of two programs. */
export interface LogStreamsUnderTest {
  readonly stream: LogStream;
  readonly other: LogStream;
  close(): Promise<void>;
}

/** What holds for every log stream, whatever it stores in. */
export function describeLogStreamLaws(adapter: string, open: () => Promise<LogStreamsUnderTest>): void {
  describe(`log stream laws: ${adapter}`, () => {
    let opened: LogStreamsUnderTest;
    const stream = (): LogStream => opened.stream;
    const other = (): LogStream => opened.other;
    const newTopic = (): string => `topic-${randomUUID()}`;
    beforeAll(async () => {
      opened = await open();
    });
    afterAll(async () => {
      await opened.close();
    });

    async function consumeUntil(
      topic: string,
      count: number,
      options: Omit<ConsumeOptions, 'signal'> = {},
    ): Promise<LogMessage[]> {
      const abort = new AbortController();
      const seen: LogMessage[] = [];
      for await (const batch of stream().consume(topic, { ...options, signal: abort.signal })) {
        seen.push(...batch);
        if (seen.length >= count) abort.abort();
      }
      return seen;
    }
    const valuesOf = (messages: readonly LogMessage[]): Json[] => messages.map(({ value }) => value);
    const numbers = (from: number, count: number): number[] =>
      Array.from({ length: count }, (_, i) => from + i);

    it('gives messages growing offsets and tells the last one', async () => {
      const topic = newTopic();
      expect(await stream().last(topic)).toBeNull();
      const first = await stream().publish(topic, ['a', 'b']);
      const second = await stream().publish(topic, [{ c: [1, null, true, 'é\n'] }]);
      expect(second).toBeGreaterThan(first);
      expect(await stream().last(topic)).toEqual({ offset: second, value: { c: [1, null, true, 'é\n'] } });
    });

    it('delivers what is there and then what comes, in order', async () => {
      const topic = newTopic();
      await stream().publish(topic, numbers(0, 30));
      const consuming = consumeUntil(topic, 60, { batchSize: 7 });
      for (const value of numbers(30, 30)) await stream().publish(topic, [value]);
      const seen = await consuming;
      expect(valuesOf(seen)).toEqual(numbers(0, 60));
      for (const [index, { offset }] of seen.entries()) {
        if (index > 0) expect(offset).toBeGreaterThan(seen[index - 1]?.offset ?? 0n);
      }
    });

    it('tells of each look for what is new, though nothing is', async () => {
      const topic = newTopic();
      const after = await stream().publish(topic, [1]);
      const abort = new AbortController();
      let looks = 0;
      const onLook = (): void => {
        looks += 1;
        if (looks > 2) abort.abort();
      };
      const seen: LogMessage[] = [];
      for await (const batch of stream().consume(topic, { after, onLook, signal: abort.signal }))
        seen.push(...batch);
      expect(seen).toEqual([]);
      expect(looks).toBe(3);
    });

    it('delivers to each consumer, from the offset that it asks for', async () => {
      const topic = newTopic();
      const third = await stream().publish(topic, [1, 2, 3]);
      await stream().publish(topic, [4, 5]);
      const [all, rest] = await Promise.all([
        consumeUntil(topic, 5),
        consumeUntil(topic, 2, { after: third }),
      ]);
      expect(valuesOf(all)).toEqual([1, 2, 3, 4, 5]);
      expect(valuesOf(rest)).toEqual([4, 5]);
    });

    it('keeps topics apart', async () => {
      const [one, other] = [newTopic(), newTopic()];
      await stream().publish(one, ['one']);
      await stream().publish(other, ['other']);
      expect(valuesOf(await consumeUntil(one, 1))).toEqual(['one']);
      expect((await stream().last(other))?.value).toBe('other');
    });

    it('delivers a live message when it comes, not when it would look again', async () => {
      const topic = newTopic();
      const after = await stream().publish(topic, [0]);
      const abort = new AbortController();
      const delays: number[] = [];
      const consuming = (async () => {
        for await (const batch of stream().consume(topic, { after, signal: abort.signal }))
          delays.push(...batch.map(({ value }) => performance.now() - Number(value)));
      })();
      for (let index = 0; index < 9; index += 1) {
        await stream().publish(topic, [performance.now()]);
        await until(() => delays.length > index);
      }
      abort.abort();
      await consuming;
      // Whoever finds messages by looking does so once a second, and has just looked.
      expect(delays.sort((a, b) => a - b)[4]).toBeLessThan(800);
    });

    it('lets go of old messages but for the newest, and offsets go on growing', async () => {
      const topic = newTopic();
      const first = await stream().publish(topic, [1]);
      const third = await stream().publish(topic, [2, 3]);
      await stream().trim(topic, first);
      expect(valuesOf(await consumeUntil(topic, 2))).toEqual([2, 3]);
      await stream().trim(topic, third);
      expect(await stream().last(topic)).toEqual({ offset: third, value: 3 });
      expect(await stream().publish(topic, [4])).toBeGreaterThan(third);
      expect(valuesOf(await consumeUntil(topic, 1, { after: third }))).toEqual([4]);
    });

    it('refuses an offset whose successors were trimmed or that was never given', async () => {
      const topic = newTopic();
      const last = await stream().publish(topic, [1, 2, 3, 4]);
      await stream().trim(topic, last - 1n);
      await expect(consumeUntil(topic, 1, { after: last - 3n })).rejects.toThrow(LogStreamOffsetError);
      await expect(consumeUntil(topic, 1, { after: last + 100n })).rejects.toThrow(LogStreamOffsetError);
    });

    it('tells of each consumer how far it is behind, for as long as it runs', async () => {
      const topic = newTopic();
      await stream().publish(topic, numbers(0, 6));
      const lags: (bigint | null)[] = [];
      const standing = () =>
        stream()
          .readers()
          .filter((reader) => reader.topic.endsWith(topic));
      const abort = new AbortController();
      for await (const batch of stream().consume(topic, { batchSize: 2, signal: abort.signal })) {
        expect(batch).toHaveLength(2);
        lags.push(...standing().map(({ lag }) => lag));
        if (lags.length === 3) abort.abort();
      }
      expect(lags).toEqual([4n, 2n, 0n]);
      expect(standing()).toEqual([]);
    });

    it('ends when the signal aborts while it waits', async () => {
      const abort = new AbortController();
      const ended = (async () => {
        for await (const batch of stream().consume(newTopic(), { signal: abort.signal })) {
          expect(batch).toEqual([]);
        }
      })();
      await sleep(50);
      abort.abort();
      await ended;
    });

    describe('of several publishers', () => {
      it('takes nothing of a lower epoch once a higher one has claimed, and delivers none of it', async () => {
        const topic = newTopic();
        await stream().claim(topic, 4n);
        await stream().publish(topic, [1, 2], { epoch: 4n });
        await other().claim(topic, 7n);
        await expect(stream().publish(topic, ['late'], { epoch: 4n })).rejects.toThrow(StreamFencedError);
        await expect(stream().publish(topic, ['later'], { epoch: 4n })).rejects.toThrow(StreamFencedError);
        await expect(stream().claim(topic, 4n)).rejects.toThrow(StreamFencedError);
        const third = await other().publish(topic, [3], { epoch: 7n });
        expect(valuesOf(await consumeUntil(topic, 3))).toEqual([1, 2, 3]);
        expect(await stream().last(topic)).toEqual({ offset: third, value: 3 });
      });

      it('takes nothing of a former claimant of the same epoch', async () => {
        const topic = newTopic();
        await stream().claim(topic, 2n);
        await stream().publish(topic, [1], { epoch: 2n });
        await other().claim(topic, 2n);
        await expect(stream().publish(topic, ['late'], { epoch: 2n })).rejects.toMatchObject({
          code: 'LOG_STREAM_FENCED',
          failureClass: 'LATER',
        });
        await other().publish(topic, [2], { epoch: 2n });
        await stream().claim(topic, 2n);
        await stream().publish(topic, [3], { epoch: 2n });
        expect(valuesOf(await consumeUntil(topic, 3))).toEqual([1, 2, 3]);
      });

      it('claims where nobody did before it publishes', async () => {
        const topic = newTopic();
        await stream().publish(topic, [1], { epoch: 3n });
        await expect(other().publish(topic, [2], { epoch: 2n })).rejects.toThrow(StreamFencedError);
        await expect(other().publish(topic, [2])).rejects.toThrow(StreamFencedError);
        await other().publish(topic, [2], { epoch: 4n });
        expect(valuesOf(await consumeUntil(topic, 2))).toEqual([1, 2]);
      });

      it('is empty, and waits, after a claim alone', async () => {
        const topic = newTopic();
        await stream().claim(topic, 1n);
        expect(await other().last(topic)).toBeNull();
        const consuming = consumeUntil(topic, 1);
        await sleep(50);
        await stream().publish(topic, ['first'], { epoch: 1n });
        expect(valuesOf(await consuming)).toEqual(['first']);
      });

      it('delivers from an offset on what a later epoch published, and nothing else', async () => {
        const topic = newTopic();
        const second = await stream().publish(topic, [1, 2], { epoch: 1n });
        await other().publish(topic, [3, 4], { epoch: 2n });
        await stream()
          .publish(topic, ['late'], { epoch: 1n })
          .catch(() => undefined);
        const fifth = await other().publish(topic, [5], { epoch: 2n });
        expect(valuesOf(await consumeUntil(topic, 3, { after: second }))).toEqual([3, 4, 5]);
        expect((await stream().last(topic))?.offset).toBe(fifth);
      });
    });

    it('takes a message of the largest size, many of them in one batch of bounded size, and none that is larger', async () => {
      const topic = newTopic();
      const largest = 'x'.repeat(MESSAGE_BYTES_MAX - 2); // two quotes
      await stream().publish(topic, [1, largest, largest, largest, 2]);
      const batches: Json[][] = [];
      const abort = new AbortController();
      for await (const batch of stream().consume(topic, { signal: abort.signal })) {
        batches.push(batch.map(({ value }) => (value === largest ? 'largest' : value)));
        if (batches.flat().length === 5) abort.abort();
      }
      expect(batches.flat()).toEqual([1, 'largest', 'largest', 'largest', 2]);
      expect(batches.length).toBeGreaterThan(1);
      const tooLarge = stream().publish(topic, ['fits', `${largest}é`]);
      await expect(tooLarge).rejects.toThrow(MessageTooLargeError);
      await expect(tooLarge).rejects.toMatchObject({
        failureClass: 'LESS',
        details: { field: 'values[1]', bytesMax: MESSAGE_BYTES_MAX },
      });
      expect((await stream().last(topic))?.value).toBe(2);
    });

    it.each<[string, string | null, readonly unknown[]]>([
      ['nothing', null, []],
      ['to a topic without a name', '', [1]],
      ['a value that JSON cannot hold', null, [undefined]],
      ['a bigint', null, [{ amount: 1n }]],
    ])('refuses to publish %s', async (_, name, values) => {
      await expect(stream().publish(name ?? newTopic(), values as Json[])).rejects.toThrow(
        InvalidMessageError,
      );
    });
  });
}

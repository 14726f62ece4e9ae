import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ConsumeOptions, Json, LogMessage, LogStream } from '@abland/kernel';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { LogStreamOffsetError } from '../messages/stream-errors.js';
import { InvalidMessageError } from '../messages/message-values.js';

/** What holds for every log stream, whatever it stores in. */
export function describeLogStreamLaws(
  adapter: string,
  open: () => Promise<{ readonly stream: LogStream; readonly close: () => Promise<void> }>,
): void {
  describe(`log stream laws: ${adapter}`, () => {
    let opened: Awaited<ReturnType<typeof open>>;
    const stream = (): LogStream => opened.stream;
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

    it('delivers a live message within milliseconds', async () => {
      const topic = newTopic();
      const consuming = (async () => {
        const abort = new AbortController();
        const delays: number[] = [];
        for await (const batch of stream().consume(topic, { signal: abort.signal })) {
          delays.push(...batch.map(({ value }) => performance.now() - Number(value)));
          if (delays.length >= 15) abort.abort();
        }
        return delays.sort((a, b) => a - b);
      })();
      await sleep(200);
      for (let index = 0; index < 15; index += 1) {
        await stream().publish(topic, [performance.now()]);
        await sleep(20);
      }
      expect((await consuming)[7]).toBeLessThan(50);
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

import { setTimeout as sleep } from 'node:timers/promises';
import { type AblandError, type Logger, type LogMessage, silentLogger } from '@abland/kernel';
import { until } from '@abland/testing/eventually';
import { installKafka, KafkaCluster } from '@abland/testing/kafka';
import { afterEach, describe, expect, it } from '@jest/globals';
import { KafkaClient } from './client/kafka-client.js';
import type { KafkaConnection } from './client/kafka-connection.js';
import { KafkaLogStream } from './kafka-log-stream.js';

const TOPIC = 'numbers';
const PREFIX = 'kills.';
const TEST_MS = 300_000;

/**
 * Publishes numbers as a publisher of a chain does: after a failure it claims again, looks where the stream ends, and goes on from
 * there. A consumer reads along and keeps its own place.
 */
describe('a real Kafka whose brokers are killed', () => {
  let cluster: KafkaCluster | null = null;
  const streams: KafkaLogStream[] = [];

  afterEach(async () => {
    await Promise.all(streams.splice(0).map((stream) => stream.close()));
    await cluster?.remove();
    cluster = null;
  });

  async function start(nodes: number): Promise<KafkaCluster> {
    cluster = await KafkaCluster.start({ jars: await installKafka(), nodes });
    return cluster;
  }
  const connectionTo = ({ brokers }: KafkaCluster): KafkaConnection => ({
    ...{ brokers, topicPrefix: PREFIX, tls: null, sasl: null },
  });
  function open(to: KafkaCluster, logger: Logger = silentLogger): KafkaLogStream {
    const stream = new KafkaLogStream(connectionTo(to), logger);
    streams.push(stream);
    return stream;
  }

  /** Numbers up to a count, in groups, from wherever the stream ends; returns how often it had to begin again. */
  async function publishUpTo(
    stream: KafkaLogStream,
    count: number,
    size: number,
    onNumber: (number: number) => void = () => undefined,
  ): Promise<number> {
    for (let failures = 0; ; failures += 1) {
      try {
        await stream.claim(TOPIC, 1n);
        let next = Number((await stream.last(TOPIC))?.value ?? -1) + 1;
        while (next < count) {
          const group = Array.from({ length: Math.min(size, count - next) }, (_, index) => next + index);
          await stream.publish(TOPIC, group, { epoch: 1n });
          next += group.length;
          onNumber(next);
        }
        return failures;
      } catch (error) {
        expect((error as AblandError).failureClass).toBe('LATER');
        await sleep(200);
      }
    }
  }

  /** In the order of delivery, without what was delivered again. */
  async function consume(stream: KafkaLogStream, count: number): Promise<number[]> {
    const seen: number[] = [];
    let after: bigint | null = null;
    const abort = new AbortController();
    const take = ({ offset, value }: LogMessage): void => {
      if (after !== null && offset <= after) return;
      after = offset;
      seen.push(Number(value));
    };
    for await (const batch of stream.consume(TOPIC, { signal: abort.signal })) {
      batch.forEach(take);
      if (seen.at(-1) === count - 1) abort.abort();
    }
    return seen;
  }
  const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index);
  const once = (at: number, act: () => void): ((number: number) => void) => {
    let done = false;
    return (number) => {
      if (done || number < at) return;
      done = true;
      act();
    };
  };

  it(
    'delivers 10,000 messages once and in order though its only broker is killed and started again, and says once that it waits (kafkajs#353, kafkajs#598)',
    async () => {
      const own = await start(1);
      const warnings: string[] = [];
      const logger: Logger = {
        ...silentLogger,
        warn: (_fields, text) => void warnings.push(text),
        child: () => logger,
      };
      let back: Promise<void> | null = null;
      const killed = once(5_000, () => {
        back = own.kill(1).then(() => own.startNode(1));
      });
      const waits = (): number => warnings.filter((text) => text.includes('wait for the log stream')).length;
      const consuming = consume(open(own, logger), 10_000);
      await until(() => waits() === 1); // for the topic
      await publishUpTo(open(own), 10_000, 5, killed);
      expect(await consuming).toEqual(numbers(10_000));
      expect(back).not.toBeNull();
      await back;
      expect(waits()).toBe(2); // for the broker too
    },
    TEST_MS,
  );

  it(
    'delivers messages once and in order while the leader of three brokers is killed, and then the next one',
    async () => {
      const own = await start(3);
      const backs: Promise<void>[] = [];
      const killLeader = async (): Promise<void> => {
        const leader = await leaderOf(own);
        await own.kill(leader);
        await own.startNode(leader);
      };
      const consuming = consume(open(own), 6_000);
      const first = once(1_500, () => backs.push(killLeader()));
      const second = once(4_000, () => backs.push((backs[0] ?? Promise.resolve()).then(killLeader)));
      await publishUpTo(open(own), 6_000, 3, (number) => {
        first(number);
        second(number);
      });
      expect(await consuming).toEqual(numbers(6_000));
      await Promise.all(backs);
      expect(backs).toHaveLength(2);
    },
    TEST_MS,
  );

  it(
    'delivers messages once and in order though the broker freezes for longer than a request is waited for',
    async () => {
      const own = await start(1);
      let thawed: Promise<void> | null = null;
      const frozen = once(300, () => {
        own.freeze(1);
        thawed = sleep(45_000).then(() => own.thaw(1));
      });
      const consuming = consume(open(own), 600);
      const failures = await publishUpTo(open(own), 600, 2, frozen);
      await thawed;
      expect(await consuming).toEqual(numbers(600));
      expect(failures).toBeGreaterThan(0);
    },
    TEST_MS,
  );

  it(
    'gives up for the moment, with a failure that may pass, where no broker is there, and throws nothing to nobody (kafkajs#1686)',
    async () => {
      const own = await start(1);
      const stream = open(own);
      await stream.publish(TOPIC, [0], { epoch: 1n });
      await own.kill(1);
      const thrown: unknown[] = [];
      const keep = (error: unknown): void => void thrown.push(error);
      process.on('unhandledRejection', keep).on('uncaughtException', keep);
      const refusal = { code: 'LOG_STREAM_UNAVAILABLE', failureClass: 'LATER' };
      await expect(stream.publish(TOPIC, [1], { epoch: 1n })).rejects.toMatchObject(refusal);
      await expect(stream.last(TOPIC)).rejects.toMatchObject(refusal);
      await expect(stream.claim(TOPIC, 1n)).rejects.toMatchObject(refusal);
      await stream.close();
      await sleep(3_000);
      process.off('unhandledRejection', keep).off('uncaughtException', keep);
      expect(thrown).toEqual([]);
    },
    TEST_MS,
  );

  async function leaderOf(of: KafkaCluster): Promise<number> {
    const client = new KafkaClient(connectionTo(of), silentLogger);
    const admin = client.admin();
    try {
      await admin.connect();
      const { topics } = await admin.fetchTopicMetadata({ topics: [`${PREFIX}${TOPIC}`] });
      return topics[0]?.partitions[0]?.leader ?? 1;
    } finally {
      client.close();
    }
  }
});

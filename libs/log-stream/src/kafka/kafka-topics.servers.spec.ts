import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Json, type LogMessage, silentLogger } from '@abland/kernel';
import { until } from '@abland/testing/eventually';
import { installKafka, KafkaCluster } from '@abland/testing/kafka';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Admin, Message, Producer } from 'kafkajs';
import { LogStreamOffsetError } from '../messages/errors.js';
import { KafkaClient } from './client/kafka-client.js';
import { kafkajs } from './client/kafkajs.js';
import type { KafkaConnection } from './client/kafka-connection.js';
import { KafkaLogStream } from './kafka-log-stream.js';

const PREFIX = 'trial.';

describe('topics of a real Kafka', () => {
  let cluster: KafkaCluster;
  let connection: KafkaConnection;
  let client: KafkaClient;
  let admin: Admin;
  let stranger: Producer;
  let stream: KafkaLogStream;
  let topic: string;

  beforeAll(async () => {
    cluster = await KafkaCluster.start({ jars: await installKafka() });
    connection = { brokers: cluster.brokers, topicPrefix: PREFIX, tls: null, sasl: null };
    client = new KafkaClient(connection, silentLogger);
    [admin, stranger] = [client.admin(), client.producer()];
    await admin.connect();
    await stranger.connect();
    stream = new KafkaLogStream(connection, silentLogger);
  }, 300_000);
  afterAll(async () => {
    await stream.close();
    client.close();
    await cluster.remove();
  });
  beforeEach(() => {
    topic = `topic-${randomUUID()}`;
  });

  async function consumed(count: number, after?: bigint): Promise<LogMessage[]> {
    const abort = new AbortController();
    const seen: LogMessage[] = [];
    const options = { ...(after === undefined ? {} : { after }), signal: abort.signal };
    for await (const batch of stream.consume(topic, options)) {
      seen.push(...batch);
      if (seen.length >= count) abort.abort();
    }
    return seen;
  }
  const valuesOf = async (count: number): Promise<Json[]> =>
    (await consumed(count)).map(({ value }) => value);
  const writesTo = (messages: Message[]): Promise<unknown> =>
    stranger.send({ topic: `${PREFIX}${topic}`, acks: -1, messages });
  const settingsOf = async (...names: string[]): Promise<Record<string, string>> => {
    const { resources } = await admin.describeConfigs({
      includeSynonyms: false,
      resources: [{ type: kafkajs.ConfigResourceTypes.TOPIC, name: `${PREFIX}${topic}`, configNames: names }],
    });
    return Object.fromEntries(
      (resources[0]?.configEntries ?? []).map(({ configName, configValue }) => [configName, configValue]),
    );
  };
  const alter = async (name: string, value: string): Promise<void> => {
    await admin.alterConfigs({
      validateOnly: false,
      resources: [
        {
          type: kafkajs.ConfigResourceTypes.TOPIC,
          name: `${PREFIX}${topic}`,
          configEntries: Object.entries({
            ...{ 'max.message.bytes': '5000000', 'compression.type': 'uncompressed' },
            [name]: value,
          }).map(([key, to]) => ({ name: key, value: to })),
        },
      ],
    });
    // It is acknowledged before every part of the broker knows.
    await until(async () => (await settingsOf(name))[name] === value);
  };

  it('makes a topic that is missing under its prefix, so that nothing of it is lost', async () => {
    await stream.publish(topic, ['first'], { epoch: 1n });
    expect(await settingsOf('cleanup.policy', 'retention.ms', 'unclean.leader.election.enable')).toEqual({
      'cleanup.policy': 'delete',
      'retention.ms': '-1',
      'unclean.leader.election.enable': 'false',
    });
  });

  it('waits for a topic that is missing, and reads it once it is there', async () => {
    const consuming = consumed(1);
    await sleep(300);
    const other = new KafkaLogStream(connection, silentLogger);
    await other.publish(topic, ['came later'], { epoch: 1n });
    expect((await consuming).map(({ value }) => value)).toEqual(['came later']);
    await other.close();
  });

  it.each([
    ['cleanup.policy', 'compact'],
    ['retention.ms', '3600000'],
    ['retention.bytes', '1000000'],
    ['max.message.bytes', '1048588'],
    ['unclean.leader.election.enable', 'true'],
    ['compression.type', 'zstd'],
  ])('refuses a topic with %s=%s, by the name of both, to publisher and consumer', async (setting, value) => {
    const maker = new KafkaLogStream(connection, silentLogger);
    await maker.publish(topic, ['fine']);
    await maker.close();
    await alter(setting, value);
    const fresh = new KafkaLogStream(connection, silentLogger);
    const refusal = {
      code: 'LOG_STREAM_TOPIC_MISCONFIGURED',
      failureClass: 'WRONG',
      details: { topic: `${PREFIX}${topic}`, setting, value },
    };
    await expect(fresh.claim(topic, 1n)).rejects.toMatchObject(refusal);
    await expect(consumed(1)).rejects.toMatchObject(refusal);
    await fresh.close();
  });

  it('refuses a topic of several partitions: it has no order', async () => {
    await admin.createTopics({ topics: [{ topic: `${PREFIX}${topic}`, numPartitions: 3 }] });
    await expect(stream.claim(topic, 1n)).rejects.toMatchObject({
      details: { setting: 'partitions', value: '3', wanted: '1' },
    });
  });

  it('tells a reader whose messages retention took that they are gone', async () => {
    const third = await stream.publish(topic, [1, 2, 3], { epoch: 1n });
    await stream.publish(topic, [4, 5], { epoch: 1n });
    const name = `${PREFIX}${topic}`;
    await admin.fetchTopicOffsets(name); // else it knows no leader
    await admin.deleteTopicRecords({
      topic: name,
      partitions: [{ partition: 0, offset: String(third + 2n) }],
    });
    await expect(consumed(1, third - 1n)).rejects.toThrow(LogStreamOffsetError);
    expect(await valuesOf(1)).toEqual([5]);
  });

  it('tells a reader whose topic was made anew, shorter, that its place is gone', async () => {
    const last = await stream.publish(topic, [1, 2, 3, 4, 5]);
    await admin.deleteTopics({ topics: [`${PREFIX}${topic}`] });
    const other = new KafkaLogStream(connection, silentLogger);
    // It is acknowledged before every part of the broker knows.
    await until(async () => !(await admin.listTopics()).includes(`${PREFIX}${topic}`));
    await other.publish(topic, ['new']);
    await expect(consumed(1, last)).rejects.toThrow(LogStreamOffsetError);
    expect((await stream.last(topic))?.value).toBe('new');
    await other.close();
  });

  it('lets go of what no publisher of ours wrote, whatever it is, and delivers the rest', async () => {
    await stream.publish(topic, [1], { epoch: 1n });
    await writesTo([
      { value: 'not JSON' },
      { value: '{"kind":"block"}' },
      { value: null },
      { value: '2', headers: { abland: '1 value 9' } },
      { value: '2', headers: { abland: ['1 value 9 1 1', '1 value 9 1 1'] } },
      { value: '2', headers: { other: 'x' } },
      { value: Buffer.alloc(900_000, 0xff), key: 'huge' },
      { value: null, headers: { abland: '1 value 9 1 1' } },
    ]);
    await stream.publish(topic, [2], { epoch: 1n });
    expect(await valuesOf(2)).toEqual([1, 2]);
    expect((await stream.last(topic))?.value).toBe(2);
  });

  it('skips what a transaction of a stranger leaves behind, and its markers (kafkajs#403)', async () => {
    await stream.publish(topic, [1], { epoch: 1n });
    const own = new KafkaClient(connection, silentLogger);
    const transactional = new kafkajs.Kafka({ brokers: [...cluster.brokers], logLevel: 0 }).producer({
      transactionalId: topic,
      maxInFlightRequests: 1,
      idempotent: true,
      createPartitioner: () => () => 0,
    });
    await transactional.connect();
    for (const ends of ['commit', 'abort'] as const) {
      const transaction = await transactional.transaction();
      await transaction.send({ topic: `${PREFIX}${topic}`, messages: [{ value: ends }] });
      await transaction[ends]();
    }
    await transactional.disconnect();
    own.close();
    const second = await stream.publish(topic, [2], { epoch: 1n });
    expect(await valuesOf(2)).toEqual([1, 2]);
    expect(await stream.last(topic)).toEqual({ offset: second, value: 2 });
  });

  it('stops, with a typed error and the offset, at a message that bears our mark and cannot be read', async () => {
    await stream.publish(topic, [1], { epoch: 1n });
    await writesTo([{ value: '{"cut', headers: { abland: '1 value 1 1 999999999' } }]);
    const seen: Json[] = [];
    const reading = async (): Promise<void> => {
      for await (const batch of stream.consume(topic, { signal: new AbortController().signal }))
        seen.push(...batch.map(({ value }) => value));
    };
    await expect(reading()).rejects.toMatchObject({
      ...{ code: 'LOG_STREAM_MESSAGE_DAMAGED', failureClass: 'WRONG' },
      details: { offset: '2' },
    });
    expect(seen).toEqual([1]);
  });

  it('drops what a publisher sent that had been followed, though the broker took it', async () => {
    await stream.publish(topic, [1], { epoch: 1n });
    const next = new KafkaLogStream(connection, silentLogger);
    await next.claim(topic, 2n);
    // As a request that hung on a connection while another took over.
    await writesTo([{ value: '"late"', headers: { abland: '1 value 1 1 5' } }]);
    await next.publish(topic, [2], { epoch: 2n });
    await writesTo([{ value: '"later"', headers: { abland: '1 value 2 0 5' } }]);
    expect(await valuesOf(2)).toEqual([1, 2]);
    expect((await stream.last(topic))?.value).toBe(2);
    const fresh = new KafkaLogStream(connection, silentLogger);
    expect((await fresh.last(topic))?.value).toBe(2);
    await Promise.all([next.close(), fresh.close()]);
  });
});

import { randomUUID } from 'node:crypto';
import { silentLogger } from '@abland/kernel';
import { installKafka, KAFKA_USER, KafkaCluster } from '@abland/testing/kafka';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { describeLogStreamLaws, type LogStreamsUnderTest } from '../laws/log-stream-laws.js';
import type { KafkaConnection } from './client/kafka-connection.js';
import { KafkaLogStream } from './kafka-log-stream.js';

/** A broker that is there already, in place of one of our own. */
const THERE = process.env['KAFKA_BROKERS'];

const openingOn = (connection: KafkaConnection, end: () => Promise<void>): LogStreamsUnderTest => {
  const stream = new KafkaLogStream(connection, silentLogger);
  const other = new KafkaLogStream(connection, silentLogger);
  return {
    stream,
    other,
    close: async () => {
      await Promise.all([stream.close(), other.close()]);
      await end();
    },
  };
};

if (THERE === undefined) {
  describeLogStreamLaws('Kafka, one node', () => onOwnCluster(1));
  describeLogStreamLaws('Kafka, three nodes', () => onOwnCluster(3));
} else {
  const plain = { topicPrefix: `laws-${randomUUID()}.`, tls: null, sasl: null };
  describeLogStreamLaws(`Kafka at ${THERE}`, async () =>
    openingOn({ ...plain, brokers: THERE.split(',') }, () => Promise.resolve()),
  );
}

async function onOwnCluster(nodes: number): Promise<LogStreamsUnderTest> {
  const cluster = await KafkaCluster.start({ jars: await installKafka(), nodes });
  const { brokers } = cluster;
  const connection = { brokers, topicPrefix: 'laws.', tls: null, sasl: null };
  return openingOn(connection, () => cluster.remove());
}

(THERE === undefined ? describe : describe.skip)('Kafka, by SASL over TLS', () => {
  let cluster: KafkaCluster;
  beforeAll(async () => {
    cluster = await KafkaCluster.start({ jars: await installKafka(), secured: true });
  }, 300_000);
  afterAll(() => cluster.remove());

  const connection = (change: Partial<KafkaConnection> = {}): KafkaConnection => ({
    brokers: cluster.brokers,
    topicPrefix: 'laws.',
    tls: { ca: cluster.ca },
    sasl: { mechanism: 'scram-sha-512', ...KAFKA_USER },
    ...change,
  });
  const publishing = async (change: Partial<KafkaConnection>): Promise<unknown> => {
    const stream = new KafkaLogStream(connection(change), silentLogger);
    return stream.publish(`topic-${randomUUID()}`, [1]).finally(() => stream.close());
  };

  describeLogStreamLaws('Kafka, SASL over TLS', async () => openingOn(connection(), () => Promise.resolve()));

  it.each(['plain', 'scram-sha-256'] as const)('lets in by %s too', async (mechanism) => {
    await expect(publishing({ sasl: { mechanism, ...KAFKA_USER } })).resolves.toBeDefined();
  });

  it('says that it is refused with a wrong password, and does not try for ever', async () => {
    const sasl = { mechanism: 'scram-sha-512', username: 'abland', password: 'another' } as const;
    await expect(publishing({ sasl })).rejects.toMatchObject({ code: 'LOG_STREAM_REFUSED' });
  });

  it('says that the certificate is not one that it trusts', async () => {
    await expect(publishing({ tls: { ca: null } })).rejects.toMatchObject({ code: 'LOG_STREAM_REFUSED' });
  });
});

import { randomUUID } from 'node:crypto';
import { silentLogger } from '@abland/kernel';
import { KafkaLogStream } from '@abland/log-stream/kafka';
import { installKafka, KafkaCluster } from '@abland/testing/kafka';
import { describeTakeover } from './takeover-laws.fixture.js';

/** Brokers that are there already, in place of one of our own. */
const THERE = process.env['KAFKA_BROKERS'];

describeTakeover('its log stream on Kafka', async () => {
  const cluster = THERE === undefined ? await KafkaCluster.start({ jars: await installKafka() }) : null;
  const brokers = THERE?.split(',') ?? cluster?.brokers ?? [];
  const topicPrefix = `takeover-${randomUUID()}.`;
  const stream = new KafkaLogStream({ brokers, topicPrefix, tls: null, sasl: null }, silentLogger);
  return {
    stream,
    env: { KAFKA_BROKERS: brokers.join(','), KAFKA_TOPIC_PREFIX: topicPrefix },
    close: async () => {
      await stream.close();
      await cluster?.remove();
    },
  };
});

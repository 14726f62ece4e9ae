import { randomUUID } from 'node:crypto';
import { createTestDatabase } from '@abland/testing';
import { installKafka, KafkaCluster } from '@abland/testing/kafka';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Broker, simulate } from './simulate.js';

/** Brokers that are there already, in place of one of our own. */
const THERE = process.env['KAFKA_BROKERS'];
const SEEDS = [31, 32, 33];

describe('the whole way from a chain to the read models, through Kafka', () => {
  let cluster: KafkaCluster | null = null;
  beforeAll(async () => {
    if (THERE === undefined) cluster = await KafkaCluster.start({ jars: await installKafka() });
  }, 300_000);
  afterAll(() => cluster?.remove());

  const broker = (): Broker => ({
    connection: {
      brokers: THERE?.split(',') ?? cluster?.brokers ?? [],
      ...{ topicPrefix: `simulation-${randomUUID()}.`, tls: null, sasl: null },
    },
    disturb:
      cluster === null
        ? null
        : async () => {
            await cluster?.kill(1);
            await cluster?.startNode(1);
          },
  });

  it.each(SEEDS)(
    'is right through every fault that seed %i has, and a broker that is killed now and then',
    async (seed) => {
      const database = await createTestDatabase();
      const options = { seed, broker: broker(), patienceMs: 120_000, databaseUrl: database.url };
      const { glimpses, kills, reorgs, spoiled, violations } = await simulate(options).finally(() =>
        database.drop(),
      );
      expect(violations).toEqual([]);
      expect(Math.min(reorgs, kills, glimpses, spoiled.size)).toBeGreaterThan(2);
    },
    400_000,
  );
});

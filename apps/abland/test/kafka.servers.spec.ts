import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { installKafka, KafkaCluster } from '@abland/testing/kafka';
import { expectAsRebuilt } from './as-rebuilt.js';
import { MAIN, SECRETS, SystemUnderTest } from './system-under-test.js';

const run = promisify(execFile);
/** A broker that is there already, in place of one of our own. */
const THERE = process.env['KAFKA_BROKERS'];

describe('the one command with its log stream on Kafka', () => {
  let cluster: KafkaCluster | null = null;
  let system: SystemUnderTest;

  beforeAll(async () => {
    if (THERE === undefined) cluster = await KafkaCluster.start({ jars: await installKafka() });
    system = await SystemUnderTest.create({
      KAFKA_BROKERS: THERE ?? cluster?.brokers.join(',') ?? '',
      KAFKA_TOPIC_PREFIX: `demo-${randomUUID()}.`,
      ...SECRETS,
    });
    await system.start();
  }, 300_000);
  afterAll(async () => {
    await system.remove();
    await cluster?.remove();
  });

  const abland = async (...args: readonly string[]): Promise<string> =>
    (await run(process.execPath, [MAIN, ...args], { env: system.environment })).stdout;
  const DONE = /swap FINALIZED, FINAL[^]* {2}equal\n/;

  it('carries the demo to finality', async () => {
    expect(await abland('demo')).toMatch(DONE);
  });

  (THERE === undefined ? it : it.skip)(
    'carries it to finality though the broker is killed in the middle and started again',
    async () => {
      const demo = abland('demo');
      await new Promise((resolve) => setTimeout(resolve, 2_000));
      await cluster?.kill(1);
      await cluster?.startNode(1);
      expect(await demo).toMatch(DONE);
      await system.untilReady();
    },
    240_000,
  );

  it('goes on where it was after it was killed with everything that it started, and has equal checksums after a rebuild', async () => {
    await system.kill('everything');
    await system.start();
    expect(await abland('demo')).toMatch(DONE);
    await expectAsRebuilt(system, abland);
  });

  (THERE === undefined ? it : it.skip)(
    'comes up before its broker does, and is ready once that is there',
    async () => {
      await system.stop();
      await cluster?.kill(1);
      const starting = system.start();
      starting.catch(() => undefined); // told below
      await new Promise((resolve) => setTimeout(resolve, 10_000));
      await cluster?.startNode(1);
      await starting;
      expect(await abland('demo')).toMatch(DONE);
    },
    240_000,
  );
});

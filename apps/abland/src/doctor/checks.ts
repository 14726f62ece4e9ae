import { mkdir, statfs } from 'node:fs/promises';
import { chainTopic } from '@abland/chain';
import { openBareEventStore } from '@abland/event-store';
import { silentLogger } from '@abland/kernel';
import type { DeploymentConfig } from '@abland/platform';
import { type Check, UnfitError } from './check.js';
import { checksOfChain } from './chain-checks.js';
import { checksOfDatabase } from './database-checks.js';
import { pingRedis } from './ping-redis.js';

const GIBIBYTE = 2 ** 30;
const FREE_MIN = GIBIBYTE;

/** All that can be asked of what a deployment's settings name. */
export const checksOf = (config: DeploymentConfig): readonly Check[] => [
  ...config.databases.flatMap(checksOfDatabase),
  ...(config.eventStoreDbUrl === null ? [] : [checkOfEventStoreDb(config.eventStoreDbUrl)]),
  ...checksOfTopics(config),
  ...(config.redisUrl === null ? [] : [checkOfRedis(config.redisUrl)]),
  ...config.chains.flatMap(checksOfChain),
  { what: 'disk', ask: () => freeSpace(config.dataDir) },
];

const checkOfEventStoreDb = (url: string): Check => ({
  what: 'EVENTSTORE_URL: connection',
  async ask() {
    const store = await openBareEventStore(url, silentLogger);
    try {
      return `lets us read, its head is ${(await store.head()) ?? 'empty'}`;
    } finally {
      await store.close();
    }
  },
});

/** Topics are made by the indexer, where they are missing. */
const checksOfTopics = ({ chains, kafka }: DeploymentConfig): readonly Check[] =>
  kafka === null
    ? []
    : chains.map(({ chainId }) => ({
        what: `KAFKA_BROKERS: topic ${kafka.topicPrefix}${chainTopic(chainId)}`,
        async ask() {
          const { isTopicThere } = await import('@abland/log-stream/kafka');
          const isThere = await isTopicThere(kafka, `${kafka.topicPrefix}${chainTopic(chainId)}`);
          return isThere
            ? 'there, with the settings that it must have'
            : 'not there yet: the indexer makes it';
        },
      }));

const checkOfRedis = (url: string): Check => ({
  what: 'REDIS_URL: connection',
  ask: () => pingRedis(url),
});

async function freeSpace(folder: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  const { bavail, bsize } = await statfs(folder);
  const found = `${((bavail * bsize) / GIBIBYTE).toFixed(1)} GiB free`;
  if (bavail * bsize >= FREE_MIN) return found;
  throw new UnfitError(found, 'make room, or set ABLAND_DATA_DIR to a folder on another disk');
}

import { type Logger, retrying, within } from '@abland/kernel';
import type { Admin } from 'kafkajs';
import { TopicMisconfiguredError } from '../messages/errors.js';
import { reaching } from './client/failure.js';
import { KafkaClient } from './client/kafka-client.js';
import { kafkajs } from './client/kafkajs.js';
import type { KafkaConnection } from './client/kafka-connection.js';
import { isUnknownTopic, PARTITION } from './partition-reader.js';
import { COPIES_MAX, type Misfit, misfit, SETTINGS, settingsFor } from './topic-settings.js';

const WORK_MS = 30_000;
/** A topic that was just made is not known to every broker yet. */
const KNOWN_MS_MAX = 10_000;

/** Makes topics as they must be, and refuses those that are not. */
export class Topics {
  /** Known to be as they must be. */
  readonly #sound = new Set<string>();

  constructor(
    private readonly connection: KafkaConnection,
    private readonly logger: Logger,
  ) {}

  /** Whether it was found as it must be by this program. */
  isSound(topic: string): boolean {
    return this.#sound.has(topic);
  }

  /** Makes it where it is missing. @throws TopicMisconfiguredError */
  async ensure(topic: string): Promise<void> {
    await this.#withAdmin(async (admin) => {
      if (await this.#check(admin, topic)) return;
      await this.#create(admin, topic);
      await retrying(
        async () => {
          if (!(await this.#check(admin, topic)))
            throw new kafkajs.KafkaJSError('not known to all brokers yet');
        },
        {
          totalMsMax: KNOWN_MS_MAX,
          classify: (error) => (error instanceof TopicMisconfiguredError ? 'WRONG' : 'LATER'),
        },
      );
    });
  }

  /** False where it is missing. @throws TopicMisconfiguredError */
  async check(topic: string): Promise<boolean> {
    if (this.#sound.has(topic)) return true;
    return this.#withAdmin((admin) => this.#check(admin, topic));
  }

  /** Lets go of everything before an offset. */
  async deleteBefore(topic: string, offset: bigint): Promise<void> {
    const partitions = [{ partition: PARTITION, offset: offset.toString() }];
    await this.#withAdmin(async (admin) => {
      await admin.fetchTopicOffsets(topic); // deleting looks for the leader in what the client knows, and asks for nothing
      await admin.deleteTopicRecords({ topic, partitions });
    });
  }

  async #check(admin: Admin, topic: string): Promise<boolean> {
    const copies = await copiesOf(admin, topic);
    if (copies === null) return false;
    const { resources } = await admin.describeConfigs({
      includeSynonyms: false,
      resources: [
        {
          type: kafkajs.ConfigResourceTypes.TOPIC,
          name: topic,
          configNames: [...SETTINGS],
        },
      ],
    });
    const found = new Map(
      resources[0]?.configEntries.map(({ configName, configValue }) => [configName, configValue]),
    );
    const fault = misfit((setting) => found.get(setting) ?? '', copies);
    if (fault !== null) throw misconfigured(topic, fault);
    this.#sound.add(topic);
    return true;
  }

  async #create(admin: Admin, topic: string): Promise<void> {
    const { brokers } = await admin.describeCluster();
    const copies = Math.min(COPIES_MAX, brokers.length);
    const configEntries = settingsFor(copies);
    const created = await admin.createTopics({
      topics: [{ topic, numPartitions: 1, replicationFactor: copies, configEntries }],
      waitForLeaders: false, // it asks one broker, which need not know of it yet, and fails
    });
    if (created) this.logger.info({ topic, copies }, 'a topic was made');
  }

  async #withAdmin<Result>(work: (admin: Admin) => Promise<Result>): Promise<Result> {
    const client = new KafkaClient(this.connection, this.logger);
    const admin = client.admin();
    try {
      return await reaching(() =>
        within(
          WORK_MS,
          'the administration of Kafka',
          admin.connect().then(() => work(admin)),
        ),
      );
    } finally {
      client.close();
    }
  }
}

/** How many copies it has; null where it is missing. @throws TopicMisconfiguredError where it has no order */
async function copiesOf(admin: Admin, topic: string): Promise<number | null> {
  try {
    const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
    const partitions = topics[0]?.partitions ?? [];
    if (partitions.length !== 1)
      throw misconfigured(topic, { setting: 'partitions', value: String(partitions.length), wanted: '1' });
    return partitions[0]?.replicas.length ?? 1;
  } catch (error) {
    if (isUnknownTopic(error)) return null;
    throw error;
  }
}

function misconfigured(topic: string, { setting, value, wanted }: Misfit): TopicMisconfiguredError {
  return new TopicMisconfiguredError(
    `The topic ${topic} has ${setting}=${value}, and must have ${wanted}: messages would be lost`,
    { topic, setting, value, wanted },
  );
}

import type { Logger, LogStream } from '@abland/kernel';
import type pg from 'pg';
import type { KafkaConnection } from './kafka/client/kafka-connection.js';
import { migrateLogStream } from './postgres/migrate.js';
import { PostgresLogStream } from './postgres/postgres-log-stream.js';

/** The log stream of a deployment: Kafka where it has one, else tables of its database. */
export async function openLogStream(options: {
  readonly kafka: KafkaConnection | null;
  /** Stays its owner's. Notifications have a connection of their own. */
  readonly pool: pg.Pool;
  readonly logger: Logger;
}): Promise<LogStream> {
  const { kafka, logger, pool } = options;
  await migrateLogStream(pool);
  if (kafka === null) return new PostgresLogStream({ pool, logger });
  const { KafkaLogStream } = await import('./kafka/kafka-log-stream.js'); // with its client, which most deployments need not load
  return new KafkaLogStream(kafka, logger);
}

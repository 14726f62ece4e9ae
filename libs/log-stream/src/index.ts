export {
  LogStreamOffsetError,
  LogStreamRefusedError,
  LogStreamUnavailableError,
  MessageDamagedError,
  StreamFencedError,
  TopicMisconfiguredError,
} from './messages/errors.js';
export type { KafkaConnection } from './kafka/client/kafka-connection.js';
export { openLogStream } from './open-log-stream.js';
export { MemoryLogStream } from './memory/memory-log-stream.js';
export { InvalidMessageError, MessageTooLargeError } from './messages/message-values.js';
export { LOG_STREAM_MIGRATIONS, migrateLogStream } from './postgres/migrate.js';
export {
  openPostgresLogStream,
  PostgresLogStream,
  type PostgresLogStreamOptions,
} from './postgres/postgres-log-stream.js';

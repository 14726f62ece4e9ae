import { AblandError } from '@abland/kernel';

export class LogStreamUnavailableError extends AblandError {
  readonly code = 'LOG_STREAM_UNAVAILABLE';
  override readonly failureClass = 'LATER';
}

/** Messages after a consumer's offset were trimmed before it read them, or its offset is of another log. */
export class LogStreamOffsetError extends AblandError {
  readonly code = 'LOG_STREAM_OFFSET_LOST';
}

/** Another publishes on the topic by now: by a higher epoch, or by a later claim. */
export class StreamFencedError extends AblandError {
  readonly code = 'LOG_STREAM_FENCED';
  override readonly failureClass = 'LATER';
}

/** The log stream does not let us in: credentials, a certificate, a right that is missing. */
export class LogStreamRefusedError extends AblandError {
  readonly code = 'LOG_STREAM_REFUSED';
}

/** A topic was made with a setting under which messages would be lost. */
export class TopicMisconfiguredError extends AblandError {
  readonly code = 'LOG_STREAM_TOPIC_MISCONFIGURED';
}

/** A message that a publisher of ours wrote cannot be read: what comes after it cannot be understood without it. */
export class MessageDamagedError extends AblandError {
  readonly code = 'LOG_STREAM_MESSAGE_DAMAGED';
}

import { AblandError } from '@abland/kernel';

export class LogStreamUnavailableError extends AblandError {
  readonly code = 'LOG_STREAM_UNAVAILABLE';
  override readonly failureClass = 'LATER';
}

/** Messages after a consumer's offset were trimmed before it read them, or its offset is of another log. */
export class LogStreamOffsetError extends AblandError {
  readonly code = 'LOG_STREAM_OFFSET_LOST';
}

import { AblandError, type Json, MESSAGE_BYTES_MAX } from '@abland/kernel';

export class InvalidMessageError extends AblandError {
  readonly code = 'INVALID_MESSAGE';
}

/** More than MESSAGE_BYTES_MAX in one message: it has to be cut. */
export class MessageTooLargeError extends AblandError {
  readonly code = 'MESSAGE_TOO_LARGE';
  override readonly failureClass = 'LESS';
}

const TOPIC_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,199}$/;

/** @throws InvalidMessageError */
export function requireTopicName(topic: string): void {
  if (!TOPIC_NAME.test(topic))
    throw new InvalidMessageError('topic is not a topic name', { field: 'topic', topic });
}

/**
 * Each message as JSON text.
 * @throws InvalidMessageError for nothing to publish, a bad topic or what JSON cannot hold, MessageTooLargeError
 */
export function encodeMessages(topic: string, values: readonly Json[]): string[] {
  requireTopicName(topic);
  if (values.length === 0) throw new InvalidMessageError('values is empty', { field: 'values', topic });
  return values.map((value, index) => {
    const field = `values[${index}]`;
    const text = encode(value);
    if (text === undefined) {
      throw new InvalidMessageError('a value cannot be stored as JSON', { field, topic });
    }
    const bytes = Buffer.byteLength(text);
    if (bytes > MESSAGE_BYTES_MAX) {
      throw new MessageTooLargeError(`a message has ${bytes} bytes, of ${MESSAGE_BYTES_MAX} at most`, {
        ...{ field, topic, bytes, bytesMax: MESSAGE_BYTES_MAX },
      });
    }
    return text;
  });
}

export interface ChunkLimits {
  readonly bytesMax: number;
  readonly countMax: number;
}

/** Texts in order, cut where the next one would exceed a limit; one that is larger by itself is a chunk of its own. */
export function* inChunks(
  texts: readonly string[],
  { bytesMax, countMax }: ChunkLimits,
): Generator<string[]> {
  let chunk: string[] = [];
  let bytes = 0;
  for (const text of texts) {
    const more = Buffer.byteLength(text);
    if (chunk.length > 0 && (chunk.length === countMax || bytes + more > bytesMax)) {
      yield chunk;
      chunk = [];
      bytes = 0;
    }
    chunk.push(text);
    bytes += more;
  }
  if (chunk.length > 0) yield chunk;
}

function encode(value: unknown): string | undefined {
  try {
    return JSON.stringify(value) as string | undefined;
  } catch {
    return undefined; // a bigint or a circle: reported by the caller with its place
  }
}

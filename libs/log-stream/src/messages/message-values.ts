import { AblandError, type Json } from '@abland/kernel';

export class InvalidMessageError extends AblandError {
  readonly code = 'INVALID_MESSAGE';
}

const TOPIC_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,199}$/;

/** Each message as JSON text. @throws InvalidMessageError for nothing to publish, a bad topic or what JSON cannot hold. */
export function encodeMessages(topic: string, values: readonly Json[]): string[] {
  if (!TOPIC_NAME.test(topic))
    throw new InvalidMessageError('topic is not a topic name', { field: 'topic', topic });
  if (values.length === 0) throw new InvalidMessageError('values is empty', { field: 'values', topic });
  return values.map((value, index) => {
    const text = encode(value);
    if (text === undefined) {
      throw new InvalidMessageError('a value cannot be stored as JSON', { field: `values[${index}]`, topic });
    }
    return text;
  });
}

function encode(value: unknown): string | undefined {
  try {
    return JSON.stringify(value) as string | undefined;
  } catch {
    return undefined; // a bigint or a circle: reported by the caller with its place
  }
}

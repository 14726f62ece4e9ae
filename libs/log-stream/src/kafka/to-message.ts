import type { Json, LogMessage } from '@abland/kernel';
import { MessageDamagedError } from '../messages/errors.js';
import type { ValueRecord } from './records.js';

/** @throws MessageDamagedError */
export function toMessage({ offset, value }: ValueRecord): LogMessage {
  try {
    return { offset, value: JSON.parse(value.toString('utf8')) as Json };
  } catch (error) {
    throw new MessageDamagedError(
      'A message that bears the mark of a publisher is not JSON',
      { offset: offset.toString(), bytes: value.length },
      error,
    );
  }
}

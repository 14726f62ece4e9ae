import { describe, expect, it } from '@jest/globals';
import { TimeLimitError } from '@abland/kernel';
import { StreamFencedError } from '../../messages/errors.js';
import { asStreamError, errorTypeOf } from './failure.js';

const saying = (fields: object, cause?: unknown): Error =>
  Object.assign(new Error('said', { cause }), fields);

describe('a failure of the Kafka client', () => {
  it.each([
    ['a connection', saying({ name: 'KafkaJSConnectionError', code: 'ECONNREFUSED' })],
    ['a leader that moved', saying({ type: 'NOT_LEADER_FOR_PARTITION' })],
    ['a slip of the client', new TypeError("Cannot read properties of null (reading 'brokers')")],
    ['a time limit', new TimeLimitError('too long')],
    ['no error at all', 'text'],
  ])('may pass where it is %s', (_, error) => {
    expect(asStreamError(error)).toMatchObject({
      code: 'LOG_STREAM_UNAVAILABLE',
      failureClass: 'LATER',
      cause: error,
    });
  });

  it.each([
    ['a right that is missing', saying({ type: 'TOPIC_AUTHORIZATION_FAILED' })],
    ['a login', saying({ name: 'KafkaJSSASLAuthenticationError' })],
    ['a certificate, below others', saying({}, saying({}, saying({ code: 'SELF_SIGNED_CERT_IN_CHAIN' })))],
    ['one of several', saying({ errors: [saying({}), saying({ type: 'CLUSTER_AUTHORIZATION_FAILED' })] })],
  ])('needs a person where it is %s', (_, error) => {
    expect(asStreamError(error)).toMatchObject({ code: 'LOG_STREAM_REFUSED', failureClass: 'WRONG' });
  });

  it('stays what it is where it is one of ours', () => {
    const ours = new StreamFencedError('another');
    expect(asStreamError(ours)).toBe(ours);
  });

  it('has the type that any of its causes has', () => {
    expect(errorTypeOf(saying({}, saying({ type: 'OFFSET_OUT_OF_RANGE' })))).toBe('OFFSET_OUT_OF_RANGE');
    expect([errorTypeOf(saying({})), errorTypeOf(null)]).toEqual([null, null]);
  });

  it('ends where causes go round in a circle', () => {
    const circle = saying({});
    circle.cause = circle;
    expect(asStreamError(circle).failureClass).toBe('LATER');
  });
});

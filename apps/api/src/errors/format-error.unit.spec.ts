import { describe, expect, it } from '@jest/globals';
import { refusal } from '@abland/domain';
import {
  EventStoreUnavailableError,
  InvariantViolation,
  LogMismatchError,
  silentLogger,
  WrongExpectedRevisionError,
} from '@abland/kernel';
import { CursorExpiredError, ReadModelNotYetError } from '@abland/projections';
import { GraphQLError } from 'graphql';
import { runInRequest } from '../http/request-context.js';
import { ApiError } from './api-error.js';
import { createErrorFormatter } from './format-error.js';

const SECRET = 'password=hunter2 at 10.0.0.7';

function told(cause: Error) {
  const logged: string[] = [];
  const logger = { ...silentLogger, error: (_fields: object, message: string) => logged.push(message) };
  const error = new GraphQLError(cause.message, { originalError: cause, path: ['swap'] });
  const context = { correlationId: 'id-1', operation: null, errorCodes: [] };
  const answer = runInRequest(context, () =>
    createErrorFormatter(logger as typeof silentLogger)({ message: cause.message, path: ['swap'] }, error),
  );
  return { ...answer, logged: logged.length };
}

describe('what a caller is told of an error', () => {
  it('is a refusal as it is, amounts as text', () => {
    const error = new ApiError('INVALID_ARGUMENT', 'Too much', 'amountIn', { max: 10n });
    expect(told(error)).toEqual({
      message: 'Too much',
      path: ['swap'],
      extensions: {
        code: 'INVALID_ARGUMENT',
        field: 'amountIn',
        details: { max: '10' },
        correlationId: 'id-1',
      },
      logged: 0,
    });
  });

  it('is that the list is to be begun anew where the state of a cursor is gone', () => {
    const { extensions, logged } = told(new CursorExpiredError('WyJo'));
    expect(extensions).toMatchObject({ code: 'CURSOR_EXPIRED', field: 'after', details: {} });
    expect(logged).toBe(0);
  });

  it('is which read models are not of this version yet', () => {
    const { extensions, logged } = told(new ReadModelNotYetError(['tokens', 'pools']));
    expect(extensions).toMatchObject({
      code: 'READ_MODEL_NOT_YET',
      details: { projections: ['tokens', 'pools'] },
    });
    expect(logged).toBe(0);
  });

  it('is FORBIDDEN with the rule as its reason where a right is missing', () => {
    const { extensions } = told(refusal('NOT_THE_CREATOR', 'Only its creator', 'tokenAddress'));
    expect(extensions).toMatchObject({
      code: 'FORBIDDEN',
      field: 'tokenAddress',
      details: { reason: 'NOT_THE_CREATOR' },
    });
  });

  it('is that it may try again where the database does not let us in any more', () => {
    const refused = Object.assign(new Error(SECRET), { code: '28P01', severity: 'FATAL' });
    expect(told(refused).extensions?.['code']).toBe('SERVICE_UNAVAILABLE');
  });

  it('is that it may try again where a part is out of reach or others were first', () => {
    const causes = [
      new EventStoreUnavailableError(SECRET),
      new LogMismatchError(SECRET),
      new WrongExpectedRevisionError('order-1', 'no_stream', 0n),
      Object.assign(new Error(SECRET), { code: 'ECONNREFUSED' }),
      new Error('Connection terminated unexpectedly'),
    ];
    for (const cause of causes) {
      const { message, extensions } = told(cause);
      expect(extensions?.['code']).toBe('SERVICE_UNAVAILABLE');
      expect(message).not.toContain(SECRET);
    }
  });

  it('is nothing but that it is our fault for everything else, which is logged', () => {
    for (const cause of [
      new Error(SECRET),
      new InvariantViolation(SECRET, { SECRET }),
      new TypeError(SECRET),
    ]) {
      const answer = told(cause);
      expect(answer.extensions?.['code']).toBe('INTERNAL_SERVER_ERROR');
      expect(JSON.stringify(answer)).not.toContain('hunter2');
      expect(answer.logged).toBe(1);
    }
  });
});

import { describe, it } from '@jest/globals';
import { specify } from '../testing/specification.js';
import { told } from '../testing/told-events.js';
import { operationsProjection } from './projection.js';
import { operations } from './tables.js';

const operationId = '00000000-0000-4000-8000-000000000001';
const [AT, LATER] = ['2026-01-01T12:00:00.000Z', '2026-01-01T12:01:00.000Z'];
const requested = told('OperationRequested', {
  operationId,
  kind: 'REBUILD_PROJECTION',
  subject: 'holdings',
  requestedBy: 'operator:ada',
  reason: 'a drill\0',
  at: AT,
});
const asked = { operation_id: operationId, kind: 'REBUILD_PROJECTION', subject: 'holdings' };
const { given } = specify(operationsProjection);

describe('operations', () => {
  it('tell who is about to do what, and why', () => {
    given()
      .when(requested)
      .then(operations, {
        ...asked,
        requested_by: 'operator:ada',
        reason: 'a drill\u{fffd}',
        status: 'REQUESTED',
        result: null,
        failure_code: null,
        failure_reason: null,
        requested_at: AT,
        ended_at: null,
      });
  });

  it('tell what came of it, once it is done', () => {
    const result = [{ name: 'rows', value: '7' }];
    given(requested)
      .when(told('OperationCompleted', { operationId, result, at: LATER }))
      .then(operations, {
        ...{ ...asked, status: 'COMPLETED', result, ended_at: LATER, failure_code: null },
      });
  });

  it('tell why it failed', () => {
    given(requested)
      .when(told('OperationFailed', { operationId, code: 'LOG_GONE', reason: 'away', at: LATER }))
      .then(operations, {
        ...{ ...asked, status: 'FAILED', failure_code: 'LOG_GONE', failure_reason: 'away' },
        ...{ ended_at: LATER, result: null },
      });
  });

  it('tell nothing of a failure where it shows to be done after all', () => {
    const failure = { code: 'OPERATION_INTERRUPTED', reason: 'Nothing was heard of it' };
    given(requested, told('OperationFailed', { operationId, ...failure, at: AT }))
      .when(told('OperationCompleted', { operationId, result: [], at: LATER }))
      .then(operations, {
        ...{ ...asked, status: 'COMPLETED', result: [], ended_at: LATER },
        ...{ failure_code: null, failure_reason: null },
      });
  });

  it('refuse the end of what nobody began', () => {
    given()
      .when(told('OperationCompleted', { operationId, result: [], at: LATER }))
      .thenRefused('An event of something unknown');
  });
});

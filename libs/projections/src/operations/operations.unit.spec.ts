import { describe, it } from '@jest/globals';
import { specify } from '../testing/specification.js';
import { told } from '../testing/told-events.js';
import { operationsProjection } from './projection.js';
import { operations } from './tables.js';

const operationId = '00000000-0000-4000-8000-000000000001';
const [AT, LATER] = ['2026-01-01T12:00:00.000Z', '2026-01-01T12:01:00.000Z'];
const wanted = {
  operationId,
  kind: 'REBUILD_PROJECTION',
  subject: 'holdings',
  requestedBy: 'operator:ada',
  reason: 'a drill\0',
  at: AT,
} as const;
const requested = told('OperationRequested', wanted);
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
        build: null,
        decided_by: null,
        decision_reason: null,
        decided_at: null,
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

  it('tell what waits for a second operator, and who approved it', () => {
    const proposed = told('OperationProposed', { ...wanted, build: 7, promotesItself: false });
    given()
      .when(proposed)
      .then(operations, {
        ...{ ...asked, status: 'AWAITING_APPROVAL', build: 7, decided_by: null, ended_at: null },
      });
    const said = { operationId, reason: 'It holds\0', at: LATER };
    const kept = { decided_by: 'operator:grace', decision_reason: 'It holds\u{fffd}', decided_at: LATER };
    given(proposed)
      .when(told('OperationApproved', { ...said, approvedBy: 'operator:grace' }))
      .then(operations, { ...asked, status: 'REQUESTED', build: 7, ...kept, ended_at: null });
    given(proposed)
      .when(told('OperationDeclined', { ...said, declinedBy: 'operator:grace' }))
      .then(operations, { ...asked, status: 'DECLINED', build: 7, ...kept, ended_at: LATER });
  });

  it('refuse the end of what nobody began', () => {
    given()
      .when(told('OperationCompleted', { operationId, result: [], at: LATER }))
      .thenRefused('An event of something unknown');
  });
});

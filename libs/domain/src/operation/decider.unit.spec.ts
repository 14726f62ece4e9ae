import { describe, expect, it } from '@jest/globals';
import { ID, LATER, NOW } from '../testing/samples.fixture.js';
import { specify } from '../testing/specification.js';
import { operationDecider } from './decider.js';
import type { OperationEvent } from './events.js';

const { given } = specify(operationDecider);

const wanted = {
  operationId: ID,
  kind: 'REBUILD_PROJECTION',
  subject: 'tokens',
  requestedBy: 'operator:ada',
  reason: 'Another rounding',
  at: NOW,
} as const;
const requested: OperationEvent = { type: 'OperationRequested', version: 2, data: wanted };
const result = [{ name: 'events', value: '170' }] as const;
const completed: OperationEvent = {
  type: 'OperationCompleted',
  version: 1,
  data: { operationId: ID, result, at: LATER },
};
const failed: OperationEvent = {
  type: 'OperationFailed',
  version: 1,
  data: { operationId: ID, code: 'REBUILD_IN_PROGRESS', reason: 'Another one runs', at: LATER },
};
const interrupted: OperationEvent = {
  type: 'OperationFailed',
  version: 1,
  data: { operationId: ID, code: 'OPERATION_INTERRUPTED', reason: 'Nothing was heard of it', at: LATER },
};
const proposed: OperationEvent = {
  type: 'OperationProposed',
  version: 1,
  data: { ...wanted, build: 7, promotesItself: false },
};
const approved: OperationEvent = {
  type: 'OperationApproved',
  version: 1,
  data: { operationId: ID, approvedBy: 'operator:grace', reason: 'It holds', at: LATER },
};
const declined: OperationEvent = {
  type: 'OperationDeclined',
  version: 1,
  data: { operationId: ID, declinedBy: 'operator:grace', reason: 'It holds', at: LATER },
};
const propose = { type: 'ProposeOperation', ...wanted, build: 7, promotesItself: false } as const;
const approve = { type: 'ApproveOperation', by: 'operator:grace', reason: 'It holds', at: LATER } as const;
const decline = { ...approve, type: 'DeclineOperation' } as const;
const request = { type: 'RequestOperation', ...wanted } as const;
const complete = { type: 'CompleteOperation', result, at: LATER } as const;
const fail = {
  type: 'FailOperation',
  code: 'REBUILD_IN_PROGRESS',
  reason: 'Another one runs',
  at: LATER,
} as const;

describe('an act of an operator', () => {
  it('is recorded with who and why before it is done, once', () => {
    given().when(request).then(requested);
    given(requested).when(request).thenNothing();
    given(requested, completed).when(request).thenNothing();
  });
  it('is one act alone: another under the same key would be done and told of nowhere', () => {
    for (const past of [[requested], [requested, completed], [requested, failed]]) {
      for (const other of [{ subject: 'pools' }, { kind: 'COPY_LOG' }, { reason: 'For fun' }] as const) {
        given(...past)
          .when({ ...request, ...other })
          .thenRefused('IDEMPOTENCY_KEY_REUSED', 'idempotencyKey');
      }
    }
  });
  it('is not begun anew where it failed, for it would be told as failed for good', () => {
    for (const end of [failed, interrupted])
      given(requested, end).when(request).thenRefused('IDEMPOTENCY_KEY_REUSED', 'idempotencyKey');
  });
  it('is refused without a reason', () => {
    given()
      .when({ ...request, reason: ' ' })
      .thenRefused('INVALID_REASON', 'reason');
  });
  it('ends once, with what came of it', () => {
    given(requested).when(complete).then(completed);
    given(requested).when(fail).then(failed);
    for (const end of [completed, failed]) {
      given(requested, end).when(complete).thenNothing();
      given(requested, end).when(fail).thenNothing();
    }
  });
  it('is told to be done where it shows to be, though it was held to be interrupted, and once', () => {
    given(requested, interrupted).when(complete).then(completed);
    given(requested, interrupted).when(fail).thenNothing();
    given(requested, interrupted, completed).when(complete).thenNothing();
    given(requested, interrupted, completed).when(request).thenNothing();
  });
  it.each([complete, fail])('$type means nothing where none was requested', (command) => {
    given().when(command).thenRefused('UNKNOWN_OPERATION', 'operationId');
  });
  it('waits for a second operator where it was only proposed, and is done by no other way', () => {
    given().when(propose).then(proposed);
    given(proposed).when(propose).thenNothing();
    given(requested).when(propose).thenNothing();
    given(proposed).when(request).thenRefused('APPROVAL_NEEDED', 'operationId');
    given(proposed).when(complete).thenNothing();
    given(proposed).when(fail).thenNothing();
    given(proposed, approved).when(complete).then(completed);
    given(proposed, approved).when(fail).then(failed);
  });
  it('is approved once, by another operator than who asked', () => {
    given(proposed).when(approve).then(approved);
    for (const by of ['operator:ada', 'OPERATOR:ADA'])
      given(proposed)
        .when({ ...approve, by })
        .thenRefused('SECOND_OPERATOR_NEEDED', 'operationId');
    given(proposed, approved).when(approve).thenNothing();
    given(proposed, approved, completed).when(approve).thenNothing();
    for (const past of [
      [proposed, approved],
      [proposed, approved, completed],
      [requested],
      [requested, completed],
    ])
      given(...past)
        .when({ ...approve, by: 'operator:mary' })
        .thenRefused('OPERATION_NOT_WAITING', 'operationId');
    given(proposed, approved, failed).when(approve).thenRefused('OPERATION_NOT_WAITING', 'operationId');
    given().when(approve).thenRefused('UNKNOWN_OPERATION', 'operationId');
  });
  it('is declined by any operator, also by who asked, and is not done then', () => {
    given(proposed).when(decline).then(declined);
    const takenBack = {
      ...declined,
      data: { ...declined.data, declinedBy: 'operator:ada' },
    } as OperationEvent;
    given(proposed)
      .when({ ...decline, by: 'operator:ada' })
      .then(takenBack);
    given(proposed, declined).when(decline).thenNothing();
    given(proposed, declined).when(approve).thenRefused('OPERATION_NOT_WAITING', 'operationId');
    given(proposed, approved).when(decline).thenRefused('OPERATION_NOT_WAITING', 'operationId');
    given(proposed, declined).when(propose).thenRefused('IDEMPOTENCY_KEY_REUSED', 'idempotencyKey');
    given().when(decline).thenRefused('UNKNOWN_OPERATION', 'operationId');
  });
  it.each(['ApproveOperation', 'DeclineOperation'] as const)('%s takes a reason', (type) => {
    given(proposed)
      .when({ ...approve, type, reason: ' ' })
      .thenRefused('INVALID_REASON', 'reason');
  });
  it('has a state from its request on', () => {
    expect(given(completed).state).toEqual({ status: 'NONE' });
    expect(given(requested, failed).state).toMatchObject({ status: 'FAILED', subject: 'tokens' });
  });
});

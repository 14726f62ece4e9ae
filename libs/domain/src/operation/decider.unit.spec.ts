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
  it('has a state from its request on', () => {
    expect(given(completed).state).toEqual({ status: 'NONE' });
    expect(given(requested, failed).state).toMatchObject({ status: 'FAILED', subject: 'tokens' });
  });
});

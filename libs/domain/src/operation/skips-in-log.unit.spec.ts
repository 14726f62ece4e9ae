import { describe, expect, it } from '@jest/globals';
import type { OperationEvent } from './events.js';
import { SkipsInLog } from './skips-in-log.js';

const ONE = '00000000-0000-4000-8000-000000000001';
const TWO = '00000000-0000-4000-8000-000000000002';
const at = '2026-01-01T00:00:00.000Z';
const subject = 'PROCESS/settlement-1/request-a/ConfirmRequest/a';

const requested = (
  operationId: string,
  kind: 'SKIP_PARKED_EVENT' | 'RETRY_PARKED_EVENT',
): OperationEvent => ({
  ...{ type: 'OperationRequested', version: 2 },
  data: { operationId, kind, subject, requestedBy: 'operator:ada', reason: 'Nobody’s', at },
});
const proposed: OperationEvent = {
  ...{ type: 'OperationProposed', version: 1 },
  data: {
    ...{
      operationId: TWO,
      kind: 'SKIP_PARKED_EVENT',
      subject,
      requestedBy: 'operator:ada',
      reason: 'Nobody’s',
      at,
    },
    ...{ build: null, promotesItself: false },
  },
};
const completed = (operationId: string): OperationEvent => ({
  ...{ type: 'OperationCompleted', version: 1 },
  data: { operationId, result: [], at },
});
const failed: OperationEvent = {
  ...{ type: 'OperationFailed', version: 1 },
  data: { operationId: ONE, code: 'UNKNOWN_PARKED_EVENT', reason: 'Nothing is', at },
};
const skipsOf = (...events: readonly OperationEvent[]) => {
  const skips = new SkipsInLog();
  for (const event of events) skips.see(event);
  return skips.done;
};

describe('what the log tells of skips', () => {
  it('is each that was asked for, or proposed, and done', () => {
    expect(skipsOf(requested(ONE, 'SKIP_PARKED_EVENT'), proposed, completed(TWO), completed(ONE))).toEqual([
      { subject, operationId: TWO },
      { subject, operationId: ONE },
    ]);
  });

  it('is nothing of what was only asked for, failed, or was another act', () => {
    expect(skipsOf(requested(ONE, 'SKIP_PARKED_EVENT'), proposed)).toEqual([]);
    expect(skipsOf(requested(ONE, 'SKIP_PARKED_EVENT'), failed)).toEqual([]);
    expect(skipsOf(requested(ONE, 'RETRY_PARKED_EVENT'), completed(ONE))).toEqual([]);
    expect(skipsOf(completed(ONE))).toEqual([]);
  });
});

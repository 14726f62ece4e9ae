import { describe, expect, it } from '@jest/globals';
import type { OperationView } from '@abland/projections';
import { describeOperation, operationLine } from './describe-operation.js';

const operation: OperationView = {
  id: '6f1b1c1e-0000-4000-8000-000000000001',
  kind: 'REBUILD_PROJECTION',
  subject: 'tokens',
  requestedBy: 'operator:grace',
  reason: 'Asked by letter',
  status: 'COMPLETED',
  result: [{ name: 'checksum', value: 'abc' }],
  failureCode: null,
  failureReason: null,
  build: null,
  decision: null,
  requestedAt: '2026-01-01T12:00:00.000Z',
  endedAt: '2026-01-01T12:00:01.000Z',
};

describe('what an operator is shown of an operation', () => {
  it('is a line of it in a list', () => {
    expect(operationLine(operation)).toMatch(/REBUILD_PROJECTION +COMPLETED +tokens {2}by operator:grace$/);
  });

  it('is who, why, and what came of it', () => {
    expect(describeOperation(operation).slice(1)).toEqual([
      'asked for by operator:grace at 2026-01-01T12:00:00.000Z: Asked by letter',
      'COMPLETED at 2026-01-01T12:00:01.000Z',
      '  checksum  abc',
    ]);
    const failed = {
      status: 'FAILED',
      result: null,
      failureCode: 'UNKNOWN_USER',
      failureReason: 'Nobody',
    } as const;
    expect(describeOperation({ ...operation, ...failed }).at(-1)).toBe('  UNKNOWN_USER: Nobody');
    const open = { status: 'REQUESTED', result: null, endedAt: null } as const;
    expect(describeOperation({ ...operation, ...open }).at(-1)).toMatch(/^REQUESTED: .*interrupted$/);
  });

  it('is who approved it, or that somebody has to', () => {
    const proposed = {
      ...operation,
      status: 'AWAITING_APPROVAL',
      result: null,
      endedAt: null,
      build: 7,
    } as const;
    expect(describeOperation(proposed)[0]).toContain('of tokens, build 7');
    expect(describeOperation(proposed).at(-1)).toMatch(/^AWAITING_APPROVAL: a second operator/);
    const decision = { by: 'operator:ada', reason: 'Looks right', at: '2026-01-01T12:00:00.500Z' };
    const [, , approved] = describeOperation({ ...operation, decision });
    expect(approved).toBe('approved by operator:ada at 2026-01-01T12:00:00.500Z: Looks right');
    const declined = describeOperation({ ...operation, status: 'DECLINED', decision });
    expect(declined[2]).toMatch(/^declined by operator:ada/);
  });
});

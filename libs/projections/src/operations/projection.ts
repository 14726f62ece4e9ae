import type { OperationRequested } from '@abland/domain';
import { type Projection, rowOf } from '../engine/projection.js';
import { storableText } from '../engine/values.js';
import { operations } from './tables.js';

const reads = ({ data }: { readonly data: { readonly operationId: string } }) => [
  rowOf(operations, { operation_id: data.operationId }),
];

type Asked = Pick<
  OperationRequested['data'],
  'at' | 'kind' | 'operationId' | 'reason' | 'requestedBy' | 'subject'
>;

const asked = ({ at, kind, operationId, reason, requestedBy, subject }: Asked) => ({
  operation_id: operationId,
  kind,
  subject: storableText(subject),
  requested_by: requestedBy,
  reason: storableText(reason),
  result: null,
  failure_code: null,
  failure_reason: null,
  decided_by: null,
  decision_reason: null,
  decided_at: null,
  requested_at: at,
  ended_at: null,
});

export const operationsProjection: Projection = {
  name: 'operations',
  version: 2,
  tables: [operations],
  handlers: {
    OperationRequested: {
      reads,
      apply: ({ data }, rows) => rows.put(operations, { ...asked(data), status: 'REQUESTED', build: null }),
    },
    OperationProposed: {
      reads,
      apply: ({ data }, rows) =>
        rows.put(operations, { ...asked(data), status: 'AWAITING_APPROVAL', build: data.build }),
    },
    OperationApproved: {
      reads,
      apply: ({ data: { approvedBy, at, operationId, reason } }, rows) => {
        const decided = { decided_by: approvedBy, decision_reason: storableText(reason), decided_at: at };
        rows.patch(operations, { operation_id: operationId }, { status: 'REQUESTED', ...decided });
      },
    },
    OperationDeclined: {
      reads,
      apply: ({ data: { at, declinedBy, operationId, reason } }, rows) => {
        const decided = { decided_by: declinedBy, decision_reason: storableText(reason), decided_at: at };
        const changes = { status: 'DECLINED', ...decided, ended_at: at };
        rows.patch(operations, { operation_id: operationId }, changes);
      },
    },
    OperationCompleted: {
      reads,
      apply: ({ data }, rows) => {
        const result = data.result.map(({ name, value }) => ({ name, value: storableText(value) }));
        // One that was held to be interrupted may show to be done after all.
        const noFailure = { failure_code: null, failure_reason: null };
        const changes = { status: 'COMPLETED', result, ...noFailure, ended_at: data.at };
        rows.patch(operations, { operation_id: data.operationId }, changes);
      },
    },
    OperationFailed: {
      reads,
      apply: ({ data }, rows) => {
        const failure = { failure_code: data.code, failure_reason: storableText(data.reason) };
        const changes = { status: 'FAILED', ...failure, ended_at: data.at };
        rows.patch(operations, { operation_id: data.operationId }, changes);
      },
    },
  },
};

import { type Projection, rowOf } from '../engine/projection.js';
import { storableText } from '../engine/values.js';
import { operations } from './tables.js';

const reads = ({ data }: { readonly data: { readonly operationId: string } }) => [
  rowOf(operations, { operation_id: data.operationId }),
];

export const operationsProjection: Projection = {
  name: 'operations',
  version: 2,
  tables: [operations],
  handlers: {
    OperationRequested: {
      reads,
      apply: ({ data }, rows) =>
        rows.put(operations, {
          operation_id: data.operationId,
          kind: data.kind,
          subject: storableText(data.subject),
          requested_by: data.requestedBy,
          reason: storableText(data.reason),
          status: 'REQUESTED',
          result: null,
          failure_code: null,
          failure_reason: null,
          requested_at: data.at,
          ended_at: null,
        }),
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

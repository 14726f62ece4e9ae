import type { OperationView } from '@abland/projections';

/** A line of a list. */
export const operationLine = ({
  id,
  requestedAt,
  kind,
  subject,
  status,
  requestedBy,
}: OperationView): string =>
  `${requestedAt}  ${id}  ${kind.padEnd(18)} ${status.padEnd(9)} ${subject}  by ${requestedBy}`;

/** Who, why, and what came of it. */
export function describeOperation(operation: OperationView): readonly string[] {
  const { id, kind, subject, requestedBy, requestedAt, reason, status, endedAt } = operation;
  return [
    `${kind} of ${subject} (${id})`,
    `asked for by ${requestedBy} at ${requestedAt}: ${reason}`,
    endedAt === null ? `${status}: it is being done, or was interrupted` : `${status} at ${endedAt}`,
    ...(operation.result ?? []).map(({ name, value }) => `  ${name}  ${value}`),
    ...(operation.failureCode === null ? [] : [`  ${operation.failureCode}: ${operation.failureReason}`]),
  ];
}

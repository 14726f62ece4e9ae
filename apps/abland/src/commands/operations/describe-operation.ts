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
  `${requestedAt}  ${id}  ${kind.padEnd(22)} ${status.padEnd(17)} ${subject}  by ${requestedBy}`;

/** Who, why, and what came of it. */
export function describeOperation(operation: OperationView): readonly string[] {
  const { id, build, decision, kind, subject, requestedBy, requestedAt, reason, status } = operation;
  const ofBuild = build === null ? '' : `, build ${build}`;
  const said = status === 'DECLINED' ? 'declined' : 'approved';
  return [
    `${kind} of ${subject}${ofBuild} (${id})`,
    `asked for by ${requestedBy} at ${requestedAt}: ${reason}`,
    ...(decision === null ? [] : [`${said} by ${decision.by} at ${decision.at}: ${decision.reason}`]),
    howItIs(operation),
    ...(operation.result ?? []).map(({ name, value }) => `  ${name}  ${value}`),
    ...(operation.failureCode === null ? [] : [`  ${operation.failureCode}: ${operation.failureReason}`]),
  ];
}

function howItIs({ endedAt, status }: OperationView): string {
  if (status === 'AWAITING_APPROVAL') return `${status}: a second operator has to approve it`;
  return endedAt === null ? `${status}: it is being done, or was interrupted` : `${status} at ${endedAt}`;
}

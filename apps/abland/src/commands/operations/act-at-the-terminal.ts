import { randomUUID } from 'node:crypto';
import { userInfo } from 'node:os';
import type { OperationKind } from '@abland/domain';
import type { OperatorsAct } from '@abland/operations';

/** An act of who sits at the terminal, by the name that they logged in with. */
export const actAtTheTerminal = (kind: OperationKind, subject: string, reason: string): OperatorsAct => ({
  operationId: randomUUID(),
  kind,
  subject,
  requestedBy: `operator:${userInfo().username}`,
  reason,
});

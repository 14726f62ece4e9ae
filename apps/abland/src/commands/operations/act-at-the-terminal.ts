import { randomUUID } from 'node:crypto';
import { userInfo } from 'node:os';
import type { OperationKind } from '@abland/domain';
import { type Done, type Hand, type OperatorsAct, recordOperation } from '@abland/operations';
import { migrateLeases } from '@abland/postgres';
import type { EventStore } from '@abland/kernel';
import type pg from 'pg';

/** Who sits at the terminal, by the name that they logged in with. */
export const operatorAtTheTerminal = (): string => `operator:${userInfo().username}`;

/** An act of theirs. */
export const actAtTheTerminal = (kind: OperationKind, subject: string, reason: string): OperatorsAct => ({
  operationId: randomUUID(),
  kind,
  subject,
  requestedBy: operatorAtTheTerminal(),
  reason,
});

/** What is said of an act that was only asked for. */
export const awaitsApproval = (operationId: string): string =>
  `a second operator has to approve it: npm run abland -- operations approve ${operationId} --reason …`;

/** Does it, recorded in the log; whoever runs the system tells of it should this command end in between. */
export async function recordAtTheTerminal<Result>(
  { pool, store }: { readonly pool: pg.Pool; readonly store: EventStore },
  act: OperatorsAct,
  run: (hand: Hand) => Promise<Done<Result>>,
): Promise<Result> {
  await migrateLeases(pool);
  return recordOperation({ log: store, clock: Date.now, pool }, act, run);
}

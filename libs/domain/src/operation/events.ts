import type { DomainEvent } from '@abland/kernel';
import type { Count, Instant, Uuid } from '../vocabulary/values.js';

/** What an operator can do; each act names its subject in its own way. */
export type OperationKind =
  | 'REBUILD_PROJECTION'
  | 'PAUSE_PROJECTION'
  | 'RESUME_PROJECTION'
  | 'PROMOTE_PROJECTION'
  | 'SWITCH_BACK_PROJECTION'
  | 'DISCARD_PROJECTION'
  | 'ERASE_USER'
  | 'COPY_LOG'
  | 'RETRY_PARKED_EVENT'
  | 'SKIP_PARKED_EVENT'
  | 'ACCEPT_REORG'
  | 'WAIT_FOR_BRANCH';

type OfOperation = { readonly operationId: Uuid };

/** An operator is about to do something, and says why. */
export type OperationRequested = DomainEvent<
  'OperationRequested',
  OfOperation & {
    readonly kind: OperationKind;
    /** What it is done to: a projection's name, a person's address, the id of what is parked. */
    readonly subject: string;
    /** A checksummed address of one of OPERATOR_ADDRESSES, or `operator:<name>` at the machine itself. */
    readonly requestedBy: string;
    readonly reason: string;
    readonly at: Instant;
  }
>;
/** An operator asks for what another one has to approve before it is done. */
export type OperationProposed = DomainEvent<
  'OperationProposed',
  OperationRequested['data'] & {
    /** The number of the build that it is done to; null where it is done to none, or to a new one. */
    readonly build: Count | null;
    /** Of a rebuild: whether it takes the live one's place by itself. */
    readonly promotesItself: boolean;
  }
>;
/** Another operator than who asked for it let it be done. */
export type OperationApproved = DomainEvent<
  'OperationApproved',
  OfOperation & { readonly approvedBy: string; readonly reason: string; readonly at: Instant }
>;
/** It is not to be done; who asked for it may take it back so. */
export type OperationDeclined = DomainEvent<
  'OperationDeclined',
  OfOperation & { readonly declinedBy: string; readonly reason: string; readonly at: Instant }
>;
/** One thing that came of an operation: `rows`, `checksum`, say. */
export type OperationFigure = { readonly name: string; readonly value: string };
/** It is done; what came of it. */
export type OperationCompleted = DomainEvent<
  'OperationCompleted',
  OfOperation & { readonly result: readonly OperationFigure[]; readonly at: Instant }
>;
export type OperationFailed = DomainEvent<
  'OperationFailed',
  OfOperation & { readonly code: string; readonly reason: string; readonly at: Instant }
>;
export type OperationEvent =
  | OperationProposed
  | OperationApproved
  | OperationDeclined
  | OperationRequested
  | OperationCompleted
  | OperationFailed;

/** The newest schema version of each. */
export const OPERATION_VERSIONS = {
  OperationProposed: 1,
  OperationApproved: 1,
  OperationDeclined: 1,
  OperationRequested: 2,
  OperationCompleted: 1,
  OperationFailed: 1,
} as const satisfies Record<OperationEvent['type'], number>;

/** One act of an operator: who, why, and what came of it. */
export const operationStream = (operationId: Uuid): string => `operation-${operationId}`;

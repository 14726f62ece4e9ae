import type { Instant, Uuid } from '../vocabulary/values.js';
import type { OperationFigure, OperationKind } from './events.js';

export interface RequestOperation {
  readonly type: 'RequestOperation';
  readonly operationId: Uuid;
  readonly kind: OperationKind;
  readonly subject: string;
  readonly requestedBy: string;
  readonly reason: string;
  readonly at: Instant;
}
/** Asks for what a second operator has to approve. */
export interface ProposeOperation extends Omit<RequestOperation, 'type'> {
  readonly type: 'ProposeOperation';
  readonly build: number | null;
  readonly promotesItself: boolean;
}
/** Of an operator, on what waits for it. */
export interface OperationApproval {
  readonly type: 'ApproveOperation' | 'DeclineOperation';
  /** An address, or `operator:<name>`. */
  readonly by: string;
  readonly reason: string;
  readonly at: Instant;
}
export interface CompleteOperation {
  readonly type: 'CompleteOperation';
  readonly result: readonly OperationFigure[];
  readonly at: Instant;
}
export interface FailOperation {
  readonly type: 'FailOperation';
  readonly code: string;
  readonly reason: string;
  readonly at: Instant;
}
export type OperationCommand =
  RequestOperation | ProposeOperation | OperationApproval | CompleteOperation | FailOperation;

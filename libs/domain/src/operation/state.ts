import type { Uuid } from '../vocabulary/values.js';
import type { OperationKind } from './events.js';

export type OperationStatus = 'AWAITING_APPROVAL' | 'REQUESTED' | 'DECLINED' | 'COMPLETED' | 'FAILED';

export type OperationState =
  | { readonly status: 'NONE' }
  | {
      /** INTERRUPTED is what a failure of that code leaves: whoever did it may have done it after all. */
      readonly status: OperationStatus | 'INTERRUPTED';
      readonly operationId: Uuid;
      readonly kind: OperationKind;
      readonly subject: string;
      readonly requestedBy: string;
      readonly reason: string;
      /** As it was proposed: null also for what needed no approval. */
      readonly build: number | null;
      readonly promotesItself: boolean;
      /** Who approved or declined it; null where nobody did. */
      readonly decidedBy: string | null;
    };

import type { DomainEvent } from '@abland/kernel';
import type { Uuid } from '../vocabulary/values.js';
import type { OperationEvent } from './events.js';

/** What was parked, as `parkedEvents` names it, and is left out for good by an operator's decision. */
export interface SkipInLog {
  readonly subject: string;
  readonly operationId: Uuid;
}

/** What the log tells of skips by: what was asked for, and done. */
export const SKIP_EVENTS = [
  'OperationRequested',
  'OperationProposed',
  'OperationCompleted',
] as const satisfies readonly OperationEvent['type'][];

/** The skips that were done, of all that is told of operators' acts in the order of the log. */
export class SkipsInLog {
  private readonly asked = new Map<Uuid, SkipInLog>();
  private readonly found: SkipInLog[] = [];

  get done(): readonly SkipInLog[] {
    return this.found;
  }

  /** @param event any of the log */
  see({ data, type }: DomainEvent | OperationEvent): void {
    const { kind, operationId, subject } = data as Partial<
      Record<'kind' | 'operationId' | 'subject', string>
    >;
    if (operationId === undefined) return;
    if (type === 'OperationCompleted') {
      const skip = this.asked.get(operationId);
      if (skip !== undefined) this.found.push(skip);
    } else if (
      (type === 'OperationRequested' || type === 'OperationProposed') &&
      kind === 'SKIP_PARKED_EVENT'
    ) {
      if (subject !== undefined) this.asked.set(operationId, { subject, operationId });
    }
  }
}

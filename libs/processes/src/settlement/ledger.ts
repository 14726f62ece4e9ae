import type { BlockNumber, Uuid } from '@abland/domain';
import type { TrackedRequest } from './tracked-request.js';

/** How far a chain was ingested. */
export interface ChainProgress {
  /** Milliseconds since the epoch; null after a reorg until the next block comes. */
  readonly headTime: number | null;
  readonly finalizedNumber: BlockNumber | null;
}

/** The part of a chain's state that a batch of events touches, in memory. */
export class Ledger {
  private readonly requests = new Map<Uuid, TrackedRequest>();
  /** What is to be stored; null for what is to be forgotten. */
  readonly changes = new Map<Uuid, TrackedRequest | null>();

  constructor(
    requests: readonly TrackedRequest[],
    public progress: ChainProgress,
  ) {
    for (const request of requests) this.requests.set(request.commandId, request);
  }

  request(commandId: Uuid): TrackedRequest | null {
    return this.requests.get(commandId) ?? null;
  }

  /** In the order in which they were requested. */
  where(condition: (request: TrackedRequest) => boolean): readonly TrackedRequest[] {
    const found = [...this.requests.values()].filter(condition);
    return found.sort((one, other) => (one.position < other.position ? -1 : 1));
  }

  put(request: TrackedRequest): void {
    this.requests.set(request.commandId, request);
    this.changes.set(request.commandId, request);
  }

  /** Nothing can change what became of it any more. */
  forget(commandId: Uuid): void {
    this.requests.delete(commandId);
    this.changes.set(commandId, null);
  }
}

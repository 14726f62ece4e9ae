import type { Address, BlockNumber, Hash, Uuid } from '@abland/domain';
import type { TransactionFact } from './kinds/kind.js';
import type { RequestKind, TrackedRequest } from './tracked-request.js';

/** A fact kept because the request that it answers may be told only later, or because a later fact needs it. */
export interface KeptFact {
  readonly fact: TransactionFact;
  /** The request that it answered: one fact answers one request. */
  readonly claimedBy: Uuid | null;
}

/** How far a chain was ingested. */
export interface ChainProgress {
  /** Milliseconds since the epoch; null after a reorg until the next block comes. */
  readonly headTime: number | null;
  readonly finalizedNumber: BlockNumber | null;
}

export interface LedgerContent {
  readonly requests: readonly TrackedRequest[];
  readonly facts: readonly KeptFact[];
  readonly progress: ChainProgress;
  /** Blocks taken back by a reorg and not mined again, as far as they were asked for. */
  readonly revertedBlocks: readonly Hash[];
}

/** What a turn changed, to be stored. */
export interface LedgerChanges {
  readonly requests: readonly TrackedRequest[];
  readonly facts: readonly KeptFact[];
  readonly droppedFactIds: readonly Uuid[];
  readonly progress: ChainProgress | null;
  readonly revertedBlocks: readonly Hash[];
  readonly restoredBlocks: readonly Hash[];
}

/** The part of the process's state that a batch of events touches, in memory. */
export class Ledger {
  private readonly requests = new Map<Uuid, TrackedRequest>();
  private readonly facts = new Map<Uuid, KeptFact>();
  private readonly reverted: Set<Hash>;
  private currentProgress: ChainProgress;
  private readonly changed = {
    requests: new Set<Uuid>(),
    facts: new Set<Uuid>(),
    dropped: new Set<Uuid>(),
    reverted: new Set<Hash>(),
    restored: new Set<Hash>(),
    progress: false,
  };

  constructor(content: LedgerContent) {
    for (const request of content.requests) this.requests.set(request.commandId, request);
    for (const kept of content.facts) this.facts.set(kept.fact.id, kept);
    this.reverted = new Set(content.revertedBlocks);
    this.currentProgress = content.progress;
  }

  get progress(): ChainProgress {
    return this.currentProgress;
  }

  advance(progress: Partial<ChainProgress>): void {
    this.currentProgress = { ...this.currentProgress, ...progress };
    this.changed.progress = true;
  }

  request(commandId: Uuid): TrackedRequest | null {
    return this.requests.get(commandId) ?? null;
  }

  /** The last requested of its kind on an entity. */
  newestOf(kind: RequestKind, entityId: Uuid): TrackedRequest | null {
    return this.where((request) => request.kind === kind && request.entityId === entityId).at(-1) ?? null;
  }

  createdToken(address: Address): TrackedRequest | null {
    const created = this.where(
      (request) => request.kind === 'TOKEN_CREATION' && request.tokenAddress === address,
    );
    return created[0] ?? null;
  }

  /** In the order in which they were requested. */
  where(condition: (request: TrackedRequest) => boolean): readonly TrackedRequest[] {
    return [...this.requests.values()]
      .filter(condition)
      .sort(
        (one, other) => one.requestedAt - other.requestedAt || (one.commandId < other.commandId ? -1 : 1),
      );
  }

  put(request: TrackedRequest): void {
    this.requests.set(request.commandId, request);
    this.changed.requests.add(request.commandId);
  }

  /** Facts kept of a transaction, in the order of the chain. */
  factsOf(txHash: Hash): readonly KeptFact[] {
    return [...this.facts.values()]
      .filter(({ fact }) => fact.metadata.chain.txHash === txHash)
      .sort((one, other) => logIndexOf(one) - logIndexOf(other));
  }

  keep(kept: KeptFact): void {
    this.facts.set(kept.fact.id, kept);
    this.changed.facts.add(kept.fact.id);
    this.changed.dropped.delete(kept.fact.id);
  }

  isReverted(blockHash: Hash): boolean {
    return this.reverted.has(blockHash);
  }

  /** Lets go of what was found in these blocks. */
  revert(blockHashes: readonly Hash[]): void {
    for (const hash of blockHashes) {
      this.reverted.add(hash);
      this.changed.reverted.add(hash);
      this.changed.restored.delete(hash);
    }
    for (const [id, { fact }] of this.facts) {
      if (!blockHashes.includes(fact.metadata.chain.blockHash)) continue;
      this.facts.delete(id);
      this.changed.facts.delete(id);
      this.changed.dropped.add(id);
    }
  }

  /** A block is of the chain, perhaps again. */
  restore(blockHash: Hash): void {
    if (!this.reverted.delete(blockHash)) return;
    this.changed.reverted.delete(blockHash);
    this.changed.restored.add(blockHash);
  }

  changes(): LedgerChanges {
    const { changed } = this;
    return {
      requests: [...changed.requests].flatMap((id) => this.requests.get(id) ?? []),
      facts: [...changed.facts].flatMap((id) => this.facts.get(id) ?? []),
      droppedFactIds: [...changed.dropped],
      progress: changed.progress ? this.currentProgress : null,
      revertedBlocks: [...changed.reverted],
      restoredBlocks: [...changed.restored],
    };
  }
}

const logIndexOf = ({ fact }: KeptFact): number => fact.metadata.chain.logIndex ?? 0;

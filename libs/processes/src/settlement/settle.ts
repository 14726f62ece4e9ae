import type { ChainFact, Hash, TransactionFailed } from '@abland/domain';
import type { Logger, RecordedEvent } from '@abland/kernel';
import type { Cause, ProcessCommand } from '../engine/process-command.js';
import type { Recorded } from '../engine/recorded.js';
import { type EntityNews, isEntityEvent, readEntityNews, type RequestKey } from './entity-news.js';
import { revertedTransaction, type TransactionFact } from './kinds/kind.js';
import { KINDS } from './kinds/kinds.js';
import type { Ledger } from './ledger.js';
import type { TrackedRequest } from './tracked-request.js';

const ZERO_ADDRESS = `0x${'0'.repeat(40)}`;

/** Outcomes of transactions on the chain that a request may wait for. */
export const OUTCOME_FACT_TYPES = [
  'TokenCreated',
  'TokenDeactivated',
  'PoolCreated',
  'LiquidityAdded',
  'LiquidityRemoved',
  'Swap',
  'TransactionFailed',
] as const satisfies readonly ChainFact['type'][];

export const BLOCK_FACT_TYPES = [
  'BlockIngested',
  'BlocksReverted',
  'BlocksFinalized',
] as const satisfies readonly ChainFact['type'][];

/**
 * Folds one event into the ledger and says which commands follow. Depends on nothing but the two, so that a replay says
 * the same however the log is cut into batches.
 */
export function settle(ledger: Ledger, event: RecordedEvent, logger: Logger): readonly ProcessCommand[] {
  const settlement = new Settlement(ledger, event, logger);
  if (isEntityEvent(event)) settlement.hear(readEntityNews(event));
  else settlement.see(event as Recorded<ChainFact>);
  return settlement.commands;
}

class Settlement {
  readonly commands: ProcessCommand[] = [];

  constructor(
    private readonly ledger: Ledger,
    private readonly event: RecordedEvent,
    private readonly logger: Logger,
  ) {}

  hear(news: EntityNews): void {
    if (news.news === 'REQUESTED') return this.ledger.put(news.request);
    const request = this.find(news.key) ?? this.unrequested(news);
    if (request === null) return this.ignore('no request for an event of an aggregate', { key: news.key });
    switch (news.news) {
      case 'SIGNED':
        return this.ledger.put({ ...request, txHash: news.txHash });
      case 'SUBMITTED':
        return this.submitted({ ...request, txHash: news.txHash });
      case 'CONFIRMED':
        return this.confirmed(request, news);
      case 'REVERTED':
        return this.reverted(request, news.blockHash);
      case 'RETRACTED':
        return this.reopen(request, news.blockHash);
      case 'CLOSED':
        return this.ledger.put({ ...request, status: 'CLOSED' });
      case 'FINALIZED':
        return this.ledger.put({ ...request, status: 'FINAL' });
      default:
        return news satisfies never;
    }
  }

  see(fact: Recorded<ChainFact>): void {
    switch (fact.type) {
      case 'BlockIngested':
        this.ledger.restore(fact.data.hash);
        return this.ledger.advance({ headTime: fact.data.time * 1_000 });
      case 'BlocksReverted':
        return this.takeBack(fact.data.hashes);
      case 'BlocksFinalized':
        this.ledger.advance({ finalizedNumber: fact.data.number });
        for (const request of this.ledger.where(({ status }) => status === 'CONFIRMED')) {
          this.finalizeWhereFinal(request);
        }
        return;
      default:
        return isTransactionFact(fact) ? this.weigh(fact) : undefined;
    }
  }

  private weigh(fact: TransactionFact): void {
    if (fact.type === 'LiquidityAdded' && fact.data.user === ZERO_ADDRESS) return; // the locked minimum is nobody's
    if (fact.type === 'TokenDeactivated') {
      const created = this.ledger.createdToken(fact.data.tokenAddress);
      if (created !== null) this.answer(created, KINDS.TOKEN_DEACTIVATION.confirm(created, fact, []));
      return;
    }
    const { commandId, txHash } = fact.metadata.chain;
    if (fact.type === 'PoolCreated' || commandId === null) this.ledger.keep({ fact, claimedBy: null });
    if (commandId === null) {
      this.settleFirst(
        fact,
        this.ledger.where((request) => request.txHash === txHash),
      );
      return;
    }
    const named = this.ledger.request(commandId);
    if (named !== null) this.settleFirst(fact, [named]);
  }

  /** A fact answers the first request that it fits. */
  private settleFirst(fact: TransactionFact, candidates: readonly TrackedRequest[]): void {
    for (const request of candidates) {
      if (request.status === 'FINAL') continue;
      if (!this.settles(request, fact)) continue;
      if (fact.metadata.chain.commandId === null) this.ledger.keep({ fact, claimedBy: request.commandId });
      return;
    }
  }

  private settles(request: TrackedRequest, fact: TransactionFact): boolean {
    const kind = KINDS[request.kind];
    const { txHash } = fact.metadata.chain;
    if (isFailure(fact)) {
      // Our own sender's transaction may fail before it was told: it is told first.
      const own = request.execution === 'RELAYED' && request.txHash === txHash;
      if (own) this.answer(request, kind.submit(request, txHash));
      this.answer(request, kind.revert(request, revertedTransaction(fact)));
      return true;
    }
    const before = this.ledger.factsOf(txHash).map((kept) => kept.fact);
    const confirmation = kind.confirm(request, fact, before);
    if (confirmation === null) return false;
    const refusal = confirmation.refusal();
    if (refusal !== null) {
      this.ignore(refusal, { commandId: request.commandId, fact: fact.type, txHash });
      return false;
    }
    // Known from here on: the token's next fact may come before the event that this leads to.
    if (fact.type === 'TokenCreated') this.ledger.put({ ...request, tokenAddress: fact.data.tokenAddress });
    this.answer(request, confirmation);
    return true;
  }

  private submitted(request: TrackedRequest): void {
    this.ledger.put(request);
    if (request.txHash === null) return;
    for (const { fact, claimedBy } of this.ledger.factsOf(request.txHash)) {
      const open = fact.metadata.chain.commandId === null && claimedBy === null;
      if (open) this.settleFirst(fact, [request]);
    }
  }

  private confirmed(request: TrackedRequest, news: Extract<EntityNews, { news: 'CONFIRMED' }>): void {
    const { txHash, blockNumber, blockHash } = news;
    const confirmed: TrackedRequest = {
      ...request,
      txHash,
      status: 'CONFIRMED',
      outcomeBlockNumber: blockNumber,
      outcomeBlockHash: blockHash,
      tokenAddress: news.tokenAddress ?? request.tokenAddress,
    };
    this.ledger.put(confirmed);
    if (this.ledger.isReverted(blockHash)) this.retract(confirmed, [blockHash]);
    else this.finalizeWhereFinal(confirmed);
  }

  private reverted(request: TrackedRequest, blockHash: Hash): void {
    const reverted: TrackedRequest = {
      ...request,
      status: 'REVERTED',
      outcomeBlockNumber: null,
      outcomeBlockHash: blockHash,
    };
    this.ledger.put(reverted);
    if (this.ledger.isReverted(blockHash)) this.retract(reverted, [blockHash]);
  }

  private takeBack(hashes: readonly Hash[]): void {
    this.ledger.revert(hashes);
    this.ledger.advance({ headTime: null });
    const lost = new Set(hashes);
    const retracted = this.ledger.where(
      ({ outcomeBlockHash }) => outcomeBlockHash !== null && lost.has(outcomeBlockHash),
    );
    for (const request of retracted) this.retract(request, hashes);
  }

  private retract(request: TrackedRequest, hashes: readonly Hash[]): void {
    this.answer(request, KINDS[request.kind].retract(request, hashes));
    if (request.outcomeBlockHash !== null) this.reopen(request, request.outcomeBlockHash);
  }

  /** Only of the outcome that was taken back: a newer one may be known already. */
  private reopen(request: TrackedRequest, blockHash: Hash): void {
    if (request.outcomeBlockHash !== blockHash) return;
    this.ledger.put({
      ...request,
      status: 'OPEN',
      outcomeBlockNumber: null,
      outcomeBlockHash: null,
      expiryDueAt: request.deadline,
      tokenAddress: request.kind === 'TOKEN_CREATION' ? null : request.tokenAddress,
    });
  }

  private finalizeWhereFinal(request: TrackedRequest): void {
    const { finalizedNumber } = this.ledger.progress;
    const { outcomeBlockNumber } = request;
    if (finalizedNumber === null || outcomeBlockNumber === null || outcomeBlockNumber > finalizedNumber)
      return;
    this.answer(request, KINDS[request.kind].finalize(request, finalizedNumber));
    this.ledger.put({ ...request, status: 'FINAL' });
  }

  private find(key: RequestKey): TrackedRequest | null {
    return 'commandId' in key
      ? this.ledger.request(key.commandId)
      : this.ledger.newestOf(key.kind, key.entityId);
  }

  /** The chain deactivated a token that nobody asked us to; a reorg may take it back all the same. */
  private unrequested(news: EntityNews): TrackedRequest | null {
    if (news.news !== 'CONFIRMED' || 'commandId' in news.key) return null;
    const created = this.ledger.newestOf('TOKEN_CREATION', news.key.entityId);
    return created === null ? null : { ...created, commandId: this.event.id, kind: news.key.kind };
  }

  private answer(request: TrackedRequest, answer: { causedBy(cause: Cause): ProcessCommand } | null): void {
    if (answer === null) return;
    const { id } = this.event;
    this.commands.push(answer.causedBy({ id, causationId: id, correlationId: request.correlationId }));
  }

  private ignore(reason: string, fields: object): void {
    this.logger.info({ ...fields, eventId: this.event.id, reason }, 'fact ignored');
  }
}

const isFailure = (fact: TransactionFact): fact is TransactionFact & Recorded<TransactionFailed> =>
  fact.type === 'TransactionFailed';

function isTransactionFact(fact: Recorded<ChainFact>): fact is TransactionFact {
  return fact.metadata.chain !== undefined && fact.metadata.chain.txHash !== null;
}

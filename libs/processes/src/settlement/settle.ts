import {
  type BlockFact,
  type ChainId,
  type Hash,
  type RelayerTransactionSigned,
  type RequestCommand,
  requestDecider,
  requestStream,
} from '@abland/domain';
import type { RecordedEvent } from '@abland/kernel';
import { bindCommand, type ProcessCommand } from '../engine/process-command.js';
import type { Recorded } from '../engine/recorded.js';
import {
  accountOf,
  type ForwarderExecution,
  type Failure,
  isExecution,
  isFailure,
  isMined,
  isNews,
  isRequested,
  kindsAnsweredBy,
  type MinedFact,
  type RequestNews,
} from './followed-events.js';
import { fits, isSentBy, judge, type JudgingContext } from './judge.js';
import type { ChainProgress, Ledger } from './ledger.js';
import { type KeptFact, type TrackedRequest, trackedRequest } from './tracked-request.js';

/**
 * Facts kept for one request. A person whose transactions do the very same more often, untold and unnamed, before telling
 * which of them was meant, is to tell one that is not among them.
 */
const FACTS_KEPT = 64;

export interface SettlementContext extends JudgingContext {
  readonly chainId: ChainId;
}

/**
 * Folds one event into the ledger and says which commands follow. Depends on nothing but the ledger and what stands in the
 * log before the event, so that a replay says the same however the log is cut into batches.
 */
export async function settle(
  ledger: Ledger,
  event: RecordedEvent,
  context: SettlementContext,
): Promise<readonly ProcessCommand[]> {
  const settlement = new Settlement(ledger, event, context);
  if (isRequested(event)) {
    context.log.remember(event);
    ledger.put(trackedRequest(event));
  } else if (isNews(event)) {
    await settlement.hear(event);
  } else if (isMined(event)) {
    await settlement.weigh(event);
  } else {
    settlement.see(event as Recorded<BlockFact>);
  }
  return settlement.commands;
}

class Settlement {
  readonly commands: ProcessCommand[] = [];

  constructor(
    private readonly ledger: Ledger,
    private readonly event: RecordedEvent,
    private readonly context: SettlementContext,
  ) {}

  /** What others say of a request. It may be known to be settled already, and then nothing changes any more. */
  async hear({ type, data }: Recorded<RequestNews>): Promise<void> {
    const request = this.ledger.request(data.commandId);
    if (request === null) return;
    switch (type) {
      case 'RelayerTransactionSigned':
        return this.signed(request, data);
      case 'RelayRequested':
        return this.ledger.put({ ...request, forward: { nonce: data.forward.nonce, signed: false } });
      case 'RelayAuthorized':
        return this.ledger.put({
          ...request,
          forward: request.forward && { ...request.forward, signed: true },
        });
      case 'RequestSubmitted':
        return this.submitted(request, data.txHash);
      case 'RequestFailed':
      case 'RequestExpired':
        return this.ledger.put({ ...request, open: false });
      case 'RequestRetracted':
        return this.ledger.put({ ...request, open: true, openedBy: this.event.id });
      default:
        return type satisfies never;
    }
  }

  /**
   * A fact of a transaction answers the request that it names; where it names none that we know, the first that told the
   * transaction and fits.
   */
  async weigh(fact: MinedFact): Promise<void> {
    if (isExecution(fact)) return this.executed(fact);
    const { commandId, txHash } = fact.metadata.chain;
    const named = commandId === null ? null : this.ledger.request(commandId);
    if (named !== null) {
      await this.answer(named, fact);
      return;
    }
    const fitting: TrackedRequest[] = [];
    for (const request of this.candidates(fact)) {
      if (request.txHash !== txHash) {
        if (await fits(request, fact, this.context)) fitting.push(request);
      } else if (await this.answer(request, fact)) {
        return;
      }
    }
    for (const request of fitting) this.keep(request, fact);
  }

  /**
   * Anybody may execute what a person signed, and pass it on without our tag or under another: the signer and the nonce
   * tell whose it is.
   */
  private async executed(execution: ForwarderExecution): Promise<void> {
    const { signer, nonce, success } = execution.data;
    if (!success) return;
    const ofNonce = this.ledger.where(
      ({ requester, forward }) => requester === signer.toLowerCase() && forward?.nonce === nonce,
    );
    const { txHash } = execution.metadata.chain;
    const waiting = ofNonce.filter(({ mined }) => mined?.outcome !== 'CONFIRMED');
    if (waiting.length === 0 || ofNonce.some((one) => !waiting.includes(one) && one.txHash === txHash))
      return;
    const facts = await this.context.log.executedBy(execution);
    const signedFirst = [...waiting.filter(isSigned), ...waiting.filter((request) => !isSigned(request))];
    for (const request of signedFirst) {
      for (const fact of facts) {
        if (!(await this.answer(request, fact))) continue;
        return this.letGo(({ revision }) => revision === String(fact.revision));
      }
    }
  }

  see({ type, data }: Recorded<BlockFact>): void {
    const { progress } = this.ledger;
    switch (type) {
      case 'BlockIngested':
        this.ledger.progress = { ...progress, headTime: data.time * 1_000 };
        return;
      case 'BlocksReverted':
        this.ledger.progress = {
          headTime: null,
          finalizedNumber: finalAfter(progress, data.ancestor.number),
        };
        return this.takeBack(data.hashes);
      case 'BlocksFinalized':
        this.ledger.progress = { ...progress, finalizedNumber: data.number };
        for (const request of this.ledger.where(({ mined }) => mined !== null))
          this.finalizeWhereFinal(request);
        return;
      default:
        return type satisfies never;
    }
  }

  /** Requests that a fact may answer though its transaction names none. */
  private candidates(fact: MinedFact): readonly TrackedRequest[] {
    const account = accountOf(fact);
    const kinds = kindsAnsweredBy(fact);
    return this.ledger.where(
      ({ kind, requester }) => kinds.includes(kind) && (account === null || account === requester),
    );
  }

  /** Its transaction may be told later. */
  private keep(request: TrackedRequest, { revision, metadata: { chain } }: MinedFact): void {
    if (request.facts.length >= FACTS_KEPT) return;
    const { txHash, blockHash } = chain;
    const facts = [...request.facts, { txHash, blockHash, revision: String(revision) }];
    this.ledger.put({ ...request, facts });
  }

  /** Where one that it replaces was mined, that one stays the request's. */
  private signed(request: TrackedRequest, { txHash, relayer }: RelayerTransactionSigned['data']): void {
    const own = request.mined === null ? txHash : request.txHash;
    this.ledger.put({ ...request, txHash: own, relayer: relayer.toLowerCase() });
  }

  /** The transaction may have been mined before it was told. What it was told of is open: it had not expired by our clock before. */
  private async submitted(request: TrackedRequest, txHash: Hash): Promise<void> {
    if (request.mined?.outcome === 'CONFIRMED') return;
    const told = { ...request, txHash, open: true, openedBy: this.event.id };
    this.ledger.put(told);
    for (const { revision } of request.facts.filter((kept) => kept.txHash === txHash)) {
      const fact = await this.context.log.factAt(BigInt(revision));
      if (await this.answer(told, fact)) return this.letGo((kept) => kept.revision === revision);
    }
  }

  /** One fact answers one request, and only while it is of the chain. */
  private letGo(gone: (kept: KeptFact) => boolean): void {
    for (const request of this.ledger.where(({ facts }) => facts.some(gone))) {
      this.ledger.put({ ...request, facts: request.facts.filter((kept) => !gone(kept)) });
    }
  }

  /** @returns whether the fact is what became of the request */
  private async answer(request: TrackedRequest, fact: MinedFact): Promise<boolean> {
    if (request.mined?.outcome === 'CONFIRMED') return false;
    if (isFailure(fact)) return this.fail(request, fact);
    const answer = await judge(request, fact, this.context);
    if (answer === null) return false;
    this.issue(request, { type: 'ConfirmRequest', ...this.place(fact), ...answer });
    this.mined(request, fact, 'CONFIRMED');
    return true;
  }

  private fail(request: TrackedRequest, fact: Failure): boolean {
    if (!isSentBy(request, fact)) return false;
    // Our own sender's transaction may fail before it was told: it is told first.
    const { txHash } = fact.metadata.chain;
    if (request.execution === 'RELAYED') this.issue(request, { type: 'SubmitRequest', txHash, by: null });
    const { from: sender, reason } = fact.data;
    this.issue(request, { type: 'RevertRequest', ...this.place(fact), sender, reason });
    this.mined(request, fact, 'REVERTED');
    return true;
  }

  private mined(request: TrackedRequest, fact: MinedFact, outcome: 'CONFIRMED' | 'REVERTED'): void {
    const { txHash, blockNumber, blockHash } = fact.metadata.chain;
    const mined: TrackedRequest = { ...request, txHash, mined: { outcome, blockNumber, blockHash } };
    this.ledger.put(mined);
    this.finalizeWhereFinal(mined);
  }

  private takeBack(blockHashes: readonly Hash[]): void {
    const lost = new Set(blockHashes);
    this.letGo(({ blockHash }) => lost.has(blockHash));
    for (const request of this.ledger.where(({ mined }) => mined !== null && lost.has(mined.blockHash))) {
      this.issue(request, { type: 'RetractRequest', blockHashes });
      this.ledger.put({ ...request, mined: null });
    }
  }

  private finalizeWhereFinal(request: TrackedRequest): void {
    const { mined } = request;
    const { finalizedNumber } = this.ledger.progress;
    if (mined?.outcome !== 'CONFIRMED' || finalizedNumber === null || mined.blockNumber > finalizedNumber)
      return;
    this.issue(request, { type: 'FinalizeRequest', finalizedTo: finalizedNumber });
    this.ledger.forget(request.commandId);
  }

  private place({ metadata: { chain } }: MinedFact) {
    const { txHash, blockNumber, blockHash } = chain;
    return { chainId: this.context.chainId, mined: { txHash, blockNumber, blockHash } };
  }

  private issue({ commandId, correlationId }: TrackedRequest, command: RequestCommand): void {
    const { id } = this.event;
    const cause = { id, causationId: id, correlationId };
    this.commands.push(bindCommand(requestDecider, requestStream(commandId), command, cause));
  }
}

/** Where final blocks were taken back, those of the new branch have yet to become final. */
const finalAfter = ({ finalizedNumber }: ChainProgress, ancestor: number): number | null =>
  finalizedNumber === null ? null : Math.min(finalizedNumber, ancestor);

const isSigned = ({ forward }: TrackedRequest): boolean => forward?.signed === true;

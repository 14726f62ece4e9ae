import type { SeenElsewhere } from '@abland/domain';
import { AblandError, type FailureClass } from '@abland/kernel';
import { EXECUTION_REVERTED } from './reverts.js';

/** The provider cannot be reached, answers too late, wants to be left alone for a while, or its answer is no JSON-RPC. */
export class RpcUnavailableError extends AblandError {
  readonly code = 'CHAIN_RPC_UNAVAILABLE';
  override readonly failureClass = 'LATER';
  /** Milliseconds for which the provider asks to be left alone; null where it names none. */
  readonly retryAfterMs: number | null;
  constructor(
    message: string,
    details: Readonly<Record<string, unknown>> & { readonly retryAfterMs?: number | null } = {},
    cause?: unknown,
  ) {
    super(message, details, cause);
    this.retryAfterMs = details.retryAfterMs ?? null;
  }
}

/** The provider limits how much it is asked in a time, and that was too much. */
export class RpcTooOftenError extends RpcUnavailableError {}

/** More is asked of a provider than our own limit for it lets be sent soon: says nothing of the provider. */
export class OverBudgetError extends RpcUnavailableError {}

/** More was asked for at once than the provider gives; in parts it gives it. */
export class RpcTooMuchError extends AblandError {
  readonly code = 'CHAIN_RPC_TOO_MUCH';
  override readonly failureClass = 'LESS';
  /** Blocks that the provider says it would answer for at once; null where it names none. */
  readonly rangeMax: number | null;
  constructor(
    message: string,
    details: Readonly<Record<string, unknown>> & { readonly rangeMax?: number | null } = {},
  ) {
    super(message, details);
    this.rangeMax = details.rangeMax ?? null;
  }
}

/** The provider refuses to answer so many requests together. */
export class RpcBatchRefusedError extends AblandError {
  readonly code = 'CHAIN_RPC_BATCH_REFUSED';
  override readonly failureClass = 'LESS';
}

/** A field of an answer is missing, null, or not what it must be: the fault of that provider. */
export class MalformedAnswerError extends AblandError {
  readonly code = 'CHAIN_ANSWER_MALFORMED';
  override readonly failureClass = 'ANOTHER';
}

/**
 * The provider answered with an error of its own; `data` is what a reverted call returned. But for a revert by its code it is
 * the provider's word alone: nodes say -32603 and -32000 of what passes, too.
 */
export class RpcResponseError extends AblandError {
  readonly code = 'CHAIN_RPC_ERROR';
  override readonly failureClass: FailureClass;
  constructor(
    readonly rpcCode: number,
    message: string,
    readonly data: unknown,
  ) {
    super(message, { rpcCode });
    this.failureClass = rpcCode === EXECUTION_REVERTED ? 'WRONG' : 'ANOTHER';
  }
}

/** The provider serves another chain than the one that was configured. */
export class WrongChainError extends AblandError {
  readonly code = 'WRONG_CHAIN';
  readonly seen: SeenElsewhere;
  /** @param shownUrl of the provider, without its key */
  constructor(shownUrl: string, expected: number, actual: number) {
    const remedy =
      'CHAIN_RPC_URLS and CHAIN_ID, or a chain’s providers and id in CHAINS_FILE, do not belong together';
    super(`${shownUrl} serves chain ${actual}, expected ${expected}: ${remedy}`, {
      url: shownUrl,
      expected,
      actual,
    });
    this.seen = { provider: shownUrl, block: null };
  }
}

/** What the provider gave does not hold together (missing logs, blocks of two branches); asking again may help. */
export class InconsistentBlockError extends AblandError {
  readonly code = 'CHAIN_DATA_INCONSISTENT';
  override readonly failureClass = 'ANOTHER';
}

import { AblandError, type FailureClass } from '@abland/kernel';

/** The provider cannot be reached, answers too late, too much is asked of it, or its answer is no JSON-RPC. */
export class RpcUnavailableError extends AblandError {
  readonly code = 'CHAIN_RPC_UNAVAILABLE';
  override readonly failureClass = 'LATER';
}

/** What a contract says: the same of every provider (EIP-1474 leaves it to nodes; all say 3). */
const EXECUTION_REVERTED = 3;

/**
 * The provider answered with an error of its own; `data` is what a reverted call returned. But for a revert it is the
 * provider's word alone: nodes say -32603 and -32000 of what passes, too.
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
  /** @param shownUrl of the provider, without its key */
  constructor(shownUrl: string, expected: number, actual: number) {
    super(`${shownUrl} serves chain ${actual}, expected ${expected}`, {
      url: shownUrl,
      expected,
      actual,
    });
  }
}

/** What the provider gave does not hold together (missing logs, blocks of two branches); asking again may help. */
export class InconsistentBlockError extends AblandError {
  readonly code = 'CHAIN_DATA_INCONSISTENT';
  override readonly failureClass = 'ANOTHER';
}

/** Blocks that were final are no longer of the chain: an operator decides, nothing was published or lost. */
export class ReorgTooDeepError extends AblandError {
  readonly code = 'REORG_TOO_DEEP';
}

/**
 * The newest block that the provider tells lies below what we know of the chain, for longer than a node may lag: it was
 * restored, does not catch up, or serves another chain. What we know is kept, and nothing is sent to it.
 */
export class ChainBehindError extends AblandError {
  readonly code = 'CHAIN_BEHIND';
  override readonly failureClass = 'ANOTHER';
}

import { AblandError } from '@abland/kernel';

/** The provider cannot be reached, answers too late, too much is asked of it, or its answer is no JSON-RPC. */
export class RpcUnavailableError extends AblandError {
  readonly code = 'CHAIN_RPC_UNAVAILABLE';
  override readonly failureClass = 'LATER';
}

/** The provider answered with an error of its own; `data` is what a reverted call returned. */
export class RpcResponseError extends AblandError {
  readonly code = 'CHAIN_RPC_ERROR';
  constructor(
    readonly rpcCode: number,
    message: string,
    readonly data: unknown,
  ) {
    super(message, { rpcCode });
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

import { AblandError } from '@abland/kernel';
import type { Address, Hash } from '@abland/domain';

/** Something else sends from an account of ours: what we recorded can no longer be what the chain does. */
export class RelayerNonceMismatchError extends AblandError {
  readonly code = 'RELAYER_NONCE_MISMATCH';
  constructor(
    readonly relayer: Address,
    /** The nonce that the log takes for the next one. */
    readonly next: number,
    /** The nonce that the chain takes for the next one. */
    readonly mined: number,
  ) {
    super(
      `The next nonce of the relayer account ${relayer} is ${mined} on the chain, but ${next} by the log: ` +
        'use an account that nothing else sends from',
      { relayer, next, mined },
    );
  }
}

/** A recorded transaction lost its nonce to one that the log does not know. */
export class RelayerTransactionReplacedError extends AblandError {
  readonly code = 'RELAYER_TRANSACTION_REPLACED';
  constructor(relayer: Address, nonce: number, txHash: string) {
    super(
      `Transaction ${txHash} of the relayer account ${relayer} is not known to the chain, but its nonce ${nonce} is used: ` +
        'something else sends from this account',
      { relayer, nonce, txHash },
    );
  }
}

/** Other instances signed for the account first, every time; the same may work later. */
export class RelayerContendedError extends AblandError {
  readonly code = 'RELAYER_CONTENDED';
  override readonly failureClass = 'LATER';
  constructor(relayer: Address) {
    super(`Others signed for the relayer account ${relayer} first, every time`, { relayer });
  }
}

/** The provider is out of reach or answered what is no answer; the same may work later. */
export class ChainUnavailableError extends AblandError {
  readonly code = 'CHAIN_UNAVAILABLE';
  override readonly failureClass = 'LATER';
}

/** What the chain asks is more than an account of ours may offer; it may ask for less later. Fees in wei per gas. */
export class RelayerFeeCappedError extends AblandError {
  readonly code = 'RELAYER_FEE_CAPPED';
  override readonly failureClass = 'LATER';
  constructor(least: bigint, cap: bigint) {
    super(`${least} wei per gas is the least to offer now, and ${cap} the most that may be offered`, {
      least: String(least),
      cap: String(cap),
    });
  }
}

/** The node does not take a transaction for what it offers: a dearer one is to take its place. */
export class RelayerUnderpricedError extends AblandError {
  readonly code = 'RELAYER_UNDERPRICED';
  override readonly failureClass = 'LATER';
  constructor(
    readonly txHash: Hash,
    nonce: number,
    reason: string,
    cause: unknown,
  ) {
    super(`Not broadcast for what it offers: ${reason}`, { txHash, nonce }, cause);
  }
}

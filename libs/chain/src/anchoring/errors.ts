import type { Address, Hash } from '@abland/domain';
import { AblandError } from '@abland/kernel';

/** The contract takes nothing of this log: nobody was named who signs its tree heads. Governance names one. */
export class AnchorNotRegisteredError extends AblandError {
  readonly code = 'ANCHOR_NOT_REGISTERED';
  constructor(checkpoint: Address, logId: Hash) {
    super(`ABCheckpoint at ${checkpoint} has no signer for the log ${logId}: governance has to name one`, {
      checkpoint,
      logId,
    });
  }
}

/** The contract takes tree heads of this log that another signed. */
export class AnchorSignerOtherError extends AblandError {
  readonly code = 'ANCHOR_SIGNER_OTHER';
  constructor(logId: Hash, expected: Address, actual: Address) {
    super(
      `ABCheckpoint takes what ${expected} signs for the log ${logId}, ANCHOR_PRIVATE_KEY is of ${actual}`,
      {
        logId,
        expected,
        actual,
      },
    );
  }
}

/** The account that anchors has not enough for the transaction: somebody has to send it more. Amounts in wei. */
export class AnchorUnpaidError extends AblandError {
  readonly code = 'ANCHOR_CANNOT_PAY';
  override readonly failureClass = 'LATER';
  constructor(account: Address, needed: bigint, has: bigint) {
    super(`${account} needs ${needed} wei to anchor, and has ${has}`, {
      account,
      needed: String(needed),
      has: String(has),
    });
  }
}

import type { Address, Uuid } from '@abland/domain';
import type { Position } from '@abland/kernel';

/** A relayed command that its user has signed. */
export interface AuthorizedRelay {
  readonly commandId: Uuid;
  /** Who asked for it. */
  readonly signer: Address;
  readonly correlationId: string;
  /** Position of its RelayAuthorized or any earlier one of its own: nothing can have been signed for it before. */
  readonly authorizedAt: Position;
  /** What an earlier attempt waited for has come. */
  readonly ignorePause?: boolean;
}

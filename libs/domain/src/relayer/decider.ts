import type { Decider } from '@abland/kernel';
import { refusal } from '../vocabulary/errors.js';
import type { Address, ChainId, Count, Hash, HexData, Uuid } from '../vocabulary/values.js';
import { RELAYER_VERSIONS, type RelayerEvent } from './events.js';

/** Records a signed transaction before it is broadcast. */
export interface SignRelayerTransaction {
  readonly type: 'SignRelayerTransaction';
  readonly chainId: ChainId;
  readonly relayer: Address;
  /** The nonce that it was signed with. */
  readonly nonce: Count;
  readonly commandId: Uuid;
  readonly txHash: Hash;
  readonly rawTransaction: HexData;
  /** The newest transaction of its nonce, which it takes the place of; null where it takes a new nonce. */
  readonly replaces: Hash | null;
}

export interface SignedTransaction {
  readonly nonce: Count;
  readonly commandId: Uuid;
  readonly txHash: Hash;
  readonly before: SignedTransaction | null;
}

/** A chain of what was signed, newest first: adding to it costs the same however long it is. */
export interface RelayerState {
  /** Null where the account signed nothing yet that the log knows: then the chain says which nonce is next. */
  readonly nextNonce: Count | null;
  readonly newest: SignedTransaction | null;
}

/**
 * Our sender's account on one chain. Each nonce belongs to one command, and each command has one nonce at most; a stuck
 * transaction is replaced by another of the same nonce and command.
 */
export const relayerDecider: Decider<SignRelayerTransaction, RelayerState, RelayerEvent> = {
  initialState: { nextNonce: null, newest: null },
  decide(command, state) {
    const signed = signedFor(state, command.commandId);
    if (signed?.txHash === command.txHash) return [];
    if (command.replaces === null) assertNewNonce(command, state, signed);
    else assertReplaces(command, signed);
    const { type: _type, ...data } = command;
    return [{ type: 'RelayerTransactionSigned', version: RELAYER_VERSIONS.RelayerTransactionSigned, data }];
  },
  evolve(state, { data: { nonce, commandId, txHash } }) {
    return {
      nextNonce: Math.max(state.nextNonce ?? 0, nonce + 1),
      newest: { nonce, commandId, txHash, before: state.newest },
    };
  },
};

/** The transaction that was signed last for a command; null where there is none. */
export function signedFor(state: RelayerState, commandId: Uuid): SignedTransaction | null {
  for (let signed = state.newest; signed !== null; signed = signed.before) {
    if (signed.commandId === commandId) return signed;
  }
  return null;
}

/** @throws DomainError RELAYER_COMMAND_ALREADY_SIGNED, RELAYER_NONCE_MISMATCH */
function assertNewNonce(
  { nonce }: SignRelayerTransaction,
  { nextNonce }: RelayerState,
  signed: SignedTransaction | null,
): void {
  if (signed !== null) {
    const details = { nonce: signed.nonce, txHash: signed.txHash };
    throw refusal(
      'RELAYER_COMMAND_ALREADY_SIGNED',
      'A transaction of this command was signed',
      'commandId',
      details,
    );
  }
  if (nextNonce !== null && nonce !== nextNonce) {
    throw refusal('RELAYER_NONCE_MISMATCH', 'Another nonce is next', 'nonce', { next: nextNonce });
  }
}

/** @throws DomainError RELAYER_NONCE_MISMATCH */
function assertReplaces({ nonce, replaces }: SignRelayerTransaction, signed: SignedTransaction | null): void {
  if (signed?.txHash === replaces && signed.nonce === nonce) return;
  throw refusal(
    'RELAYER_NONCE_MISMATCH',
    'Only the newest transaction of the same command and nonce is replaced',
    'replaces',
    { newest: signed?.txHash ?? null },
  );
}

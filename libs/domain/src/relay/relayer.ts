import type { Decider } from '@abland/kernel';
import { EVENT_VERSIONS } from '../catalogue.js';
import { refusal } from '../errors.js';
import type { Address, Count, Hash, HexData, Uuid } from '../values.js';
import type { RelayerEvent } from './events.js';

/** Records a signed transaction before it is broadcast. */
export interface SignRelayerTransaction {
  readonly type: 'SignRelayerTransaction';
  readonly relayer: Address;
  /** The nonce that it was signed with. */
  readonly nonce: Count;
  readonly commandId: Uuid;
  readonly txHash: Hash;
  readonly rawTransaction: HexData;
}

export interface SignedTransaction {
  readonly nonce: Count;
  readonly commandId: Uuid;
  readonly txHash: Hash;
  readonly before: SignedTransaction | null;
}

/** A chain of what was signed, newest first: adding to it costs the same however long it is. */
export interface RelayerState {
  readonly nextNonce: Count;
  readonly newest: SignedTransaction | null;
}

/**
 * Our sender's account. Its nonce is the stream's revision, so that the log itself keeps two transactions from taking one
 * nonce, and one command from taking two.
 */
export const relayerDecider: Decider<SignRelayerTransaction, RelayerState, RelayerEvent> = {
  initialState: { nextNonce: 0, newest: null },
  decide(command, state) {
    const signed = signedFor(state, command.commandId);
    if (signed?.txHash === command.txHash) return [];
    if (signed !== null) {
      throw refusal(
        'RELAYER_COMMAND_ALREADY_SIGNED',
        'A transaction of this command was signed',
        'commandId',
        {
          nonce: signed.nonce,
          txHash: signed.txHash,
        },
      );
    }
    if (command.nonce !== state.nextNonce) {
      throw refusal('RELAYER_NONCE_MISMATCH', 'Another nonce is next', 'nonce', { next: state.nextNonce });
    }
    const { type: _type, ...data } = command;
    return [{ type: 'RelayerTransactionSigned', version: EVENT_VERSIONS.RelayerTransactionSigned, data }];
  },
  evolve(state, { data: { nonce, commandId, txHash } }) {
    return { nextNonce: nonce + 1, newest: { nonce, commandId, txHash, before: state.newest } };
  },
};

/** The transaction that was signed for a command; null where there is none. */
export function signedFor(state: RelayerState, commandId: Uuid): SignedTransaction | null {
  for (let signed = state.newest; signed !== null; signed = signed.before) {
    if (signed.commandId === commandId) return signed;
  }
  return null;
}

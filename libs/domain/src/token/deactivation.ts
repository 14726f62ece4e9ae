import type { DomainEvent } from '@abland/kernel';
import { refusal } from '../vocabulary/errors.js';
import { sameAddress } from '../input/address.js';
import type { Requested } from '../request/events.js';
import { assertAddressFits } from '../request/fitting.js';
import type { RequestKind } from '../request/kind.js';
import type { Address } from '../vocabulary/values.js';

export type TokenDeactivationTerms = { readonly tokenAddress: Address };
export type TokenDeactivationRequested = DomainEvent<
  'TokenDeactivationRequested',
  Requested<TokenDeactivationTerms>
>;

export interface TokenDeactivationAsk {
  readonly tokenAddress: Address;
  /** The newest known state of the token; null where the chain has none of the factory's there. */
  readonly known: {
    readonly creator: Address;
    readonly active: boolean;
    /** Whether another deactivation of it is on its way. */
    readonly pending: boolean;
  } | null;
}

/** The end of a token's trading, for good. */
export const tokenDeactivation: RequestKind<
  'DEACTIVATE_TOKEN',
  'TokenDeactivationRequested',
  TokenDeactivationAsk,
  TokenDeactivationTerms
> = {
  name: 'DEACTIVATE_TOKEN',
  requested: { type: 'TokenDeactivationRequested', version: 1 },
  accept({ tokenAddress, known }, { requester }) {
    if (known === null) {
      throw refusal('UNKNOWN_TOKEN', 'No token at this address was created here', 'tokenAddress');
    }
    if (!sameAddress(requester, known.creator)) {
      throw refusal('NOT_THE_CREATOR', 'Only its creator deactivates a token', 'tokenAddress');
    }
    if (!known.active) throw refusal('TOKEN_DEACTIVATED', 'The token is deactivated', 'tokenAddress');
    if (known.pending) {
      throw refusal('DEACTIVATION_PENDING', 'A deactivation of this token is on its way', 'tokenAddress');
    }
    return { tokenAddress };
  },
  answeredBy: ['TokenDeactivated'],
  outcome({ terms }, fact) {
    if (fact.type !== 'TokenDeactivated') return null;
    const { tokenAddress } = fact.data;
    assertAddressFits('tokenAddress', terms.tokenAddress, tokenAddress);
    return { kind: 'DEACTIVATE_TOKEN', tokenAddress };
  },
};

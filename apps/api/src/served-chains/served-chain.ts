import type { ForwarderReference } from '@abland/chain';
import type { ChainConfig, ContractAddresses } from '@abland/platform';
import { ApiError } from '../errors/api-error.js';

/** A chain that this deployment serves, and its contracts there. */
export interface ServedChain
  extends ContractAddresses, Pick<ChainConfig, 'name' | 'finalityTag' | 'proof' | 'quorum'> {
  readonly chainId: number;
  /** Blocks on top of a block until it is final. */
  readonly finalityDepth: number;
}

/** Whom users sign requests for. @throws ApiError RELAY_UNAVAILABLE */
export function requireForwarder({ chainId, forwarder }: ServedChain, field: string): ForwarderReference {
  if (forwarder === null) {
    throw new ApiError('RELAY_UNAVAILABLE', 'This server sends no relayed commands', field);
  }
  return { chainId, forwarder };
}

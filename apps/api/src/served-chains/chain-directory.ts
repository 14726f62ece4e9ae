import type { DomainErrorCode } from '@abland/domain';
import { DomainError, invariant } from '@abland/kernel';
import { ApiError } from '../errors/api-error.js';
import type { ServedChain } from './served-chain.js';

/** The chains that this deployment serves, at least one. */
export class ChainDirectory {
  readonly ids: readonly number[];
  /** What is bound to no chain and has to name one names this one. */
  readonly first: ServedChain;

  constructor(private readonly chains: readonly ServedChain[]) {
    const [first] = chains;
    invariant(first !== undefined, 'No chain is served');
    this.first = first;
    this.ids = chains.map(({ chainId }) => chainId);
  }

  /**
   * The chain that a caller means: the only one there is where they name none.
   * @throws ApiError CHAIN_REQUIRED
   * @throws DomainError UNKNOWN_CHAIN
   */
  meant(chainId: number | null | undefined): ServedChain {
    if (chainId !== null && chainId !== undefined) return this.byId(chainId);
    if (this.chains.length === 1) return this.first;
    throw new ApiError('CHAIN_REQUIRED', 'Say which chain', 'chainId', { chainIds: this.ids });
  }

  /** @throws DomainError UNKNOWN_CHAIN */
  byId(chainId: number): ServedChain {
    const chain = this.chains.find((one) => one.chainId === chainId);
    if (chain !== undefined) return chain;
    throw new DomainError<DomainErrorCode>('UNKNOWN_CHAIN', 'No such chain is served here', 'chainId', {
      chainIds: this.ids,
    });
  }
}

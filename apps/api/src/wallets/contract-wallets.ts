import { ChainRpc, isSignedByContract } from '@abland/chain';
import type { Logger } from '@abland/kernel';
import type { ServedChain } from '../served-chains/served-chain.js';

/** Whether a contract of a chain signed a hash, as a wallet does that is none of an account (ERC-1271, ERC-6492). */
export type IsSignedByContract = (
  chainId: number,
  claim: { readonly address: string; readonly hash: string; readonly signature: string },
) => Promise<boolean>;

export interface AskedChain extends Pick<ServedChain, 'chainId'> {
  readonly rpcUrls: readonly string[];
  readonly requestsPerSecond?: number | undefined;
}

/** What is asked of each chain, by connections that are opened when the first wallet comes that is a contract. */
export class ContractWallets {
  private readonly opened = new Map<number, ChainRpc>();

  constructor(
    private readonly chains: readonly AskedChain[],
    private readonly logger: Logger,
  ) {}

  readonly isSignedByContract: IsSignedByContract = async (chainId, claim) => {
    const rpc = this.opened.get(chainId) ?? this.open(chainId);
    return rpc === null ? false : isSignedByContract(rpc, claim);
  };

  close(): void {
    for (const rpc of this.opened.values()) rpc.close();
  }

  private open(chainId: number): ChainRpc | null {
    const chain = this.chains.find((one) => one.chainId === chainId);
    if (chain === undefined) return null;
    const { requestsPerSecond, rpcUrls: urls } = chain;
    const rpc = new ChainRpc({ urls, chainId, requestsPerSecond, logger: this.logger });
    this.opened.set(chainId, rpc);
    return rpc;
  }
}

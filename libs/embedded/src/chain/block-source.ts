import type { EthereumProvider } from 'hardhat/types/providers';

/** The newest block, as far as the journal needs it. */
export interface Head {
  readonly number: number;
  readonly hash: string;
  /** Seconds since the epoch. */
  readonly time: number;
  readonly transactions: number;
}

interface RpcBlock {
  readonly number: string;
  readonly hash: string;
  readonly timestamp: string;
  readonly transactions: readonly string[];
}

export async function readHead(provider: EthereumProvider): Promise<Head> {
  const block = (await provider.request({
    method: 'eth_getBlockByNumber',
    params: ['latest', false],
  })) as RpcBlock;
  return {
    number: Number(block.number),
    hash: block.hash,
    time: Number(block.timestamp),
    transactions: block.transactions.length,
  };
}

/** Mines what the pool holds. Randomness comes from the parent's hash, so that no read between two blocks can change it. */
export async function mineBlock(provider: EthereumProvider, parentHash: string, time: number): Promise<Head> {
  await provider.request({ method: 'hardhat_setPrevRandao', params: [parentHash] });
  await provider.request({ method: 'evm_setNextBlockTimestamp', params: [time] });
  await provider.request({ method: 'evm_mine', params: [] });
  return readHead(provider);
}

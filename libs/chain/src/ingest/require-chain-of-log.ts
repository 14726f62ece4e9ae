import type { EventStore, Logger } from '@abland/kernel';
import { quantity, type RpcHeader } from '../blocks/rpc-shapes.js';
import { ChainRpc } from '../rpc/chain-rpc.js';
import { ChainNotOfLogError } from './errors.js';
import { restoreChain } from './restore.js';

export interface LogOfChain {
  readonly eventStore: EventStore;
  readonly chainId: number;
  /** As ChainRpc takes them. */
  readonly rpcUrls: readonly string[];
  readonly logger: Logger;
}

/**
 * Whether the provider's chain is the one whose blocks are in the log, and not another one with the same id: it must have the
 * newest block that the log holds as final.
 * @throws ChainNotOfLogError, WrongChainError
 * @throws RpcUnavailableError, RpcResponseError where that is not known: no provider answers
 */
export async function requireChainOfLog({ eventStore, chainId, rpcUrls, logger }: LogOfChain): Promise<void> {
  const { finalized } = (await restoreChain(eventStore, chainId)).window;
  if (finalized === null) return;
  const rpc = new ChainRpc({ urls: rpcUrls, chainId, logger });
  try {
    const params = [quantity(finalized.number), false] as const;
    const found = await rpc.request<RpcHeader | null>('eth_getBlockByNumber', ...params);
    if (found?.hash !== finalized.hash) throw notOfLog(chainId, finalized, found);
  } finally {
    rpc.close();
  }
}

function notOfLog(
  chainId: number,
  { number, hash }: { readonly number: number; readonly hash: string },
  found: RpcHeader | null,
): ChainNotOfLogError {
  const problem =
    found === null
      ? 'the provider does not have: it serves another chain of this id, or has not caught up yet'
      : `is ${found.hash} for the provider: it serves another chain of this id`;
  return new ChainNotOfLogError(
    `Block ${number} of chain ${chainId}, final in the log as ${hash}, ${problem}`,
    {
      chainId,
      number,
      expected: hash,
      actual: found?.hash ?? null,
    },
  );
}

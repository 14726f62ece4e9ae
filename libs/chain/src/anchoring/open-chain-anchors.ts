import type { Address } from '@abland/domain';
import type { EventStore, Logger } from '@abland/kernel';
import { parseUnits, Wallet } from 'ethers';
import { ChainOfLog } from '../chain-of-log/chain-of-log.js';
import { ChainRpc } from '../rpc/chain-rpc.js';
import { ChainRpcProvider } from '../sender/sending-provider.js';
import { ChainAnchors } from './chain-anchors.js';

export interface OpenChainAnchorsOptions {
  /** In order of preference; http(s) or ws(s). */
  readonly rpcUrls: readonly string[];
  readonly requestsPerSecond?: number | undefined;
  readonly chainId: number;
  /** ABCheckpoint. */
  readonly checkpoint: Address;
  /** Of the log. */
  readonly origin: string;
  readonly privateKey: string;
  /** The most that a transaction may offer, in gwei per gas. */
  readonly maxFeeGwei: number;
  readonly store: EventStore;
  readonly logger: Logger;
}

/** With providers of its own. The chain is asked nothing before it is asked for something. */
export function openChainAnchors(options: OpenChainAnchorsOptions): ChainAnchors & { close(): void } {
  const { chainId, checkpoint, logger, maxFeeGwei, origin, privateKey, store } = options;
  const { requestsPerSecond, rpcUrls } = options;
  const rpc = new ChainRpc({ urls: rpcUrls, chainId, requestsPerSecond, logger });
  const provider = new ChainRpcProvider(rpc, chainId);
  const chain = new ChainOfLog({ eventStore: store, chainId, rpcUrls, requestsPerSecond, logger });
  const anchors = new ChainAnchors({
    ...{ provider, chainId, checkpoint, origin },
    wallet: new Wallet(privateKey),
    maxFeePerGas: parseUnits(String(maxFeeGwei), 'gwei'),
    requireChain: () => chain.require(),
  });
  const close = (): void => {
    provider.destroy();
    rpc.close();
    chain.close();
  };
  return Object.assign(anchors, { close });
}

import type { Address } from '@abland/domain';
import type { Clock, EventStore, Logger } from '@abland/kernel';
import { Wallet } from 'ethers';
import { RelaySender } from './relay-sender.js';
import { ChainRpc } from '../rpc/chain-rpc.js';
import { ChainRpcProvider } from './sending-provider.js';

export interface OpenRelaySenderOptions {
  /** In order of preference; http(s) or ws(s). */
  readonly rpcUrls: readonly string[];
  readonly chainId: number;
  readonly forwarder: Address;
  readonly privateKey: string;
  readonly store: EventStore;
  readonly clock: Clock;
  readonly logger: Logger;
}

export interface OpenRelaySender {
  readonly sender: RelaySender;
  close(): void;
}

/**
 * A sender with a provider of its own. The chain is asked nothing before the sender's own `open`, which comes before its first
 * `send`.
 */
export function openRelaySender(options: OpenRelaySenderOptions): OpenRelaySender {
  const { rpcUrls, chainId, privateKey, ...shared } = options;
  const rpc = new ChainRpc({ urls: rpcUrls, chainId, logger: shared.logger });
  const provider = new ChainRpcProvider(rpc, chainId);
  const close = (): void => {
    provider.destroy();
    rpc.close();
  };
  const sender = new RelaySender({ ...shared, chainId, provider, wallet: new Wallet(privateKey) });
  return { sender, close };
}

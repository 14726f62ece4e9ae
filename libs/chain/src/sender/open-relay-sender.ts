import type { Address } from '@abland/domain';
import type { Clock, EventStore, Logger } from '@abland/kernel';
import { Wallet } from 'ethers';
import { RelaySender } from './relay-sender.js';
import { ChainRpc } from '../rpc/chain-rpc.js';
import { ChainRpcProvider } from './sending-provider.js';

const WEI_PER_GWEI = 1_000_000_000n;

export interface OpenRelaySenderOptions {
  /** In order of preference; http(s) or ws(s). */
  readonly rpcUrls: readonly string[];
  readonly chainId: number;
  readonly forwarder: Address;
  readonly privateKey: string;
  /** The most that a transaction may offer, in gwei per gas. */
  readonly maxFeeGwei: number;
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
  const { rpcUrls, chainId, privateKey, maxFeeGwei, ...shared } = options;
  const rpc = new ChainRpc({ urls: rpcUrls, chainId, logger: shared.logger });
  const provider = new ChainRpcProvider(rpc, chainId);
  const close = (): void => {
    provider.destroy();
    rpc.close();
  };
  const maxFeePerGas = BigInt(maxFeeGwei) * WEI_PER_GWEI;
  const wallet = new Wallet(privateKey);
  const sender = new RelaySender({ ...shared, chainId, provider, wallet, maxFeePerGas });
  return { sender, close };
}

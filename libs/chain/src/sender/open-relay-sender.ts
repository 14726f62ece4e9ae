import type { Address } from '@abland/domain';
import { AblandError, type Clock, type EventStore, type Logger, withoutSecrets } from '@abland/kernel';
import { Wallet } from 'ethers';
import { ChainUnavailableError } from './errors.js';
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
 * A sender with a provider of its own, its account checked.
 * @throws RelayerNonceMismatchError where something else has sent from the account
 * @throws ChainUnavailableError where no endpoint answers
 */
export async function openRelaySender(options: OpenRelaySenderOptions): Promise<OpenRelaySender> {
  const { rpcUrls, chainId, privateKey, ...shared } = options;
  const rpc = new ChainRpc({ urls: rpcUrls, chainId, logger: shared.logger });
  const provider = new ChainRpcProvider(rpc, chainId);
  const close = (): void => {
    provider.destroy();
    rpc.close();
  };
  const sender = new RelaySender({ ...shared, chainId, provider, wallet: new Wallet(privateKey) });
  try {
    await sender.open();
    return { sender, close };
  } catch (error) {
    close();
    if (error instanceof AblandError) throw error;
    throw new ChainUnavailableError(
      `The chain cannot be reached at ${rpcUrls.map(withoutSecrets).join(', ')}`,
      {},
      error,
    );
  }
}

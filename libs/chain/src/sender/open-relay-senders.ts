import type { Address } from '@abland/domain';
import type { Clock, EventStore, Logger } from '@abland/kernel';
import { parseUnits, Wallet } from 'ethers';
import type { DataFeeTold } from '../blocks/data-fee-field.js';
import { RelaySender } from './relay-sender.js';
import { RetiredSender } from './retired-sender.js';
import { ChainRpc } from '../rpc/chain-rpc.js';
import { ChainRpcProvider } from './sending-provider.js';

export interface OpenRelaySendersOptions {
  /** In order of preference; http(s) or ws(s). */
  readonly rpcUrls: readonly string[];
  readonly requestsPerSecond?: number | undefined;
  readonly chainId: number;
  readonly forwarder: Address;
  /** All different. */
  readonly privateKeys: readonly string[];
  /** The most that a transaction may offer, in gwei per gas. */
  readonly maxFeeGwei: number;
  /** The most gas that a transaction may take. */
  readonly maxGas: number;
  /** Where receipts tell what was paid for data on the chain below. */
  readonly dataFee: DataFeeTold;
  readonly store: EventStore;
  readonly clock: Clock;
  readonly logger: Logger;
}

export interface OpenRelaySenders {
  /** One a key, in their order. */
  readonly senders: readonly RelaySender[];
  /** Of an account that the log knows and no key is of. */
  retired(relayer: Address): RetiredSender;
  close(): void;
}

/**
 * Senders with a provider of their own. The chain is asked nothing before a sender's own `open`, which comes before its first
 * `send`.
 */
export function openRelaySenders(options: OpenRelaySendersOptions): OpenRelaySenders {
  const { rpcUrls, requestsPerSecond, chainId, dataFee, privateKeys, maxFeeGwei, maxGas, ...shared } =
    options;
  const rpc = new ChainRpc({ urls: rpcUrls, chainId, requestsPerSecond, logger: shared.logger });
  const provider = new ChainRpcProvider(rpc, chainId, dataFee);
  const limits = { maxFeePerGas: parseUnits(String(maxFeeGwei), 'gwei'), gasMax: BigInt(maxGas) };
  const common = { ...shared, chainId, provider };
  return {
    senders: privateKeys.map((key) => new RelaySender({ ...common, wallet: new Wallet(key), ...limits })),
    retired: (relayer) => new RetiredSender({ ...common, relayer }),
    close() {
      provider.destroy();
      rpc.close();
    },
  };
}

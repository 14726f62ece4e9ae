import { isError } from 'ethers';
import type { Hash } from '@abland/domain';
import { ChainUnavailableError, RelayerTransactionReplacedError } from './errors.js';
import { messageOf, reasonOf } from './reason.js';
import type { StandingTransaction } from './relayer-account.js';
import type { SendingProvider } from './sending-provider.js';

/** Nodes word it as they like: geth, erigon, nethermind, Hardhat, OpenEthereum. */
const KNOWN_ALREADY = /already known|alreadyknown|known transaction|already imported|already exists/i;

/**
 * Hands a recorded transaction to the chain; the same bytes as often as needed. One that it replaces may have been mined
 * before it: that is as good.
 * @throws ChainUnavailableError where it is not certain that the chain has it
 * @throws RelayerTransactionReplacedError where its nonce was used by one that the log does not know
 */
export async function broadcast(
  provider: SendingProvider,
  { transaction, replaced }: StandingTransaction,
): Promise<void> {
  const { relayer, nonce, txHash, rawTransaction } = transaction;
  try {
    await provider.broadcastTransaction(rawTransaction);
  } catch (error) {
    if (KNOWN_ALREADY.test(messageOf(error))) return;
    if (await isKnown(provider, [txHash, ...replaced])) return;
    if (isError(error, 'NONCE_EXPIRED')) throw new RelayerTransactionReplacedError(relayer, nonce, txHash);
    throw new ChainUnavailableError(`Not broadcast: ${reasonOf(error)}`, { txHash, nonce }, error);
  }
}

async function isKnown(provider: SendingProvider, hashes: readonly Hash[]): Promise<boolean> {
  try {
    const found = await Promise.all(
      hashes.flatMap((txHash) => [provider.getTransactionReceipt(txHash), provider.getTransaction(txHash)]),
    );
    return found.some((one) => one !== null);
  } catch (error) {
    const details = { txHash: hashes[0] };
    throw new ChainUnavailableError(`Not known whether broadcast: ${reasonOf(error)}`, details, error);
  }
}

import { isError } from 'ethers';
import type { Address, RelayerTransactionSigned } from '@abland/domain';
import { ChainUnavailableError, RelayerTransactionReplacedError } from './errors.js';
import type { SendingProvider } from './sending-provider.js';

type Recorded = RelayerTransactionSigned['data'];

/** Nodes word it as they like: geth, erigon, nethermind, Hardhat, OpenEthereum. */
const KNOWN_ALREADY = /already known|alreadyknown|known transaction|already imported|already exists/i;

/**
 * Hands a recorded transaction to the chain; the same bytes as often as needed.
 * @throws ChainUnavailableError where it is not certain that the chain has it
 * @throws RelayerTransactionReplacedError where its nonce was used by another
 */
export async function broadcast(provider: SendingProvider, transaction: Recorded): Promise<void> {
  try {
    await provider.broadcastTransaction(transaction.rawTransaction);
  } catch (error) {
    if (KNOWN_ALREADY.test(messageOf(error))) return;
    if (await isKnown(provider, transaction)) return;
    if (isError(error, 'NONCE_EXPIRED')) throw replaced(transaction);
    const details = { txHash: transaction.txHash, nonce: transaction.nonce };
    throw new ChainUnavailableError(`Not broadcast: ${messageOf(error)}`, details, error);
  }
}

async function isKnown(provider: SendingProvider, { txHash }: Recorded): Promise<boolean> {
  try {
    const [receipt, transaction] = await Promise.all([
      provider.getTransactionReceipt(txHash),
      provider.getTransaction(txHash),
    ]);
    return receipt !== null || transaction !== null;
  } catch (error) {
    throw new ChainUnavailableError(`Not known whether broadcast: ${messageOf(error)}`, { txHash }, error);
  }
}

const replaced = ({ relayer, nonce, txHash }: Recorded): RelayerTransactionReplacedError =>
  new RelayerTransactionReplacedError(relayer as Address, nonce, txHash);

/** The provider's own words where ethers wraps them. */
function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const inner = (error as { error?: { message?: unknown } }).error?.message;
  return typeof inner === 'string' ? `${error.message} ${inner}` : error.message;
}

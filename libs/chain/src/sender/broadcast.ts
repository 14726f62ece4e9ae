import { isError } from 'ethers';
import type { Hash } from '@abland/domain';
import { ChainUnavailableError, RelayerTransactionReplacedError, RelayerUnderpricedError } from './errors.js';
import { messageOf, reasonOf } from './reason.js';
import type { StandingTransaction } from './relayer-account.js';
import type { SendingProvider } from './sending-provider.js';

/** Nodes word it as they like: geth, erigon, nethermind, Hardhat, OpenEthereum. */
const KNOWN_ALREADY = /already known|alreadyknown|known transaction|already imported|already exists/i;
const NONCE_USED = /nonce\b.*\b(too low|lower than)|oldnonce|nonce_too_low/i;
const UNDERPRICED =
  /underpriced|less than block base fee|fee ?too ?low|gas price (is )?(too low|below)|maxfeepergas\b.*\btoo low/i;

export interface Broadcast extends Pick<StandingTransaction, 'replaced'> {
  readonly transaction: Pick<
    StandingTransaction['transaction'],
    'relayer' | 'nonce' | 'txHash' | 'rawTransaction'
  >;
}

/**
 * Hands a recorded transaction to the chain; the same bytes as often as needed. One that it replaces may have been mined
 * before it: that is as good.
 * @throws ChainUnavailableError where it is not certain that the chain has it
 * @throws RelayerUnderpricedError where the node wants more for it, or for the place of the one that it replaces
 * @throws RelayerTransactionReplacedError where its nonce was used by one that the log does not know
 */
export async function broadcast(
  provider: Pick<SendingProvider, 'broadcastTransaction' | 'isKnown' | 'isMined'>,
  { transaction, replaced }: Broadcast,
): Promise<void> {
  const { relayer, nonce, txHash, rawTransaction } = transaction;
  try {
    await provider.broadcastTransaction(rawTransaction);
  } catch (error) {
    const said = messageOf(error);
    if (KNOWN_ALREADY.test(said)) return;
    const isKnown = (hash: Hash): Promise<boolean> => asked(hash, provider.isKnown(hash));
    // One that waits only keeps the place of the one that replaces it.
    const isMined = (hash: Hash): Promise<boolean> => asked(hash, provider.isMined(hash));
    if (await isKnown(txHash)) return;
    const isUsed = isError(error, 'NONCE_EXPIRED') || NONCE_USED.test(said);
    const isDone = isUsed ? isKnown : isMined;
    for (const earlier of replaced) if (await isDone(earlier)) return;
    if (isUsed) throw new RelayerTransactionReplacedError(relayer, nonce, txHash);
    if (isError(error, 'REPLACEMENT_UNDERPRICED') || UNDERPRICED.test(said))
      throw new RelayerUnderpricedError(txHash, nonce, reasonOf(error), error);
    throw new ChainUnavailableError(`Not broadcast: ${reasonOf(error)}`, { txHash, nonce }, error);
  }
}

async function asked(txHash: Hash, answer: Promise<boolean>): Promise<boolean> {
  try {
    return await answer;
  } catch (error) {
    throw new ChainUnavailableError(`Not known whether broadcast: ${reasonOf(error)}`, { txHash }, error);
  }
}
